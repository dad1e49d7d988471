"""Writing and signing a brief, on the real database as the plain role."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import TrailEntry, User
from common.errors import Refused
from engagements import selectors, services
from engagements.models import CampaignBrief
from engagements.rules import BriefContent
from engagements.terms import STANDARD_METRICS, TERMS
from tests.briefs import whole_brief
from tests.factories import Cast

Enter = Callable[[User], AbstractContextManager[object]]
WHOLE = whole_brief()
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


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE engagements_campaignbrief SET terms = '{}'",
        "DELETE FROM engagements_campaignbrief",
        "UPDATE engagements_briefmetric SET target = 0.5",
        "DELETE FROM engagements_briefmetric",
        "UPDATE engagements_briefsignature SET name = 'Nobody'",
        "DELETE FROM engagements_briefsignature",
    ],
)
def test_the_database_itself_keeps_a_signed_version(cast: Cast, entered: Enter, statement: str) -> None:
    with entered(cast.client_lead):
        sign(cast, cast.client_lead, save(cast, cast.client_lead))
        with (
            pytest.raises(IntegrityError, match=r"signed|append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
