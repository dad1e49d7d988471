"""Pages on calls and numbers."""
