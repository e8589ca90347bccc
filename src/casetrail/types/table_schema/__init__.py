"""The types of Table Schema: one module each, named like the type.

A type more is a module `colour.py` here with the class `ColourType`: it is then read, checked, typed,
exported and described. Its samples for the tests are in `tests/field_samples.py`, its mistake in the folder
`tests/mistakes/type-colour`.
"""
