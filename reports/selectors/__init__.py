"""What reports read: the facts of every app, and the deliverables that there are."""
