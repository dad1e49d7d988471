"""Writes: the baseline, the findings and their fixes."""
