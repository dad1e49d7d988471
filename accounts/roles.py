"""Who may do what: one enum of permissions, and two tables that a manager can read."""

from enum import StrEnum

from django.db import models

from common.wording import joined


class Side(models.TextChoices):
    CLIENT = "client", "Client"
    OPERATOR = "operator", "Operator"

    @property
    def other(self) -> "Side":
        return Side.OPERATOR if self is Side.CLIENT else Side.CLIENT


def in_a_sentence(label: str) -> str:
    """A role's label within a sentence: "campaign manager", but "QA lead"."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


class OrganisationRole(models.TextChoices):
    ADMIN = "admin", "Administrator"
    LEADER = "leader", "Leader"
    MEMBER = "member", "Member"


class ParticipantRole(models.TextChoices):
    CLIENT_LEAD = "client_lead", "Client lead"
    CLOSER_LEAD = "closer_lead", "Closer lead"
    CAMPAIGN_MANAGER = "campaign_manager", "Campaign manager"
    SUPERVISOR = "supervisor", "Supervisor"
    QA_LEAD = "qa_lead", "QA lead"
    EXECUTIVE = "executive", "Executive"


class Permission(StrEnum):
    """What a seat may do. The value is the phrase that follows "may not …" in a refusal."""

    # in an organisation
    MANAGE_MEMBERS = "manage the members of the organisation"
    CREATE_ENGAGEMENT = "create an engagement"
    EDIT_BRAND = "change the organisation's colour and logo"
    EDIT_PLAYBOOKS = "change the organisation's playbooks"
    # in an engagement
    VIEW = "see the engagement"
    MANAGE_TEAM = "change the team"
    EDIT_PLAN = "change the plan"
    LOCK_PLAN = "lock the plan for their side"
    EDIT_BRIEF = "change the campaign brief"
    SIGN_BRIEF = "sign the campaign brief"
    COMPLETE_MILESTONE = "complete milestones"
    RECORD_CHECK = "record readiness checks"
    IMPORT_CALLS = "import calls"
    OPEN_FINDING = "open findings and bring evidence for them"
    ANSWER_FINDING = "answer findings"
    PLAN_NEXT = "propose and agree what comes next for their side"
    TELL_CLOSERS = "write down what the closers say"
    TELL_OUTCOMES = "bring in what became of transfers"
    FREEZE_BASELINE = "freeze the baseline"
    SET_PRICES = "set unit prices"
    MANAGE_ROSTER = "change the roster of agents"
    CERTIFY = "certify agents"
    WRITE_SCRIPT = "write the script"
    APPROVE_SCRIPT = "approve the script"
    ANSWER_BREACH = "answer breaches"
    SETTLE_BREACH = "accept the answer to a breach"
    LEAD_QA = "draw samples of calls and write scorecards"
    REVIEW_CALLS = "review calls"
    CALIBRATE = "score calls in a calibration"
    VERIFY_TRANSFER = "verify transfers"
    SET_WINDOWS = "change the calling-window rules"
    BUILD_DELIVERABLE = "make deliverables"
    SIGN_GATE = "sign gates"
    TAKE_PART = "take part in reviews"
    HOLD_REVIEW = "hold reviews"
    MASK_AGENTS = "mask the names of agents"


# Which sides and participant roles have which permission in an engagement. Everybody in it may see it.
BY_PARTICIPANT_ROLE: dict[ParticipantRole, frozenset[Permission]] = {
    ParticipantRole.CLIENT_LEAD: frozenset(
        {
            Permission.MANAGE_TEAM,
            Permission.EDIT_PLAN,
            Permission.LOCK_PLAN,
            Permission.EDIT_BRIEF,
            Permission.SIGN_BRIEF,
            Permission.COMPLETE_MILESTONE,
            Permission.RECORD_CHECK,
            Permission.OPEN_FINDING,
            Permission.ANSWER_FINDING,
            Permission.PLAN_NEXT,
            Permission.TELL_CLOSERS,
            Permission.TELL_OUTCOMES,
            Permission.BUILD_DELIVERABLE,
            Permission.CERTIFY,
            Permission.APPROVE_SCRIPT,
            Permission.SETTLE_BREACH,
            Permission.SET_WINDOWS,
            Permission.SIGN_GATE,
            Permission.TAKE_PART,
            Permission.HOLD_REVIEW,
            Permission.CALIBRATE,
        }
    ),
    ParticipantRole.CLOSER_LEAD: frozenset(
        {
            Permission.COMPLETE_MILESTONE,
            Permission.RECORD_CHECK,
            Permission.CERTIFY,
            Permission.OPEN_FINDING,
            Permission.TELL_CLOSERS,
            Permission.TELL_OUTCOMES,
            Permission.TAKE_PART,
            Permission.CALIBRATE,
            Permission.VERIFY_TRANSFER,
        }
    ),
    ParticipantRole.CAMPAIGN_MANAGER: frozenset(
        {
            Permission.MANAGE_TEAM,
            Permission.EDIT_PLAN,
            Permission.LOCK_PLAN,
            Permission.EDIT_BRIEF,
            Permission.SIGN_BRIEF,
            Permission.COMPLETE_MILESTONE,
            Permission.RECORD_CHECK,
            Permission.IMPORT_CALLS,
            Permission.TELL_OUTCOMES,
            Permission.OPEN_FINDING,
            Permission.ANSWER_FINDING,
            Permission.PLAN_NEXT,
            Permission.FREEZE_BASELINE,
            Permission.SET_PRICES,
            Permission.BUILD_DELIVERABLE,
            Permission.MANAGE_ROSTER,
            Permission.CERTIFY,
            Permission.WRITE_SCRIPT,
            Permission.ANSWER_BREACH,
            Permission.SET_WINDOWS,
            Permission.SIGN_GATE,
            Permission.TAKE_PART,
            Permission.HOLD_REVIEW,
            Permission.MASK_AGENTS,
            Permission.LEAD_QA,
            Permission.VERIFY_TRANSFER,
        }
    ),
    ParticipantRole.SUPERVISOR: frozenset(
        {
            Permission.COMPLETE_MILESTONE,
            Permission.RECORD_CHECK,
            Permission.MANAGE_ROSTER,
            Permission.CERTIFY,
            Permission.ANSWER_BREACH,
            Permission.IMPORT_CALLS,
            Permission.TELL_OUTCOMES,
            Permission.OPEN_FINDING,
            Permission.TAKE_PART,
            Permission.LEAD_QA,
            Permission.REVIEW_CALLS,
            Permission.CALIBRATE,
            Permission.VERIFY_TRANSFER,
        }
    ),
    ParticipantRole.QA_LEAD: frozenset(
        {
            Permission.COMPLETE_MILESTONE,
            Permission.RECORD_CHECK,
            Permission.CERTIFY,
            Permission.WRITE_SCRIPT,
            Permission.IMPORT_CALLS,
            Permission.TELL_OUTCOMES,
            Permission.OPEN_FINDING,
            Permission.TAKE_PART,
            Permission.LEAD_QA,
            Permission.REVIEW_CALLS,
            Permission.CALIBRATE,
            Permission.VERIFY_TRANSFER,
        }
    ),
    ParticipantRole.EXECUTIVE: frozenset({Permission.TAKE_PART}),
}

# Who leads a side and signs for it.
SIGNING_ROLES = tuple(role for role, may in BY_PARTICIPANT_ROLE.items() if Permission.SIGN_GATE in may)

# What the role in the organisation adds. Leaders see every engagement of theirs; they do not sign by that.
BY_ORGANISATION_ROLE: dict[OrganisationRole, frozenset[Permission]] = {
    OrganisationRole.ADMIN: frozenset(
        {
            Permission.MANAGE_MEMBERS,
            Permission.CREATE_ENGAGEMENT,
            Permission.EDIT_BRAND,
            Permission.EDIT_PLAYBOOKS,
            Permission.MANAGE_TEAM,
            Permission.MASK_AGENTS,
        }
    ),
    OrganisationRole.LEADER: frozenset({Permission.CREATE_ENGAGEMENT, Permission.EDIT_PLAYBOOKS}),
    OrganisationRole.MEMBER: frozenset(),
}


def is_for(permission: Permission) -> str:
    """Whose a permission is in an engagement, in a sentence: "That is for the client lead." """
    held = [in_a_sentence(str(role.label)) for role, may in BY_PARTICIPANT_ROLE.items() if permission in may]
    held += [
        in_a_sentence(str(role.label)) for role, may in BY_ORGANISATION_ROLE.items() if permission in may
    ]
    return f"That is for the {joined(held, 'or the')}." if held else ""


SIDE_OF_ROLE: dict[ParticipantRole, tuple[Side, ...]] = {
    ParticipantRole.CLIENT_LEAD: (Side.CLIENT,),
    ParticipantRole.CLOSER_LEAD: (Side.CLIENT,),
    ParticipantRole.CAMPAIGN_MANAGER: (Side.OPERATOR,),
    ParticipantRole.SUPERVISOR: (Side.OPERATOR,),
    ParticipantRole.QA_LEAD: (Side.OPERATOR,),
    ParticipantRole.EXECUTIVE: (Side.CLIENT, Side.OPERATOR),
}


def permissions(
    organisation_role: OrganisationRole, participant_roles: frozenset[ParticipantRole]
) -> frozenset[Permission]:
    """Everything that a person with these roles may do in an engagement that they can see."""
    granted = {Permission.VIEW} | BY_ORGANISATION_ROLE[organisation_role]
    for role in participant_roles:
        granted |= BY_PARTICIPANT_ROLE[role]
    return frozenset(granted)
