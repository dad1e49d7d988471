"""RingCentral's call log.

Seen: the API's fields and a few of their values in the official documentation. Assumed: the page's CSV header
(Direction, Type, Phone Number, …), its `Mon 05/06/2024`, `9:05 AM` and `0:01:23`, and what its results are called.
"""

from engagements.outcomes import Outcome

from .base import Preset, codes

RINGCENTRAL = Preset(
    name="ringcentral",
    label="RingCentral call log",
    help="The page's call log as CSV. Assumed: its header and words; date and time stand in two columns.",
    signature=frozenset({"direction", "phone_number", "date", "time", "action_result", "duration"}),
    columns={
        "called_at": ("date",),
        "called_time": ("time",),
        "code": ("action_result",),
        "direction": ("direction",),
        "phone": ("phone_number", "to"),
        "agent": ("extension", "name"),
        "agent_name": ("name",),
        "duration": ("duration",),
        "recording": ("recording",),
    },
    outcomes=codes(
        {
            Outcome.NO_ANSWER: "No Answer; Missed; Hang Up; Hang up",
            Outcome.BUSY: "Busy",
            Outcome.MACHINE: "Voicemail",
            Outcome.WRONG_NUMBER: "Wrong Number",
            Outcome.FAILED: "Call Failed; Call Failure; IP Phone Offline; Internal Error; Restricted Number; Stopped; "
            "No Calling Credit; Not Allowed; Rejected; Declined; Blocked",
            Outcome.OTHER: "Accepted; Call connected; Answered; Unknown",
        },
        divided_by=";",
    ),
    key=("called_at", "phone", "agent"),
    tells_contact=False,
)
