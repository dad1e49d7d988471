"""The people of the demo. Their accounts and this password come into being nowhere else (see demo_data)."""

from dataclasses import dataclass

from accounts.roles import OrganisationRole, ParticipantRole, Side

DEMO_PASSWORD = "tollgate-demo-2026"  # noqa: S105  (a demo account's, on loopback only)


@dataclass(frozen=True)
class Person:
    """Somebody of the demo; the first of each organisation founds and administers it."""

    name: str
    email: str
    organisation: str
    role: OrganisationRole
    what: str


NORTHLINE = "Northline Calling"
HARBOUR = "Harbour Home Windows"
BRIGHTWELL = "Brightwell Energy"

MARA = Person("Mara Voss", "mara@northline.example", NORTHLINE, OrganisationRole.ADMIN, "campaign manager")
SAM = Person("Sam Okafor", "sam@northline.example", NORTHLINE, OrganisationRole.MEMBER, "supervisor")
QUINN = Person("Quinn Adler", "quinn@northline.example", NORTHLINE, OrganisationRole.MEMBER, "QA lead")
CLARA = Person("Clara Lind", "clara@harbour.example", HARBOUR, OrganisationRole.ADMIN, "client lead")
CALEB = Person("Caleb Ross", "caleb@harbour.example", HARBOUR, OrganisationRole.MEMBER, "closer lead")
LENA = Person("Lena Hart", "lena@harbour.example", HARBOUR, OrganisationRole.LEADER, "ops leader")
BEN = Person("Ben Achterberg", "ben@brightwell.example", BRIGHTWELL, OrganisationRole.ADMIN, "client lead")
PEOPLE = (MARA, SAM, QUINN, CLARA, CALEB, LENA, BEN)

OPERATOR_TEAM = {
    ParticipantRole.CAMPAIGN_MANAGER: MARA,
    ParticipantRole.SUPERVISOR: SAM,
    ParticipantRole.QA_LEAD: QUINN,
}
HARBOUR_TEAM = {
    ParticipantRole.CLIENT_LEAD: CLARA,
    ParticipantRole.CLOSER_LEAD: CALEB,
    ParticipantRole.EXECUTIVE: LENA,
}
BRIGHTWELL_TEAM = {ParticipantRole.CLIENT_LEAD: BEN, ParticipantRole.CLOSER_LEAD: BEN}
SIDE_OF = {NORTHLINE: Side.OPERATOR, HARBOUR: Side.CLIENT, BRIGHTWELL: Side.CLIENT}
