"""What reports there are, and what a figure says against its target."""

from enum import StrEnum

from django.db.models import TextChoices


class Kind(TextChoices):
    """The written reports; the values are those of the command line and of the URLs."""

    LAUNCH_PLAN = "launch-plan", "Launch plan"
    BRIEF = "brief", "Campaign brief"
    ROSTER = "roster", "Cleared roster"
    DAY_10 = "day-10", "Day-10 launch clearance"
    DAY_14 = "day-14", "Day-14 review"
    DAY_30 = "day-30", "Day-30 baseline"
    DAY_45 = "day-45", "Day-45 checkpoint"
    DAY_60 = "day-60", "Day-60 optimisation"
    DAY_90 = "day-90", "Day-90 summary and forward plan"
    CERTIFICATE = "certificate", "Certificate of the gates passed"
    DAILY = "end-of-day", "End-of-day report"
    WEEKLY = "weekly-trend", "Weekly trend summary"


# Made by themselves in the evening, one for each day or week.
PERIODIC = frozenset({Kind.DAILY, Kind.WEEKLY})


class Verdict(StrEnum):
    """What a figure says against its target."""

    MET = "met"
    MISSED = "missed"
    TOO_FEW = "too-few"
    NO_DATA = "no-data"
    NO_TARGET = "no-target"
