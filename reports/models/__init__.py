"""What is handed over, to whom, and who has read it."""

from reports.snapshots import Kind

from .deliverables import Deliverable
from .evenings import Cadence, ReportMail, ReportReading, ReportSubscription

__all__ = ["Cadence", "Deliverable", "Kind", "ReportMail", "ReportReading", "ReportSubscription"]
