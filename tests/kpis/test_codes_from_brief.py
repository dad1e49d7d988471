"""What a code means is agreed in the brief: an import reads it so, and says from which version."""

from collections.abc import Callable

from django.test import Client

from accounts.models import User
from engagements import services
from engagements.models import CampaignBrief
from engagements.outcomes import Outcome
from kpis.imports import history, service
from kpis.imports.codes import code_map
from kpis.imports.presets import PRESETS, TOLLGATE, VICIDIAL
from kpis.models import CallRecord, Disposition, Import
from tenancy import context
from tests.briefs import whole_brief
from tests.factories import Cast

HEADER = "call_id,called_at,disposition\n"


def agree(cast: Cast, *codes: tuple[str, str]) -> CampaignBrief:
    """A brief version in force with these codes."""
    rows = [{"code": code, "meaning": meaning, "note": ""} for code, meaning in codes]
    content = whole_brief(dispositions={"rows": rows, "words": ""})
    with context.entered(user_id=cast.client_lead.pk):
        newest = CampaignBrief.objects.filter(engagement=cast.engagement).order_by("-version").first()
        seen = newest.content_hash if newest else ""
        brief = services.save_brief(
            engagement=cast.engagement, by=cast.seat(cast.client_lead), content=content, seen=seen
        )
    for user in (cast.client_lead, cast.campaign_manager):
        with context.entered(user_id=user.pk):
            brief = services.sign_brief(
                engagement=cast.engagement, by=cast.seat(user), version=brief.version, seen=brief.content_hash
            )
    return brief


def read(cast: Cast, run_jobs: Callable[[], list[str]], *codes: str, name: str = "calls.csv") -> Import:
    body = "".join(f"{name}-{n},2026-03-13T10:0{n}:00-04:00,{code}\n" for n, code in enumerate(codes))
    with context.entered(user_id=cast.campaign_manager.pk):
        seat = cast.seat(cast.campaign_manager)
        batch, _ = service.upload(
            engagement=cast.engagement, by=seat, data=(HEADER + body).encode(), file_name=name
        )
        service.start(batch=batch, by=seat, preset="tollgate", source_zone="UTC")
    assert run_jobs() == ["done"]
    with context.entered(user_id=cast.campaign_manager.pk):
        return Import.objects.get(pk=batch.pk)


def test_a_code_that_only_the_brief_knows_is_read_by_it(
    cast: Cast, run_jobs: Callable[[], list[str]]
) -> None:
    agree(cast, ("APPT", "transfer_set"))
    batch = read(cast, run_jobs, "appt", "busy", "HMM")
    assert (batch.accepted, batch.rejected) == (2, 1)
    assert "1 code means what brief version 1 says: appt." in batch.notes
    with context.entered(user_id=cast.campaign_manager.pk):
        given = Disposition.objects.get(code="appt")
        assert (given.outcome, given.brief_version) == ("transfer_set", 1)
        assert Disposition.objects.get(code="busy").brief_version is None
        assert CallRecord.objects.get(disposition=given).depth == Outcome.TRANSFER_SET.stage


def test_the_brief_goes_before_the_preset_and_a_hand_before_the_brief(cast: Cast) -> None:
    agree(cast, ("ni", "callback"), ("SALE", "closed"), ("XFER", "qualified"))
    with context.entered(user_id=cast.campaign_manager.pk):
        Disposition.objects.create(
            engagement=cast.engagement, system="vicidial", code="XFER", outcome="shown"
        )
        codes = code_map(cast.engagement, VICIDIAL)
        assert codes.outcomes["ni"] is Outcome.CALLBACK
        assert "NI" not in codes.outcomes
        assert codes.outcomes["NA"] is Outcome.NO_ANSWER, "where the brief says nothing the preset stays"
        assert codes.outcomes["XFER"] is Outcome.SHOWN
        assert (codes.brief_version, codes.from_brief) == (1, {"ni", "sale"})


def test_without_a_brief_in_force_the_presets_stand(cast: Cast) -> None:
    with context.entered(user_id=cast.client_lead.pk):
        services.save_brief(
            engagement=cast.engagement, by=cast.seat(cast.client_lead), content=whole_brief(), seen=""
        )
        codes = code_map(cast.engagement, TOLLGATE)
    assert codes.outcomes == PRESETS["tollgate"].outcomes
    assert codes.from_brief == frozenset()


def test_an_unknown_code_that_the_brief_defines_since_is_said_and_read_again(
    cast: Cast, run_jobs: Callable[[], list[str]]
) -> None:
    batch = read(cast, run_jobs, "APPT", "busy")
    assert (batch.accepted, batch.rejected) == (1, 1)
    agree(cast, ("APPT", "transfer_set"))
    browser = logged_in(cast.campaign_manager)
    page = browser.get(f"/e/{cast.engagement.public_id}/calls/").text
    assert "Agreed since: read its file again" in page
    assert "Brief version 1 says: Transfer set." in page
    with context.entered(user_id=cast.campaign_manager.pk):
        assert history.nameless_codes(Import.objects.get()) == []
        service.start(
            batch=Import.objects.get(),
            by=cast.seat(cast.campaign_manager),
            preset="tollgate",
            source_zone="UTC",
        )
    run_jobs()
    page = browser.get(f"/e/{cast.engagement.public_id}/calls/").text
    assert "from brief version 1" in page


def test_a_later_version_that_says_otherwise_is_offered_and_not_slipped_in(
    cast: Cast, run_jobs: Callable[[], list[str]]
) -> None:
    agree(cast, ("APPT", "transfer_set"))
    read(cast, run_jobs, "APPT")
    agree(cast, ("APPT", "qualified"))
    browser = logged_in(cast.campaign_manager)
    address = f"/e/{cast.engagement.public_id}/calls/"
    page = browser.get(address).text
    assert "from brief version 1" in page
    assert "Take the brief’s meaning" in page
    with context.entered(user_id=cast.campaign_manager.pk):
        assert Disposition.objects.get().outcome == "transfer_set"
    sent = {"system": "tollgate", "code": "APPT", "outcome": "qualified"}
    assert browser.post(f"{address}code/", sent).status_code == 302
    page = browser.get(address).text
    assert "from brief version 2" in page
    assert "Take the brief’s meaning" not in page


def logged_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser
