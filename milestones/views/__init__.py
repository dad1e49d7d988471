"""Pages of plans, checks and gates."""
