"""The pages of the deliverables, and of those that come by themselves in the evening."""

from .papers import again, build, check, deliverable, deliverables, download, inline, progress, set_paper
from .periodic import evenings, set_hour, subscribe, unsubscribe

__all__ = [
    "again",
    "build",
    "check",
    "deliverable",
    "deliverables",
    "download",
    "evenings",
    "inline",
    "progress",
    "set_hour",
    "set_paper",
    "subscribe",
    "unsubscribe",
]
