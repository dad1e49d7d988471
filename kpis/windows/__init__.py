"""Calling windows: when somebody may be called, where they are, and what follows for each imported call.

The rules are data (`rules/*.yaml`), each with its source; nothing here is legal advice. Pure: no ORM and no clock.
"""
