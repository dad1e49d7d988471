"""Salesforce tasks of the kind call, from a query or from a report.

Seen: the field names of a query. Assumed: the report's headers and its footer. CreatedDate is when the task was logged,
ActivityDate and a report's Date are days without an hour. CallDisposition is free text: only a few usual words have a
meaning from the start.
"""

from engagements.outcomes import Outcome

from .base import Preset, codes

SALESFORCE = Preset(
    name="salesforce",
    label="Salesforce tasks (query)",
    help="Tasks with Salesforce's field names, times in UTC. CreatedDate is when the call was logged.",
    signature=frozenset({"id", "calldisposition", "createddate", "calldurationinseconds"}),
    columns={
        "call_id": ("id",),
        "called_at": ("createddate",),
        "code": ("calldisposition",),
        "direction": ("calltype",),
        "lead_ref": ("whoid", "whatid"),
        "agent": ("ownerid",),
        "duration": ("calldurationinseconds",),
        "recording": ("recordingurl", "callobject"),
    },
    outcomes=codes(
        {
            Outcome.NO_ANSWER: "No Answer; no-answer",
            Outcome.BUSY: "Busy",
            Outcome.MACHINE: "Left Voicemail; Voicemail; Answering Machine",
            Outcome.WRONG_NUMBER: "Wrong Number",
            Outcome.NOT_INTERESTED: "Not Interested",
            Outcome.CALLBACK: "Call Back; Callback",
            Outcome.OTHER: "No result",
        },
        divided_by=";",
    ),
    key=("call_id",),
    zone="UTC",
    tells_contact=False,
    blank_code="No result",
)

REPORT = SALESFORCE.like(
    name="salesforce-report",
    label="Salesforce task report",
    help="A report on tasks. Assumed: its headers. It knows days and no hours; identical rows are different calls.",
    signature=frozenset({"subject", "assigned", "date", "call_result"}),
    columns={
        "call_id": ("activity_id", "task_id"),
        "called_at": ("date",),
        "code": ("call_result",),
        "direction": ("call_type",),
        "lead_ref": ("lead", "contact"),
        "agent": ("assigned",),
        "duration": ("call_duration",),
        "lead_source": ("lead_source",),
    },
    key=(),
    zone=None,
)
