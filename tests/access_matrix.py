"""Who gets what, for every address. A new address without a row here fails the tests.

The letters are those of `tests.tenancy.asking.Actor`: c client lead, o campaign manager, a administrator of the
operator, u administrator of a strange organisation, x somebody who has left, n nobody, r read token, v revoked token.
A row lists who is served what is theirs; everybody else gets what the kind of the row says.
"""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """How those are turned away who are not on the list."""

    INSIDE = "below an engagement: strangers find nothing (404), seats without the right are refused (403)"
    OWN = "about one's own organisation or account: refused (403) or nothing found (404)"
    OPEN = "on the way in: anybody may ask"
    API = "the API: 401 for nobody, 403 for a token that may only read"


@dataclass(frozen=True)
class Row:
    """`get` and `post` list who is served; None: there is no such method.

    An address that only takes forms sends whoever opens it to the page of the form, which has a row of its own.
    """

    kind: Kind
    get: str | None = None
    post: str | None = None


def inside(get: str | None = None, post: str | None = None) -> Row:
    return Row(Kind.INSIDE, get, post)


def own(get: str | None = None, post: str | None = None) -> Row:
    return Row(Kind.OWN, get, post)


def api(get: str | None = None, post: str | None = None) -> Row:
    return Row(Kind.API, get, post)


OPEN = Row(Kind.OPEN, "coauxnrv", "coauxnrv")

