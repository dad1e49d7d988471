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
RIDGEWAY = "Ridgeway Outreach"
HARBOUR = "Harbour Home Windows"
BRIGHTWELL = "Brightwell Energy"
LAKESIDE = "Lakeside Home Security"

MARA = Person("Mara Voss", "mara@northline.example", NORTHLINE, OrganisationRole.ADMIN, "campaign manager")
SAM = Person("Sam Okafor", "sam@northline.example", NORTHLINE, OrganisationRole.MEMBER, "supervisor")
QUINN = Person("Quinn Adler", "quinn@northline.example", NORTHLINE, OrganisationRole.MEMBER, "QA lead")
NORA = Person("Nora Haddad", "nora@ridgeway.example", RIDGEWAY, OrganisationRole.ADMIN, "campaign manager")
OWEN = Person("Owen Tully", "owen@ridgeway.example", RIDGEWAY, OrganisationRole.MEMBER, "supervisor")
TESSA = Person("Tessa Lindholm", "tessa@ridgeway.example", RIDGEWAY, OrganisationRole.MEMBER, "QA lead")
CLARA = Person("Clara Lind", "clara@harbour.example", HARBOUR, OrganisationRole.ADMIN, "client lead")
CALEB = Person("Caleb Ross", "caleb@harbour.example", HARBOUR, OrganisationRole.MEMBER, "closer lead")
LENA = Person("Lena Hart", "lena@harbour.example", HARBOUR, OrganisationRole.LEADER, "ops leader")
BEN = Person("Ben Achterberg", "ben@brightwell.example", BRIGHTWELL, OrganisationRole.ADMIN, "client lead")
JOYCE = Person(
    "Joyce Lamptey", "joyce@brightwell.example", BRIGHTWELL, OrganisationRole.MEMBER, "closer lead"
)
HELEN = Person("Helen Sorensen", "helen@lakeside.example", LAKESIDE, OrganisationRole.ADMIN, "client lead")
VICTOR = Person("Victor Amadi", "victor@lakeside.example", LAKESIDE, OrganisationRole.MEMBER, "closer lead")
PEOPLE = (MARA, SAM, QUINN, NORA, OWEN, TESSA, CLARA, CALEB, LENA, BEN, JOYCE, HELEN, VICTOR)

NORTHLINE_TEAM = {
    ParticipantRole.CAMPAIGN_MANAGER: MARA,
    ParticipantRole.SUPERVISOR: SAM,
    ParticipantRole.QA_LEAD: QUINN,
}
RIDGEWAY_TEAM = {
    ParticipantRole.CAMPAIGN_MANAGER: NORA,
    ParticipantRole.SUPERVISOR: OWEN,
    ParticipantRole.QA_LEAD: TESSA,
}
HARBOUR_TEAM = {
    ParticipantRole.CLIENT_LEAD: CLARA,
    ParticipantRole.CLOSER_LEAD: CALEB,
    ParticipantRole.EXECUTIVE: LENA,
}
BRIGHTWELL_TEAM = {ParticipantRole.CLIENT_LEAD: BEN, ParticipantRole.CLOSER_LEAD: JOYCE}
LAKESIDE_TEAM = {ParticipantRole.CLIENT_LEAD: HELEN, ParticipantRole.CLOSER_LEAD: VICTOR}
SIDE_OF = {
    NORTHLINE: Side.OPERATOR,
    RIDGEWAY: Side.OPERATOR,
    HARBOUR: Side.CLIENT,
    BRIGHTWELL: Side.CLIENT,
    LAKESIDE: Side.CLIENT,
}
