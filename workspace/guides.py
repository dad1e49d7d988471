"""What each role does here, in a few sentences and steps: for first pages and for the tour. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from accounts.roles import OrganisationRole, ParticipantRole, in_a_sentence
from common.wording import joined


class Step(NamedTuple):
    """One step: where to go, what it is for, and the name of its page; `inside` an engagement or beside all."""

    go: str
    what: str
    page: str
    inside: bool = True


@dataclass(frozen=True, slots=True)
class Guide:
    """What a role does, and where; the first step is where to begin."""

    role: ParticipantRole | OrganisationRole
    does: str
    steps: tuple[Step, ...]

    @property
    def title(self) -> str:
        """The heading: "What a campaign manager does here"."""
        name = in_a_sentence(str(self.role.label))
        return f"What {'an' if name[0] in 'aeiou' else 'a'} {name} does here"


GUIDES: dict[ParticipantRole | OrganisationRole, Guide] = {
    guide.role: guide
    for guide in (
        Guide(
            ParticipantRole.CAMPAIGN_MANAGER,
            "You run the campaign for the operator. Every milestone has an owner, a day and proof; a gate is passed only "
            "when nothing before it is open, and you sign it for your side.",
            (
                Step("Look the plan through", "dates and owners of 90 days, until both sides lock them", "milestones:plan"),
                Step("Agree on the brief", "whom to call, when, and the targets that both sides sign", "engagements:brief"),
                Step("Prove the setup", "checks, script, agents and transfer lines before day 10", "milestones:setup"),
                Step("Bring in calls", "the dialer’s own file is read as it is", "kpis:calls"),
                Step("Sign the gates", "what is still open stands there, with who owes it", "milestones:gates"),
            ),
        ),
        Guide(
            ParticipantRole.CLIENT_LEAD,
            "You speak for the client. You agree on the plan and on the campaign brief, approve the script, and sign "
            "each gate for your side; nobody passes one without you.",
            (
                Step("Lock the plan", "read its dates and owners; once both sides lock, they are agreed", "milestones:plan"),
                Step("Sign the brief", "whom the operator calls for you, when, and against which targets", "engagements:brief"),
                Step("See whether it is ready", "what the operator has proved, and what you prove yourself", "milestones:setup"),
                Step("Watch the figures", "the funnel with its weakest stage, each number down to its calls", "kpis:numbers"),
                Step("Take the reports along", "written papers to forward, each with its sources", "reports:deliverables"),
            ),
        ),
        Guide(
            ParticipantRole.SUPERVISOR,
            "You get the agents ready and keep the calls within the rules. Who has not passed all three certifications "
            "may not dial; what went wrong is answered here.",
            (
                Step("Fill the roster", "agents, their dialer codes and their certifications", "engagements:agents"),
                Step("Test what you own", "checks with a result and a proof, each with its day", "milestones:setup"),
                Step("Watch the calling hours", "dials outside the window, by place and day", "kpis:windows"),
                Step("Verify the transfers", "of the first live days: connected, and the closer briefed", "kpis:transfers"),
            ),
        ),
        Guide(
            ParticipantRole.QA_LEAD,
            "You write the script, certify the agents on it, and listen. Calls to review are drawn at random, so that "
            "the sample tells the truth about all of them.",
            (
                Step("Write the script", "draft, the client’s review, then the version in use", "engagements:script"),
                Step("Certify the agents", "delivery, objections, compliance and transfer", "engagements:agents"),
                Step("Review the drawn calls", "with a meter that shows how much of the sample is done", "kpis:qa"),
                Step("Calibrate", "the same call scored by several, and how far they agree", "kpis:qa_rounds"),
            ),
        ),
        Guide(
            ParticipantRole.CLOSER_LEAD,
            "Your people take the transfers. You say what became of them: without that nobody knows whether the calls "
            "bring business.",
            (
                Step("Test the transfer lines", "each line rings where it should, with proof", "milestones:lines"),
                Step("Tell what became of transfers", "by a file, or by a link that your closers open", "kpis:outcomes"),
                Step("Write down what the closers say", "about the leads that reach them", "kpis:closers"),
                Step("Come to the reviews", "the agenda is filled from the figures", "milestones:reviews"),
            ),
        ),
        Guide(
            ParticipantRole.EXECUTIVE,
            "You follow the engagement. Nothing here asks you to type: the overview says where it stands, and each "
            "report begins with a page that is enough by itself.",
            (
                Step("See where it stands", "the 90 days, the next gate, and who is waited on", "workspace:overview"),
                Step("Read the reports", "the newest of each kind, to forward", "reports:deliverables"),
                Step("Get them by mail", "in the evening, and once a week", "reports:evenings"),
            ),
        ),
        Guide(
            OrganisationRole.ADMIN,
            "You look after your organisation: its people, its playbooks, its look. You see every engagement of it and "
            "open new ones; what is signed in them, those sign who take part.",
            (
                Step("Open an engagement", "three lines, and its launch plan is there as PDF", "workspace:new_engagement", False),
                Step("See a sample first", "a running engagement that you can remove again", "workspace:sample", False),
                Step("Invite your people", "and say who administers, leads, or takes part", "accounts:members", False),
                Step("Choose colour and logo", "for your pages and for the papers", "accounts:brand", False),
                Step("Make a playbook your own", "phases, milestones and checks as you work", "milestones:playbooks", False),
            ),
        ),
        Guide(
            OrganisationRole.LEADER,
            "You see every engagement of your organisation and which of them needs you. You open new ones; what is "
            "signed in them, those sign who take part.",
            (
                Step("Look over the portfolio", "what is blocked, and on whom it waits", "workspace:portfolio", False),
                Step("Compare the operators", "launched on time, with the reasons where not", "workspace:operators", False),
                Step("Open an engagement", "three lines, and its launch plan is there as PDF", "workspace:new_engagement", False),
                Step("See a sample first", "a running engagement that you can remove again", "workspace:sample", False),
            ),
        ),
        Guide(
            OrganisationRole.MEMBER,
            "You belong to the organisation and take part in no engagement yet. As soon as somebody names you in one, "
            "what waits for you stands here, one line each.",
            (
                Step("See who is here", "administrators can name you in an engagement", "accounts:members", False),
                Step("Look at your settings", "your name as it stands under signatures, and reminders", "accounts:settings", False),
            ),
        ),
    )
}  # fmt: skip


def stand_in_sentences(held: Iterable[tuple[str, Iterable[str]]]) -> list[str]:
    """For whom somebody stands in, from campaigns with the names: "On Spring windows you stand in for Mara Voss."."""
    places: dict[str, list[str]] = {}
    for campaign, names in held:
        places.setdefault(joined(list(names)), []).append(campaign)
    return [f"On {joined(campaigns)} you stand in for {names}." for names, campaigns in places.items()]


def guide_for(organisation_role: OrganisationRole, held: Iterable[str]) -> Guide:
    """The guide of what a person does most: their first role in engagements, else their role in the organisation."""
    roles = set(held)
    first = next((role for role in GUIDES if isinstance(role, ParticipantRole) and role in roles), None)
    return GUIDES[first or organisation_role]