ROWS: dict[str, Row] = {
    "healthz": OPEN,
    "favicon": OPEN,
    "robots": OPEN,
    "account_login": OPEN,
    "account_logout": OPEN,
    "account_inactive": OPEN,
    "account_signup": OPEN,
    "account_email_verification_sent": OPEN,
    "account_reset_password": OPEN,
    "account_confirm_login_code": OPEN,
    "account_confirm_email": OPEN,
    "account_reset_password_from_key_done": OPEN,
    "account_reset_password_from_key": OPEN,
    "account_reset_password_done": OPEN,
    "account_reauthenticate": OPEN,
    "account_email": OPEN,
    "account_change_password": OPEN,
    "account_set_password": OPEN,
    "accounts:invitation": OPEN,
    "accounts:invitation_accept": OPEN,
    "accounts:invitation_open_account": OPEN,
    # One's own organisation and account
    "accounts:switch": own(post="coau"),
    "accounts:settings": own(get="coaux"),
    "accounts:profile_save": own(post="coau"),
    "accounts:reminders_switch": own(post="coau"),
    "accounts:members": own(get="coau"),
    "accounts:invite": own(post="au"),
    "accounts:member_role": own(post="a"),
    "accounts:member_end": own(post="a"),
    "accounts:invitation_revoke": own(post="a"),
    "milestones:playbooks": own(get="coau"),
    "milestones:playbook_copy": own(post="au"),
    "milestones:playbook_shipped": own(get="coau"),
    "milestones:playbook": own(get="oa"),
    "milestones:playbook_changes": own(get="oa"),
    "milestones:playbook_draft": own(post="a"),
    "milestones:playbook_publish": own(post="a"),
    "milestones:playbook_retire": own(post="a"),
    "milestones:playbook_discard": own(post="a"),
    "milestones:playbook_about": own(get="a"),
    "milestones:playbook_about_save": own(post="a"),
    "milestones:playbook_text": own(get="a"),
    "milestones:playbook_text_save": own(post="a"),
    "milestones:playbook_entry": own(get="a"),
    "milestones:playbook_entry_save": own(post="a"),
    "milestones:playbook_entry_remove": own(post="a"),
    "accounts:trail": own(get="au"),
    "accounts:tokens": own(get="coau"),
    "accounts:token_create": own(post="coau"),
    "accounts:token_revoke": own(post="c"),
    "workspace:my_work": own(get="coaux"),
    "workspace:portfolio": own(get="coaux"),
    "workspace:operators": own(get="coaux"),
    "workspace:new_engagement": own(get="au"),
    "workspace:open_engagement": own(post="au"),
    # Below an engagement
    "workspace:overview": inside(get="coa"),
    "engagements:brief": inside(get="coa"),
    "engagements:brief_version": inside(get="coa"),
    "engagements:brief_edit": inside(get="co"),
    "engagements:brief_save": inside(post="co"),
    "engagements:brief_sign": inside(post="co"),
    "engagements:brief_compare": inside(get="coa"),
    "engagements:brief_propose": inside(post="co"),
    "engagements:brief_discard": inside(post="co"),
    "engagements:team": inside(get="coa"),
    "engagements:team_add": inside(post="coa"),
    "engagements:team_end": inside(post="coa"),
    "engagements:team_invite": inside(post="coa"),
    "engagements:team_substitute": inside(post="coa"),
    "engagements:agents_mask": inside(post="oa"),
    "engagements:comments": inside(get="coa"),
    "engagements:comment_say": inside(post="coa"),
    "engagements:comment_withdraw": inside(post="coa"),
    "engagements:comment_read": inside(post="coa"),
    "engagements:trail": inside(get="coa"),
    "engagements:agents": inside(get="coa"),
    "engagements:agent_add": inside(post="o"),
    "engagements:agent_list": inside(post="o"),
    "engagements:agent": inside(get="coa"),
    "engagements:agent_rename": inside(post="o"),
    "engagements:agent_code": inside(post="o"),
    "engagements:agent_end": inside(post="o"),
    "engagements:agent_certify": inside(post="co"),
    "engagements:script": inside(get="coa"),
    "engagements:script_edit": inside(get="o"),
    "engagements:script_save": inside(post="o"),
    "engagements:script_version": inside(get="coa"),
    "engagements:script_send": inside(post="o"),
    "engagements:script_return": inside(post="c"),
    "engagements:script_approve": inside(post="c"),
    "engagements:script_use": inside(post="o"),
    "engagements:script_file": inside(get="coa"),
    "milestones:plan": inside(get="coa"),
    "milestones:plan_create": inside(post="co"),
    "milestones:plan_owners": inside(post="co"),
    "milestones:plan_lock": inside(post="co"),
    "milestones:work_change": inside(post="co"),
    "milestones:launch_move": inside(post="co"),
    "milestones:milestone": inside(get="coa"),
    "milestones:milestone_complete": inside(post="co"),
    "milestones:milestone_change": inside(post="co"),
    "milestones:milestone_reopen": inside(post="co"),
    "milestones:dates": inside(get="coa"),
    "milestones:date_propose": inside(post="co"),
    "milestones:date_accept": inside(post="co"),
    "milestones:date_decline": inside(post="co"),
    "milestones:date_withdraw": inside(post="co"),
    "milestones:setup": inside(get="coa"),
    "milestones:check": inside(get="coa"),
    "milestones:check_record": inside(post="co"),
    "milestones:lines": inside(get="coa"),
    "milestones:line_add": inside(post="co"),
    "milestones:line": inside(get="coa"),
    "milestones:line_test": inside(post="co"),
    "milestones:line_retire": inside(post="co"),
    "milestones:leads": inside(get="coa"),
    "milestones:lead_log": inside(post="co"),
    "milestones:gates": inside(get="coa"),
    "milestones:gate": inside(get="coa"),
    "milestones:gate_sign": inside(post="co"),
    "milestones:gate_certificate": inside(get="coa"),
    "milestones:gate_hold": inside(post="co"),
    "milestones:gate_release": inside(post="co"),
    "milestones:gate_decline": inside(post="co"),
    "milestones:gate_take_back": inside(post="co"),
    "milestones:gate_send_back": inside(post="co"),
    "milestones:gate_ask": inside(post="co"),
    "milestones:gate_found": inside(post="co"),
    "milestones:gate_settle": inside(post="co"),
    "milestones:evidence_file": inside(get="coa"),
    "milestones:reviews": inside(get="coa"),
    "milestones:review": inside(get="coa"),
    "milestones:review_calendar": inside(get="coa"),
    "milestones:review_schedule": inside(post="co"),
    "milestones:review_cancel": inside(post="co"),
    "milestones:review_point": inside(post="co"),
    "milestones:review_minutes": inside(post="co"),
    "milestones:review_decision": inside(post="co"),
    "milestones:review_action": inside(post="co"),
    "milestones:review_strike": inside(post="co"),
    "milestones:review_close": inside(post="co"),
    "milestones:review_addendum": inside(post="co"),
    "milestones:action_done": inside(post="co"),
    "milestones:action_drop": inside(post="co"),
    "kpis:windows": inside(get="coa"),
    "kpis:windows_answer": inside(post="o"),
    "kpis:windows_csv": inside(get="coa"),
    "kpis:window_rules": inside(get="coa"),
    "kpis:window_leave_out": inside(post="co"),
    "kpis:window_rule": inside(get="coa"),
    "kpis:window_rule_change": inside(post="co"),
    "kpis:window_rule_restore": inside(post="co"),
    "kpis:calls": inside(get="coa"),
    "kpis:calls_upload": inside(post="o"),
    "kpis:code": inside(post="o"),
    "kpis:import": inside(get="coa"),
    "kpis:import_state": inside(get="coa"),
    "kpis:import_start": inside(post="o"),
    "kpis:import_remove": inside(post="o"),
    "kpis:import_rejected": inside(get="o"),
    "kpis:numbers": inside(get="coa"),
    "kpis:rows": inside(get="coa"),
    "kpis:freeze_baseline": inside(post="o"),
    "kpis:review_targets": inside(post="co"),
    "kpis:breaches": inside(get="coa"),
    "kpis:breaches_answer": inside(post="o"),
    "kpis:breaches_settle": inside(post="c"),
    "kpis:breach": inside(get="coa"),
    "kpis:findings": inside(get="coa"),
    "kpis:finding": inside(get="coa"),
    "kpis:open_finding": inside(post="co"),
    "kpis:optimisation": inside(get="coa"),
    "kpis:propose_plan": inside(post="co"),
    "kpis:agree_plan": inside(post="co"),
    "kpis:plan_verdict": inside(post="co"),
    "kpis:propose_scaling": inside(post="co"),
    "kpis:answer_scaling": inside(post="co"),
    "kpis:forward": inside(get="coa"),
    "kpis:save_forward": inside(post="co"),
    "kpis:agree_forward": inside(post="co"),
    "kpis:closers": inside(get="coa"),
    "kpis:hear_closers": inside(post="c"),
    "kpis:answer_finding": inside(post="co"),
    "kpis:restate_cause": inside(post="co"),
    "kpis:finding_evidence": inside(post="co"),
    "kpis:finding_file": inside(get="coa"),
    "kpis:check_effect": inside(post="co"),
    "kpis:reopen_finding": inside(post="co"),
    "kpis:confirm_finding": inside(post="co"),
    "kpis:add_fix": inside(post="co"),
    "kpis:fix_done": inside(post="co"),
    "reports:deliverables": inside(get="coa"),
    "reports:build": inside(post="co"),
    "reports:check": inside(post="coa"),
    "reports:deliverable": inside(get="coa"),
    "reports:progress": inside(get="coa"),
    "reports:again": inside(post="co"),
    "reports:download": inside(get="coa"),
    "reports:inline": inside(get="coa"),
    # The API
    "api:gates": api(get="coar"),
    "api:gate": api(get="coar"),
    "api:gate_sign_off": api(post="co"),
    "api:gate_hold": api(post="co"),
    "api:gate_release": api(post="co"),
    "api:gate_decline": api(post="co"),
    "api:gate_take_back": api(post="co"),
    "api:gate_send_back": api(post="co"),
    "api:gate_ask": api(post="co"),
}
