"""Field types: what a value of each type of Table Schema is ("Field Types"); see `registry`."""
