"""Values: the exact reading of one cell, a module per Table Schema type, and what proves whole columns."""
