"""What stands between a plan and its lock, a milestone and its completion, a gate and its signatures.

Pure: frozen facts in, conditions and blockers in the reader's words out; no models, no clock, no settings.
"""
