"""Views: the case as people ask for it, made from a `Case`."""
