"""Benchmarks: what is measured, against whom, in one run (`python -m benchmarks`)."""
