"""The findings page: answering by plain forms, refusals beside their fields, typed values kept."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from engagements.models import Participant
from kpis.models import Cause, EffectCheck, Finding, FindingEvidence, Fix, OptimisationPlan
from kpis.services.baseline import freeze_baseline
from kpis.views.findings.telling import effect_told
from tenancy import context
from tests.factories import Cast
from tests.kpis.scene import DAY_30, GOOD_DAY, WEAK_DAY, sign_brief, write_facts
from tests.stage import backstage

NOW = datetime(2026, 3, 31, 15, tzinfo=UTC)

CAUSE = "The aged list is dialled in the morning, when its owners are at work"
ACTION = "Dial the aged list from 17:00 to 20:00 local time"


def url(cast: Cast, name: str = "findings", *args: object) -> str:
    return reverse(f"kpis:{name}", args=[cast.engagement.public_id, *args])


@pytest.fixture
def finding(cast: Cast) -> Iterator[Finding]:
    sign_brief(cast)
    write_facts(cast, WEAK_DAY, range(11, 31))
    with time_machine.travel(DAY_30, tick=False):
        with context.entered(user_id=cast.campaign_manager.pk, engagement_id=cast.engagement.pk):
            freeze_baseline(engagement=cast.engagement, by=cast.seat(cast.campaign_manager))
            found = Finding.objects.get(metric_key="contact_rate")
        yield found


@pytest.fixture
def owner(cast: Cast) -> Participant:
    with backstage():
        return Participant.objects.get(engagement=cast.engagement, user=cast.supervisor)


@pytest.fixture
def manager(cast: Cast, client: Client) -> Client:
    client.force_login(cast.campaign_manager)
    return client


def form(owner: Participant, /, **changes: object) -> dict[str, object]:
    return {
        "root_cause": CAUSE,
        "cause_side": "operator",
        "action": ACTION,
        "owner": owner.pk,
        "due_on": "2026-04-10",
        "done_on": "",
        "found": "yes",
    } | changes


def test_before_anything_is_judged_the_page_says_when_it_will_be(cast: Cast, manager: Client) -> None:
    assert "Nothing judged yet" in manager.get(url(cast)).content.decode()


def test_an_answer_is_recorded_and_the_page_says_what_is_left(
    cast: Cast, manager: Client, finding: Finding, owner: Participant
) -> None:
    page = manager.get(url(cast)).content.decode()
    assert "2 of 2 findings wait for an answer: Contact rate and Show rate." in page
    answer = manager.post(url(cast, "answer_finding", finding.public_id), form(owner))
    assert answer.status_code == 302
    assert answer.url == url(cast, "finding", finding.public_id)
    assert "1 finding still open." in manager.get(answer.url).content.decode()
    page = manager.get(url(cast)).content.decode()
    assert CAUSE in page
    assert ACTION in page
    with backstage():
        assert Finding.objects.get(pk=finding.pk).answered_at == DAY_30


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"action": "Investigate the contact rate"}, "is no fix: say what is changed"),
        ({"action": ""}, "Write what is done about it."),
        ({"action": "x" * 301}, "at most 300 characters"),
        ({"root_cause": "unknown"}, "names no cause"),
        ({"cause_side": ""}, "Say whose side the cause is on"),
        ({"cause_side": "nobody"}, "Choose operator, client or shared."),
        ({"owner": ""}, "Name who owns the fix."),
        ({"owner": "999999"}, "Choose somebody who takes part"),
        ({"due_on": ""}, "Give the date by which it is done"),
        ({"due_on": "2026-03-01"}, "lies before the finding"),
        ({"due_on": "someday"}, "Write the date as 2026-04-10."),
        ({"due_on": "", "done_on": "2026-04-01"}, "cannot be done in the future"),
    ],
)
def test_what_does_not_count_is_refused_beside_its_field_and_what_was_typed_stays(
    cast: Cast, manager: Client, finding: Finding, owner: Participant, changes: dict, words: str
) -> None:
    sent = form(owner, **changes)
    answer = manager.post(url(cast, "answer_finding", finding.public_id), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    for value in (sent["root_cause"], sent["action"]):
        assert str(value) in page
    with backstage():
        assert not Fix.objects.exists()
        assert Finding.objects.get(pk=finding.pk).answered_at is None


def test_a_fix_is_added_and_marked_as_done(
    cast: Cast, manager: Client, finding: Finding, owner: Participant
) -> None:
    manager.post(url(cast, "answer_finding", finding.public_id), form(owner))
    with backstage():
        cause, first = Cause.objects.get(), Fix.objects.get()
    add = url(cast, "add_fix", finding.public_id, cause.public_id)
    refused = manager.post(add, {"action": "Monitor it closely", "owner": owner.pk, "due_on": "2026-04-10"})
    assert refused.status_code == 422
    assert "Monitor it closely" in refused.content.decode()
    more = {"action": f"{ACTION}, Fridays too", "owner": owner.pk, "due_on": "2026-04-10"}
    assert manager.post(add, more).status_code == 302
    with backstage():
        fix = Fix.objects.exclude(pk=first.pk).get()
    done = url(cast, "fix_done", finding.public_id, fix.public_id)
    late = manager.post(done, {"done_on": "2026-04-01"})
    assert late.status_code == 422
    assert "cannot be done in the future" in late.content.decode()
    assert manager.post(done, {"done_on": ""}).status_code == 422
    assert manager.post(done, {"done_on": "2026-03-31"}).status_code == 302
    again = manager.post(done, {"done_on": "2026-03-31"})
    assert again.status_code == 422
    assert "This fix is marked as done already." in again.content.decode()
    assert "Fix running" in manager.get(url(cast)).content.decode()  # the first fix is still to be done
    last = url(cast, "fix_done", finding.public_id, first.public_id)
    assert manager.post(last, {"done_on": "2026-03-31"}).status_code == 302
    for page in (url(cast), url(cast, "finding", finding.public_id)):
        shown = manager.get(page).content.decode().partition('id="history"')[0]
        assert "Fix done, not verified" in shown
        assert "Fix running" not in shown
    assert "Whether it works is not checked yet" in manager.get(url(cast)).content.decode()
    with backstage():
        plan = OptimisationPlan.objects.create(
            engagement=cast.engagement, number=1, finding=finding, metric_key="contact_rate",
            metric_label="Contact rate", expected="0.2", content={}, content_hash="a" * 64,
            drafted_by=cast.campaign_manager, drafted_by_name="Mara Voss", drafted_at=NOW,
        )  # fmt: skip
    assert "Whether it works is not checked yet" in manager.get(url(cast)).content.decode(), "not agreed"
    assert effect_told(plan, "UTC") == ("no verdict on the plan is recorded yet", True)
    with backstage():
        EffectCheck.objects.create(
            engagement=cast.engagement, finding=finding, plan=plan, first_day=NOW.date(), last_day=NOW.date(),
            before_numerator=10, before_denominator=100, after_numerator=14, after_denominator=100,
            expected="0.2", points=0.039, low=0.01, high=0.06, verdict="moved", by=cast.campaign_manager,
            by_name="Mara Voss", at=NOW,
        )  # fmt: skip
    told = manager.get(url(cast)).content.decode()
    assert "Optimisation</a>: moved, +3.9 points (Tue 31 Mar)." in told
    assert "not checked yet" not in told


def test_a_fix_that_is_late_gets_another_date_with_its_reason(
    cast: Cast, manager: Client, finding: Finding, owner: Participant
) -> None:
    manager.post(url(cast, "answer_finding", finding.public_id), form(owner))
    with backstage():
        fix = Fix.objects.get()
    page, move = (
        url(cast, "finding", finding.public_id),
        url(cast, "postpone_fix", finding.public_id, fix.public_id),
    )
    with time_machine.travel("2026-04-12T15:00:00Z", tick=False):
        manager.force_login(cast.campaign_manager)
        assert (
            "the gate of day 30 waits until it is done or has another date"
            in manager.get(page).content.decode()
        )
        refused = manager.post(move, {"due_on": "2026-04-11", "why": "Carriers are slow to answer"})
        assert refused.status_code == 422
        assert "The date has passed." in refused.content.decode()
        assert "Carriers are slow to answer" in refused.content.decode()
        assert manager.post(move, {"due_on": "2026-04-20", "why": ""}).status_code == 422
        moved = {"due_on": "2026-04-20", "why": "The carriers answer next week"}
        assert manager.post(move, moved).status_code == 302
        assert manager.post(move, moved).status_code == 302, "the same form sent twice is one"
        told = manager.get(page).content.decode()
    assert "A fix is not done by its date" not in told
    assert (
        f"“{ACTION}” is due Mon 20 Apr instead of Fri 10 Apr: The carriers answer next week".replace(
            "'", "&#x27;"
        )
        in told
    )


def test_the_causes_of_a_low_show_rate_are_told_for_either_side(
    cast: Cast, manager: Client, finding: Finding, owner: Participant
) -> None:
    with backstage():
        show = Finding.objects.get(metric_key="show_rate")
    path = url(cast, "answer_finding", show.public_id)
    page = manager.post(path, form(owner, cause_side="client"), follow=True).content.decode()
    assert "Still missing: what was found on the operator’s side." in page
    refused = manager.post(path, form(owner, found="no", root_cause="fine"))
    assert refused.status_code == 422
    assert "Say what was looked at on this side" in refused.content.decode()
    sent = {
        "found": "no",
        "cause_side": "operator",
        "root_cause": "Forty transfers heard, all connected and briefed",
    }
    page = manager.post(path, sent, follow=True).content.decode()
    assert "Forty transfers heard" in page
    assert "no cause found" in page
    assert "Missing:" not in page


def test_something_noticed_is_opened_by_hand_with_its_evidence(
    cast: Cast, client: Client, finding: Finding
) -> None:
    client.force_login(cast.closer_lead)
    path = url(cast, "open_finding")
    refused = client.post(path, {"observation": "odd", "text": "Heard it twice"})
    assert refused.status_code == 422
    assert "Heard it twice" in refused.content.decode()
    sent = {
        "observation": "Every third transfer arrives without a name",
        "text": "List of Tuesday’s transfers",
    }
    page = client.post(path, sent, follow=True).content.decode()
    assert "List of Tuesday’s transfers" in page
    assert "Every third transfer arrives without a name" in page
    with backstage():
        made = Finding.objects.get(metric_key="")
    proof = SimpleUploadedFile("heard.txt", b"Call 17: no name.")
    page = client.post(url(cast, "finding_evidence", made.public_id), {"file": proof}, follow=True)
    assert "heard.txt" in page.content.decode()
    with backstage():
        kept = FindingEvidence.objects.get(file_name="heard.txt")
    file = client.get(url(cast, "finding_file", made.public_id, kept.public_id))
    assert b"".join(file.streaming_content) == b"Call 17: no name."
    assert file["Content-Disposition"].startswith("attachment")
    wrong = client.post(
        url(cast, "finding_evidence", made.public_id), {"file": SimpleUploadedFile("x.exe", b"MZ")}
    )
    assert wrong.status_code == 422


def test_reopening_asks_for_a_reason_and_the_history_keeps_it(
    cast: Cast, manager: Client, finding: Finding, owner: Participant
) -> None:
    manager.post(url(cast, "answer_finding", finding.public_id), form(owner))
    path = url(cast, "reopen_finding", finding.public_id)
    assert manager.post(path, {"why": "no"}).status_code == 422
    page = manager.post(path, {"why": "The evening calls reach nobody either"}, follow=True).content.decode()
    assert "The evening calls reach nobody either" in page
    assert "Reopened" in page
    assert "The earlier answer did not hold" in page


def test_an_overdue_fix_shows_as_late(
    cast: Cast, manager: Client, finding: Finding, owner: Participant
) -> None:
    manager.post(url(cast, "answer_finding", finding.public_id), form(owner))
    with time_machine.travel("2026-04-12T16:00:00Z", tick=False):
        assert 'data-state="late"' in manager.get(url(cast)).content.decode()


@pytest.mark.parametrize("who", ["supervisor", "qa_lead", "closer_lead", "client_leader"])
def test_who_may_not_answer_reads_the_page_without_forms(
    cast: Cast, client: Client, finding: Finding, who: str
) -> None:
    client.force_login(getattr(cast, who))
    page = client.get(url(cast)).content.decode()
    assert "Record the answer" not in page
    assert "The campaign manager or the client lead answers it." in page
    assert client.post(url(cast, "answer_finding", finding.public_id), {}).status_code == 403


def test_a_finding_of_others_is_not_found(cast: Cast, client: Client, finding: Finding) -> None:
    client.force_login(cast.outsider)
    assert client.post(url(cast, "answer_finding", finding.public_id), {}).status_code == 404
    client.force_login(cast.campaign_manager)
    assert client.post(url(cast, "answer_finding", cast.engagement.public_id), {}).status_code == 404


def test_before_and_after_a_fix_are_drawn_beside_its_finding_and_no_chart_is_loaded_earlier(
    cast: Cast, manager: Client, finding: Finding, owner: Participant
) -> None:
    page = url(cast, "finding", finding.public_id)
    manager.post(url(cast, "answer_finding", finding.public_id), form(owner))
    assert "charts.js" not in manager.get(page).content.decode()
    with backstage():
        fix = Fix.objects.get()
    manager.post(url(cast, "fix_done", finding.public_id, fix.public_id), {"done_on": "2026-03-31"})
    write_facts(cast, GOOD_DAY, range(31, 46))
    with time_machine.travel("2026-04-15T16:00:00Z", tick=False):
        html = manager.get(page).content.decode()
    assert "Contact rate before the fix and from " in html and ": +4.0 points" in html
    assert ">10.0% (1,000 of 10,000)</td>" in html
    assert 'data-chart="effect-chart-spec"' in html
    assert "charts.js" in html
