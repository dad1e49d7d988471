"""End-of-day totals as the operator enters them: services, pages, who may, and what stays."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import TrailEntry
from common.errors import Refused
from engagements.models import BriefMetric
from kpis.models import MetricTotal
from kpis.selectors import funnel, span_of_data
from kpis.services.totals import enter_file, enter_totals
from kpis.totals import Total
from tenancy import context
from tests.factories import Cast
from tests.kpis.scene import DAY_30, day_of, sign_brief
from tests.stage import backstage


@pytest.fixture
def desk(cast: Cast, time_machine: object) -> Cast:
    """Day 30 of work whose signed brief has two metrics that calls do not tell."""
    time_machine.move_to(DAY_30)  # type: ignore[attr-defined]
    brief = sign_brief(cast, targets={})
    with backstage():
        brief.metrics.all().delete()
        for position, (key, label, below, unit, target) in enumerate(
            (
                ("in_time", "In time", "Cases closed", "percent", "0.9"),
                ("backlog", "Backlog", "", "count", "10"),
            )
        ):
            BriefMetric.objects.create(
                engagement=cast.engagement, brief=brief, position=position, key=key, label=label,
                numerator=f"{label} cases", denominator=below, unit=unit, target=target,
                direction="up" if below else "down", source_system="Desk", minimum_sample=30 if below else 5,
            )  # fmt: skip
    return cast


def enter(cast: Cast, *totals: Total, back: tuple[tuple[str, date], ...] = ()) -> int:
    with context.entered(user_id=cast.campaign_manager.pk):
        return enter_totals(
            engagement=cast.engagement, by=cast.seat(cast.campaign_manager), totals=totals, taken_back=back
        )


def page(cast: Cast) -> str:
    return f"/e/{cast.engagement.public_id}/kpis/totals/"


def browser(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def test_the_newest_entry_counts_and_the_earlier_one_stays(desk: Cast) -> None:
    day = day_of(desk, 12)
    assert enter(desk, Total("in_time", day, 80, 100), Total("backlog", day, 12, 1)) == 2
    assert enter(desk, Total("in_time", day, 80, 100)) == 0  # the same form sent twice
    assert enter(desk, Total("in_time", day, 90, 100)) == 1
    with context.entered(user_id=desk.client_lead.pk):
        rate = funnel(desk.engagement, day, day).stage("in_time")
        assert rate is not None
        assert (rate.numerator, rate.denominator) == (90, 100)
        assert span_of_data(desk.engagement) == (day, day)
        assert MetricTotal.objects.filter(metric_key="in_time").count() == 2
        *_, line = TrailEntry.objects.filter(action="totals.entered").order_by("pk")
        assert line.before == {f"in_time {day}": "80 / 100"}
    assert enter(desk, back=(("in_time", day),)) == 1
    with context.entered(user_id=desk.client_lead.pk):
        gone = funnel(desk.engagement, day, day).stage("in_time")
        assert gone is not None
        assert gone.value is None


def test_what_cannot_be_is_refused_whole(desk: Cast) -> None:
    day = day_of(desk, 12)
    with pytest.raises(Refused, match="110 of 100 is more than all of them"):
        enter(desk, Total("backlog", day, 3, 1), Total("in_time", day, 110, 100))
    with pytest.raises(Refused, match="no such metric"):
        enter(desk, Total("contact_rate", day, 1, 2))
    with pytest.raises(Refused, match="has not come yet"):
        enter(desk, Total("backlog", day_of(desk, 31), 3, 1))
    with context.entered(user_id=desk.campaign_manager.pk):
        assert not MetricTotal.objects.exists()
        with pytest.raises(Refused, match="Line 3"):
            enter_file(
                engagement=desk.engagement, by=desk.seat(desk.campaign_manager),
                text=f"day,metric,numerator,denominator\n{day},Backlog,3,\n{day},In time,x,2\n",
            )  # fmt: skip
        assert not MetricTotal.objects.exists()


def test_a_day_is_entered_and_restated_on_its_page(desk: Cast) -> None:
    operator, day = browser(desk.campaign_manager), day_of(desk, 12)
    form = operator.get(page(desk)).text
    assert 'name="above_in_time"' in form
    assert "below_backlog" not in form
    sent = {"day": day.isoformat(), "above_in_time": "80", "below_in_time": "", "above_backlog": "twelve"}
    refused = operator.post(page(desk) + "enter/", sent)
    assert refused.status_code == 422
    assert "Give both figures, or leave both empty." in refused.text
    assert "Write a whole number such as 2140." in refused.text
    assert 'value="twelve"' in refused.text
    sent |= {"below_in_time": "100", "above_backlog": "12"}
    assert "2 totals kept" in operator.post(page(desk) + "enter/", sent, follow=True).text
    again = operator.get(f"{page(desk)}?day={day}").text
    assert "Restate a day" in again
    assert 'value="80"' in again
    emptied = {
        "day": day.isoformat(),
        "filled": "in_time backlog",
        "above_in_time": "80",
        "below_in_time": "100",
    }
    operator.post(page(desk) + "enter/", emptied)
    client = browser(desk.client_lead)
    seen = client.get(page(desk)).text
    assert "80.0% (80 of 100)" in seen
    assert "taken back" in seen
    assert "restated" in seen
    assert "above_in_time" not in seen
    assert client.post(page(desk) + "enter/", sent).status_code == 403


def test_a_file_of_many_days(desk: Cast) -> None:
    operator = browser(desk.campaign_manager)
    days = [day_of(desk, 11) + timedelta(days=number) for number in range(10)]
    lines = "".join(f"{day},In time,80,100\n{day},Backlog,14,\n" for day in days)
    file = SimpleUploadedFile("totals.csv", f"day,metric,numerator,denominator\n{lines}".encode())
    assert "20 totals kept" in operator.post(page(desk) + "file/", {"file": file}, follow=True).text
    bad = operator.post(page(desk) + "file/", {"file": SimpleUploadedFile("totals.csv", b"\xff\xfe\x00")})
    assert bad.status_code == 422
    assert "This is no text in UTF-8" in bad.text
    assert (
        "Backlog is above target" in operator.get(f"/e/{desk.engagement.public_id}/kpis/?period=11-30").text
    )
