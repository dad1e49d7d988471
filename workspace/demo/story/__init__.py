"""The demo's engagements, played through the same services as real use, day by day on a moved clock."""

from .whole import Story

__all__ = ["Story"]
