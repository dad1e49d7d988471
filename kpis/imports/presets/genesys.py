"""Genesys Cloud's interactions.

Seen: the interactions view's CSV in a parser's test and in two descriptions: `Full Export Completed` YES or NO, `Date`
as `6/23/25 07:00 AM` (by the user's locale), `Duration` in milliseconds, users, queues and wrap-ups divided by
semicolons, `tel:` and `sip:` numbers. Columns are chosen by the user, and headers follow their language: another
language goes through the mapper. Several rows with one Conversation ID are its parts. Assumed: a conversation that is
`Inbound/Outbound` began as inbound; a line without wrap-up was never closed by an agent.
"""

from engagements.outcomes import Outcome

from .base import IN, Preset, Unit, codes

GENESYS = Preset(
    name="genesys",
    label="Genesys Cloud interactions",
    help="The interactions view, as CSV with Conversation ID. Assumed: its times are in your own Genesys zone.",
    signature=frozenset({"full_export_completed", "date", "duration", "direction", "conversation_id"}),
    columns={
        "call_id": ("conversation_id",),
        "called_at": ("date",),
        "code": ("wrap-up",),
        "direction": ("direction", "initial_direction"),
        "media": ("media_type",),
        "phone": ("dnis", "remote"),
        "agent": ("users",),
        "duration": ("duration",),
        "talk": ("total_talk",),
        "wrap": ("total_acw",),
        "lead_source": ("external_tag",),
        "campaign": ("queue",),
    },
    outcomes=codes({Outcome.OTHER: "No wrap-up; Default Wrap-up Code; ININ-WRAP-UP-TIMEOUT"}, divided_by=";"),
    key=("call_id",),
    legs=True,
    unit=Unit.MILLISECONDS,
    tells_contact=False,
    blank_code="No wrap-up",
    several={"code": ";", "agent": ";", "campaign": ";"},
    complete="full_export_completed",
    directions={"inbound/outbound": IN},
    media=frozenset({"voice", "call", "callback"}),
)
