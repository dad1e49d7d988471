"""What is fast and how that is known: each module sets itself up, measures and ends in one JSON line."""
