"""Writing and signing a brief, on the real database as the plain role."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import time

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import TrailEntry, User
from common import clock
from common.errors import Refused
from common.hashing import content_hash
from engagements import selectors, services
from engagements.models import CampaignBrief, Engagement
from engagements.rules import BriefContent
from engagements.terms import STANDARD_METRICS, TERMS, MetricContract
from tests.briefs import whole_brief
from tests.factories import Cast
from tests.stage import backstage

Enter = Callable[[User], AbstractContextManager[object]]
WHOLE = whole_brief()
# Of a brief whose terms are all texts, as it was hashed before there were rows.
OLD_HASH = "f19a327e180d304e3b6d34127bea3a82eb1dbfa7a36ffb4711046bb90aae708b"
OTHER = BriefContent({**WHOLE.terms, "geography": "Texas"}, WHOLE.metrics)


def save(cast: Cast, user: User, content: BriefContent = WHOLE, seen: str = "") -> CampaignBrief:
    return services.save_brief(engagement=cast.engagement, by=cast.seat(user), content=content, seen=seen)


def sign(cast: Cast, user: User, brief: CampaignBrief, seen: str = "") -> CampaignBrief:
    return services.sign_brief(
        engagement=cast.engagement, by=cast.seat(user), version=brief.version, seen=seen or brief.content_hash
    )


def test_both_signatures_put_a_version_in_force(cast: Cast, entered: Enter) -> None:
    with entered(cast.campaign_manager):
        brief = sign(cast, cast.campaign_manager, save(cast, cast.campaign_manager))
        assert selectors.brief_in_force(cast.engagement) is None
    with entered(cast.client_lead):
        brief = sign(cast, cast.client_lead, brief)
        assert brief.signed_at is not None
        assert selectors.brief_in_force(cast.engagement) == brief
        kept = selectors.signed_by(brief)
        assert {side: signature.name for side, signature in kept.items()} == {
            "client": "Clara Lind",
            "operator": "Mara Voss",
        }
        assert {signature.content_hash for signature in kept.values()} == {brief.content_hash}
        actions = [entry.action for entry in TrailEntry.objects.order_by("sequence")]
        assert actions == ["brief.saved", "brief.signed", "brief.signed", "brief.in_force"]
        cast.engagement.refresh_from_db()
        assert cast.engagement.report_at == time(20, 30), "people are called until 20:00"


def test_the_evening_that_somebody_chose_stays_when_the_hours_change(cast: Cast, entered: Enter) -> None:
    with backstage():
        Engagement.objects.filter(pk=cast.engagement.pk).update(report_at=time(17))
    with entered(cast.campaign_manager):
        brief = sign(cast, cast.campaign_manager, save(cast, cast.campaign_manager))
    with entered(cast.client_lead):
        sign(cast, cast.client_lead, brief)
        assert Engagement.objects.get(pk=cast.engagement.pk).report_at == time(17)


def test_an_unsigned_draft_is_written_over_and_keeps_its_number(cast: Cast, entered: Enter) -> None:
    with entered(cast.client_lead):
        first = save(cast, cast.client_lead)
        second = save(cast, cast.client_lead, OTHER, seen=first.content_hash)
        assert (second.pk, second.version) == (first.pk, 1)
        assert second.content_hash != first.content_hash
        assert (
            selectors.brief_content(second) == OTHER or selectors.brief_content(second).terms == OTHER.terms
        )


def test_a_stale_writer_is_refused_and_nothing_is_lost(cast: Cast, entered: Enter) -> None:
    with entered(cast.client_lead):
        first = save(cast, cast.client_lead)
        save(cast, cast.client_lead, OTHER, seen=first.content_hash)
    with entered(cast.campaign_manager), pytest.raises(Refused, match="Somebody else has changed the brief"):
        save(cast, cast.campaign_manager, WHOLE, seen=first.content_hash)


def test_the_same_form_sent_twice_is_saved_once(cast: Cast, entered: Enter) -> None:
    with entered(cast.client_lead):
        first = save(cast, cast.client_lead)
        assert save(cast, cast.client_lead, seen="").pk == first.pk
        second = save(cast, cast.client_lead, OTHER, seen=first.content_hash)
        again = save(cast, cast.client_lead, OTHER, seen=first.content_hash)
        assert (again.pk, again.version, again.content_hash) == (second.pk, 1, second.content_hash)
        assert TrailEntry.objects.filter(action="brief.saved").count() == 2


def test_a_change_after_a_signature_is_a_new_version(cast: Cast, entered: Enter) -> None:
    with entered(cast.campaign_manager):
        first = sign(cast, cast.campaign_manager, save(cast, cast.campaign_manager))
    with entered(cast.client_lead):
        second = save(cast, cast.client_lead, OTHER, seen=first.content_hash)
        assert second.version == 2
        first.refresh_from_db()
        assert first.superseded_at is not None
        with pytest.raises(Refused, match="replaced by a newer one"):
            sign(cast, cast.client_lead, first)


def test_a_version_in_force_stays_in_force_until_the_next_is_signed_twice(cast: Cast, entered: Enter) -> None:
    with entered(cast.campaign_manager):
        first = sign(cast, cast.campaign_manager, save(cast, cast.campaign_manager))
    with entered(cast.client_lead):
        sign(cast, cast.client_lead, first)
        second = sign(cast, cast.client_lead, save(cast, cast.client_lead, OTHER, seen=first.content_hash))
        assert selectors.brief_in_force(cast.engagement) == first
        page = selectors.brief_page(cast.engagement)
        assert [change.label for change in page.changes] == ["Geography"]
    with entered(cast.campaign_manager):
        sign(cast, cast.campaign_manager, second)
        assert selectors.brief_in_force(cast.engagement) == second
        assert selectors.brief_page(cast.engagement, 1).content.terms == WHOLE.terms


def test_a_signature_under_another_content_is_refused(cast: Cast, entered: Enter) -> None:
    with entered(cast.client_lead):
        brief = save(cast, cast.client_lead)
        with pytest.raises(Refused, match="changed after this page was loaded"):
            sign(cast, cast.client_lead, brief, seen="0" * 64)


def test_sending_a_signature_twice_signs_once(cast: Cast, entered: Enter) -> None:
    with entered(cast.client_lead):
        brief = save(cast, cast.client_lead)
        sign(cast, cast.client_lead, brief)
        sign(cast, cast.client_lead, brief)
        assert brief.signatures.count() == 1


def test_an_unfinished_brief_is_refused_with_what_it_lacks(cast: Cast, entered: Enter) -> None:
    with entered(cast.client_lead):
        brief = save(cast, cast.client_lead, BriefContent({"geography": "Texas"}, STANDARD_METRICS))
        with pytest.raises(Refused) as refusal:
            sign(cast, cast.client_lead, brief)
        assert "“Target market” is still empty." in refusal.value.reasons
        assert len(refusal.value.reasons) == len(TERMS)


def test_who_may_not_sign_or_write_is_refused(cast: Cast, entered: Enter) -> None:
    with entered(cast.client_lead):
        brief = save(cast, cast.client_lead)
    with entered(cast.qa_lead):
        with pytest.raises(Refused, match="may not sign the campaign brief"):
            sign(cast, cast.qa_lead, brief)
        with pytest.raises(Refused, match="may not change the campaign brief"):
            save(cast, cast.qa_lead, OTHER, seen=brief.content_hash)


FORBIDDEN = [
    "UPDATE engagements_campaignbrief SET terms = '{}'",
    "UPDATE engagements_campaignbrief SET edited = '{}'",
    "UPDATE engagements_campaignbrief SET schema = 1",
    "UPDATE engagements_campaignbrief SET content_hash = 'x'",
    "UPDATE engagements_campaignbrief SET version = 7",
    "UPDATE engagements_campaignbrief SET created_by_id = (SELECT max(id) FROM accounts_user)",
    "UPDATE engagements_campaignbrief SET proposed_at = now()",
    "UPDATE engagements_campaignbrief SET discard_reason = 'r', discarded_by_id = created_by_id, superseded_at = now()",
    "DELETE FROM engagements_campaignbrief",
    "UPDATE engagements_briefmetric SET target = 0.5",
    "DELETE FROM engagements_briefmetric",
    "INSERT INTO engagements_briefmetric (engagement_id, brief_id, position, key, label, numerator, denominator, unit,"
    " direction, minimum_sample, source_system, dispute_rule) SELECT engagement_id, id, 9, 'new', 'New', 'a', 'b',"
    " 'percent', 'up', 30, '', '' FROM engagements_campaignbrief",
    "UPDATE engagements_briefsignature SET name = 'Nobody'",
    "DELETE FROM engagements_briefsignature",
]


@pytest.mark.parametrize("owner", [False, True], ids=["plain role", "owner"])
@pytest.mark.parametrize("whole", [False, True], ids=["half signed", "in force"])
@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_database_itself_keeps_a_signed_version(
    cast: Cast, entered: Enter, statement: str, whole: bool, owner: bool
) -> None:
    with entered(cast.client_lead):
        brief = sign(cast, cast.client_lead, save(cast, cast.client_lead))
    if whole:
        with entered(cast.campaign_manager):
            sign(cast, cast.campaign_manager, brief)
    with (
        entered(cast.client_lead),
        backstage() if owner else nullcontext(),
        pytest.raises(IntegrityError, match=r"signed|append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_version_is_not_born_in_force(cast: Cast, entered: Enter) -> None:
    with (
        entered(cast.client_lead),
        pytest.raises(IntegrityError, match="not born signed"),
        transaction.atomic(),
    ):
        CampaignBrief.objects.create(
            engagement=cast.engagement, version=1, created_by=cast.client_lead, signed_at=clock.now()
        )


def test_what_was_signed_as_text_keeps_its_hash_and_can_get_the_second_signature(
    cast: Cast, entered: Enter
) -> None:
    """Version 1 was written when every term was a text; nothing of it is rewritten."""
    old = BriefContent({term.key: f"About {term.label}" for term in TERMS}, WHOLE.metrics, schema=1)
    with entered(cast.client_lead):
        brief = save(cast, cast.client_lead, old)
        assert brief.schema == 1
        assert brief.content_hash == OLD_HASH
        brief = sign(cast, cast.client_lead, brief)
    with entered(cast.campaign_manager):
        brief = sign(cast, cast.campaign_manager, brief)
        assert brief.signed_at
        read = selectors.brief_page(cast.engagement)
        assert content_hash(read.content.as_data()) == OLD_HASH
        assert {shown.text for shown, _ in read.terms} == {f"About {term.label}" for term in TERMS}
    with entered(cast.client_lead):
        second = save(cast, cast.client_lead, WHOLE, seen=brief.content_hash)
        changes = {change.key: change for change in selectors.brief_page(cast.engagement).changes}
        assert (second.version, second.schema) == (2, 2)
        assert {row.how for row in changes["dispositions"].rows} == {"added"}


def test_somebody_is_named_beside_each_term_that_they_changed(cast: Cast, entered: Enter) -> None:
    with entered(cast.client_lead):
        first = save(cast, cast.client_lead)
    with entered(cast.campaign_manager):
        save(cast, cast.campaign_manager, OTHER, seen=first.content_hash)
        page = selectors.brief_page(cast.engagement)
        by = {shown.term.key: edited.by for shown, edited in page.terms}
        assert by.pop("geography") == "Mara Voss"
        assert set(by.values()) == {"Clara Lind"}
        assert page.metrics_edited.by == "Clara Lind"
        changed = TrailEntry.objects.order_by("sequence").last().after["changed"]
        assert changed == ["geography"]


def test_what_cannot_be_kept_is_refused_whoever_sends_it(cast: Cast, entered: Enter) -> None:
    hours = {"rows": [{"region": "Ohio", "code": "", "days": [0], "hours": [[540, 600], [570, 660]]}] * 2}
    wrong = BriefContent({**WHOLE.terms, "calling_hours": hours}, [*WHOLE.metrics, WHOLE.metrics[0]])
    with entered(cast.client_lead), pytest.raises(Refused) as refusal:
        save(cast, cast.client_lead, wrong)
    assert any("Overlaps an earlier row" in reason for reason in refusal.value.reasons)
    assert any("is in the brief already" in reason for reason in refusal.value.reasons)


def test_signatures_are_asked_for_once_and_a_change_takes_the_question_back(
    cast: Cast, entered: Enter
) -> None:
    with entered(cast.client_lead):
        brief = save(cast, cast.client_lead)
        ask = {"engagement": cast.engagement, "by": cast.seat(cast.client_lead), "version": 1}
        asked = services.propose_brief(**ask, seen=brief.content_hash)
        assert asked.proposed_by == cast.client_lead
        with pytest.raises(Refused, match="asked for already"):
            services.propose_brief(**ask, seen=brief.content_hash)
        changed = save(cast, cast.client_lead, OTHER, seen=brief.content_hash)
        assert changed.proposed_at is None
        with pytest.raises(Refused, match="changed after this page"):
            services.propose_brief(**ask, seen=brief.content_hash)


def test_a_half_signed_version_waits_for_the_other_side_without_being_asked_for(
    cast: Cast, entered: Enter
) -> None:
    with entered(cast.client_lead):
        brief = sign(cast, cast.client_lead, save(cast, cast.client_lead))
    with entered(cast.campaign_manager), pytest.raises(Refused, match="signed by the client"):
        services.propose_brief(
            engagement=cast.engagement,
            by=cast.seat(cast.campaign_manager),
            version=1,
            seen=brief.content_hash,
        )


def test_an_unfinished_draft_is_not_proposed(cast: Cast, entered: Enter) -> None:
    with entered(cast.client_lead):
        brief = save(cast, cast.client_lead, BriefContent({"geography": "Texas"}, STANDARD_METRICS))
        with pytest.raises(Refused, match="“Target market” is still empty"):
            services.propose_brief(
                engagement=cast.engagement, by=cast.seat(cast.client_lead), version=1, seen=brief.content_hash
            )


def discard(
    cast: Cast, user: User, brief: CampaignBrief, reason: str = "Wrong campaign altogether"
) -> CampaignBrief:
    return services.discard_brief(
        engagement=cast.engagement,
        by=cast.seat(user),
        version=brief.version,
        seen=brief.content_hash,
        reason=reason,
    )


def test_a_draft_is_discarded_with_its_reason_and_the_version_in_force_stays(
    cast: Cast, entered: Enter
) -> None:
    with entered(cast.campaign_manager):
        first = sign(cast, cast.campaign_manager, save(cast, cast.campaign_manager))
    with entered(cast.client_lead):
        first = sign(cast, cast.client_lead, first)
        second = save(cast, cast.client_lead, OTHER, seen=first.content_hash)
        with pytest.raises(Refused, match="Say in a sentence why"):
            discard(cast, cast.client_lead, second, " no ")
        gone = discard(cast, cast.client_lead, second)
        assert (gone.discarded, gone.open) == (True, False)
        assert selectors.brief_page(cast.engagement).brief == first
        assert selectors.brief_page(cast.engagement, 2).content.terms["geography"] == "Texas"
        with pytest.raises(Refused, match="replaced by a newer one"):
            sign(cast, cast.client_lead, second)
        third = save(cast, cast.client_lead, OTHER, seen=first.content_hash)
        assert third.version == 3, "a number is given once"


def test_what_one_side_has_signed_is_not_discarded(cast: Cast, entered: Enter) -> None:
    with entered(cast.client_lead):
        brief = sign(cast, cast.client_lead, save(cast, cast.client_lead))
        with pytest.raises(Refused, match="is signed by the client: it stays"):
            discard(cast, cast.client_lead, brief)


def test_a_playbook_hands_over_its_metrics_and_a_discarded_draft_gives_them_back(
    cast: Cast, entered: Enter
) -> None:
    own = MetricContract("turnaround", "Turnaround", "Hours", "", "hours", "down", source_system="Helpdesk")
    with entered(cast.campaign_manager):
        begin = {"engagement": cast.engagement, "by": cast.seat(cast.campaign_manager), "metrics": [own]}
        started = services.start_brief(**begin)
        assert services.start_brief(**begin) is None, "a brief exists already"
        assert selectors.brief_content(started).metrics == [own]
        discard(cast, cast.campaign_manager, started)
        assert selectors.current_brief(cast.engagement) is None
        content = selectors.content_to_change(cast.engagement, None)
        assert (content.terms, content.metrics) == ({}, [own])
        assert save(cast, cast.campaign_manager, WHOLE).version == 2
