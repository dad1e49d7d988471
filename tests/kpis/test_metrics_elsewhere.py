"""A metric that calls do not tell: it is shown without data and why, and opens no gate in silence."""

from datetime import date
from decimal import Decimal

from django.test import Client

from common.days import Calendar
from engagements.models import BriefMetric
from kpis import selectors
from kpis.funnel import DayCounts, Metric, Verdict
from kpis.funnel_build import build
from kpis.funnel_json import from_json, to_json
from milestones.selectors.numbers import open_verdicts
from tenancy import context
from tests.factories import Cast
from tests.kpis.scene import DAY_60, GOOD_DAY, sign_brief, write_facts
from tests.stage import backstage

CALENDAR = Calendar.contracted(date(2026, 3, 2))
CONTACT = Metric("contact_rate", "Contact rate", "Contacts", "Dials", Decimal("0.1"))
TURNAROUND = Metric(
    "turnaround", "Turnaround", "Hours to a closed ticket", "", Decimal(24), "down", 30, "hours", "Helpdesk"
)


def test_it_stands_among_the_stages_without_data_and_says_why() -> None:
    day = CALENDAR.date_of(12)
    funnel = build(
        [DayCounts(day, "Web form", GOOD_DAY)],
        [CONTACT, TURNAROUND],
        first=day,
        last=day,
        calendar=CALENDAR,
        brief_version=3,
    )
    rate = funnel.stage("turnaround")
    assert rate is not None
    assert (rate.verdict, rate.value, rate.brief_version) == (Verdict.NO_DATA, None, 3)
    assert rate.why_no_data == "calls do not tell it; it is counted in Helpdesk"
    assert rate in funnel.unjudged
    assert rate not in funnel.missed
    assert [one.key for one in funnel.by_source[0].stages] == ["contact_rate"]
    assert from_json(to_json(funnel)) == funnel


def test_a_baseline_frozen_before_there_were_units_reads_as_ever() -> None:
    day = CALENDAR.date_of(12)
    funnel = build(
        [DayCounts(day, "", GOOD_DAY)], [CONTACT], first=day, last=day, calendar=CALENDAR, brief_version=1
    )
    frozen = to_json(funnel)
    for rate in (*frozen["stages"], *(one for source in frozen["by_source"] for one in source["stages"])):
        del rate["unit"], rate["source"]
    assert from_json(frozen) == build(
        [DayCounts(day, "", GOOD_DAY)], [CONTACT], first=day, last=day, calendar=CALENDAR, brief_version=1
    )


def test_pages_and_gates_name_it(cast: Cast, time_machine: object) -> None:
    time_machine.move_to(DAY_60)
    brief = sign_brief(cast)
    write_facts(cast, GOOD_DAY, range(31, 61))
    with backstage():
        BriefMetric.objects.create(
            engagement=cast.engagement, brief=brief, position=9, key="turnaround", label="Turnaround",
            numerator="Hours to a closed ticket", denominator="", unit="hours", direction="down", target=24,
            source_system="Helpdesk",
        )  # fmt: skip
    with context.entered(user_id=cast.campaign_manager.pk):
        missed, unjudged = open_verdicts(cast.engagement, 60)
        assert missed == []
        assert "Turnaround (calls do not tell it; it is counted in Helpdesk)" in unjudged
        assert selectors.missing_findings(cast.engagement, 60) == []
    browser = Client()
    browser.force_login(cast.campaign_manager)
    page = browser.get(f"/e/{cast.engagement.public_id}/kpis/").text
    assert "Agreed, but not counted from calls" in page
    assert "at most 24 hours" in page
    assert "Turnaround cannot be judged: calls do not tell it; it is counted in Helpdesk." in page
