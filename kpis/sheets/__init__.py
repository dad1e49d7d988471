"""Files that are no call logs: what kind one is, and what its rows say. Pure."""
