"""The others, each with the same checks on the same package, each run as a process of its own."""
