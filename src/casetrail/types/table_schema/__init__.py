"""The types of Table Schema: one module each, named like the type."""
