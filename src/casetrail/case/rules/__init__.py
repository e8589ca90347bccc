"""Rules across tables: what no single row can tell."""
