"""Signals, not noise: what has really shifted, who really stands apart, and what moved the cost. Pure methods only."""
