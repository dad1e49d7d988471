"""Forms of the pages on calls and numbers."""
