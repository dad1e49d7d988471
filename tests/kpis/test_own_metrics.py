"""Metrics of one's own that count the calls: defined in the brief without code, told by the sums that are kept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagements.brief_form import BriefForm, Typed
from engagements.models import BriefMetric
from engagements.rules import BriefContent
from engagements.selectors import brief_content
from engagements.terms import STANDARD_METRICS, MetricContract
from engagements.terms.measures import counted_text, told_by
from engagements.terms.metrics import metric_faults
from kpis import selectors
from kpis.funnel import Verdict
from kpis.models import Disposition
from kpis.selectors import own_metrics
from kpis.selectors.numbers import metrics_of
from kpis.selectors.totals import own_metrics as entered_by_hand
from tenancy import context
from tests.factories import Cast
from tests.kpis.samples import own
from tests.kpis.scene import DAY_60, sign_brief
from tests.kpis.test_rollups import RunJobs, bring_in
from tests.stage import backstage

MON, TUE = date(2026, 4, 6), date(2026, 4, 7)
# Tickets answered by phone: solved at the first call, and how long they take.
SOLVED = MetricContract(
    "first_call", "Solved at first call", "Tickets solved", "Tickets handled", "percent", "up", Decimal("0.7"), 3,
    numerator_measure="codes", numerator_which="SOLVED, refund",
    denominator_measure="meanings", denominator_which="Spoken to, nothing more told, Closed",
)  # fmt: skip
HANDLING = MetricContract(
    "handling", "Talk per call", "Seconds", "Calls", "seconds", "down", Decimal(200), 1,
    numerator_measure="talk", denominator_measure="timed",
)  # fmt: skip
CLAIMS = MetricContract(
    "claims", "Claims a day", "Claims taken", "", "count", "up", Decimal(2), 1, numerator_measure="codes",
    numerator_which="CLAIM",
)  # fmt: skip
ROWS = [
    # call, code, source, agent, hour, talk
    ("SOLVED", MON, "Invoices", "ada", 9, 100),
    ("refund", MON, "Invoices", "ada", 9, 200),
    ("OPEN", MON, "Claims", "ben", 10, 300),
    ("CLAIM", MON, "Claims", "ben", 10, ""),
    ("Solved", TUE, "Claims", "ben", 9, 400),
    ("OPEN", TUE, "Claims", "ada", 9, 0),
]
MEANINGS = {"solved": "closed", "refund": "closed", "open": "contacted", "claim": "no_answer"}


def faults(metric: MetricContract) -> list[tuple[str, str]]:
    return [(field, reason) for _, field, reason in metric_faults([metric])]


# What the brief takes


@pytest.mark.parametrize("metric", [SOLVED, HANDLING, CLAIMS])
def test_a_metric_that_counts_the_calls_needs_no_other_system(metric: MetricContract) -> None:
    assert faults(metric) == []
    assert metric.counted_in.startswith("the imported calls: ")


@pytest.mark.parametrize(
    ("changed", "field", "reason"),
    [
        ({"numerator_which": ""}, "numerator_which", "Name the codes, with commas between."),
        ({"denominator_measure": "calls"}, "denominator_which", "Only codes and meanings are named here."),
        ({"denominator_which": "Spoken to"}, "denominator_which", "“Spoken to” is no meaning of a code."),
        ({"denominator_measure": "", "denominator_which": ""}, "denominator_measure", "Say what of the calls it is"),
        ({"denominator": "", "unit": "count"}, "denominator", "Say what it is taken of."),
        ({"unit": "hours"}, "unit", "What is counted so is told in percent or count."),
        ({"numerator_measure": "talk", "numerator_which": ""}, "unit", "What is counted so is told in seconds."),
        ({"denominator_measure": "talk", "denominator_which": ""}, "denominator_measure", "Seconds can be taken of"),
        ({"numerator_measure": "contacts", "numerator_which": "", "denominator_measure": "closes",
          "denominator_which": ""}, "denominator_measure", "A percentage is taken of a stage that comes before."),
    ],
)  # fmt: skip
def test_what_cannot_be_counted_is_said_beside_its_field(
    changed: dict[str, str], field: str, reason: str
) -> None:
    [(where, why)] = faults(replace(SOLVED, **changed))
    assert where == field
    assert why.startswith(reason)


def test_what_it_cannot_be_told_by_is_said_at_the_definition() -> None:
    assert counted_text(SOLVED) == (
        "calls with the codes SOLVED and refund ÷ calls that mean “Spoken to, nothing more told” or “Closed”"
    )
    assert "not by hour" in told_by(SOLVED)
    assert "and hour" in told_by(HANDLING)
    assert "not by hour" in SOLVED.counted_in


def test_a_brief_that_was_signed_before_hashes_as_it_did() -> None:
    before = BriefContent({}, STANDARD_METRICS).as_data()["metrics"][0]
    assert not [name for name in before if "measure" in name or "which" in name]
    assert "numerator_measure" in BriefContent({}, [SOLVED]).as_data()["metrics"][0]


# What it comes to


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(DAY_60, tick=False):
        yield


@pytest.fixture
def counted(cast: Cast, run_jobs: RunJobs) -> Cast:
    brief = sign_brief(cast)
    with backstage():
        BriefMetric.objects.bulk_create(
            BriefMetric(
                engagement=cast.engagement, brief=brief, position=10 + place,
                **{name: getattr(metric, name) for name in MetricContract.__slots__},
            )
            for place, metric in enumerate((SOLVED, HANDLING, CLAIMS))
        )  # fmt: skip
    rows = [
        {"call_id": f"t{n}", "called_at": f"{day} {hour:02d}:00:00", "disposition": code, "lead_source": source,
         "agent": agent, "talk_s": talk}
        for n, (code, day, source, agent, hour, talk) in enumerate(ROWS)
    ]  # fmt: skip
    bring_in(cast, run_jobs, mapped(cast, rows))
    return cast


def mapped(cast: Cast, rows: list[dict[str, object]]) -> bytes:
    """The rows in Tollgate's own columns; the codes of the desk are mapped before they come in."""
    with backstage():
        Disposition.objects.bulk_create(
            Disposition(
                engagement=cast.engagement, system="tollgate", code=code, outcome=MEANINGS[code.casefold()]
            )
            for code in {str(row["disposition"]) for row in rows}
        )
    return own(rows)


def test_each_side_is_counted_from_the_sums(counted: Cast) -> None:
    with context.entered(user_id=counted.client_lead.pk, engagement_id=counted.engagement.pk):
        with CaptureQueriesContext(connection) as asked:
            funnel = selectors.funnel(counted.engagement, MON, TUE)
        assert not [query for query in asked if "kpis_callrecord" in query["sql"]]
        solved, handling, claims = (funnel.stage(one.key) for one in (SOLVED, HANDLING, CLAIMS))
        assert solved and handling and claims
        assert (solved.numerator, solved.denominator, solved.verdict) == (3, 5, Verdict.MISSED)
        assert (handling.numerator, handling.denominator, handling.value) == (1_000, 5, 200)
        assert (claims.numerator, claims.denominator, claims.value) == (
            1,
            2,
            0.5,
        )  # one on Monday, none on Tuesday
        assert handling.verdict is Verdict.MET
        assert [day.rates[5].numerator for day in funnel.by_day] == [2, 1]
        assert solved in funnel.missed
        earlier = selectors.funnel(counted.engagement, date(2026, 4, 1), date(2026, 4, 2)).stage("first_call")
        assert earlier is not None
        assert (earlier.value, earlier.why_no_data) == (None, "no call of these days tells it")
        assert entered_by_hand(counted.engagement.briefs.get()) == []


def test_it_is_told_by_source_agent_hour_and_segment_where_sums_are_kept(counted: Cast) -> None:
    with context.entered(user_id=counted.client_lead.pk, engagement_id=counted.engagement.pk):
        metrics = metrics_of(counted.engagement.briefs.get())
        days = (counted.engagement, MON, TUE)
        sources = {one.label: one.figures for one in own_metrics.by_source(*days, metrics, "none")}
        assert sources["Invoices"] == {"first_call": (2, 2), "handling": (300, 2), "claims": (0, 1)}
        assert sources["Claims"]["first_call"] == (1, 3)
        agents = {one.label: one.figures for one in own_metrics.by_agent(*days, metrics, {})}
        assert (agents["ada"]["first_call"], agents["ben"]["claims"]) == ((2, 3), (1, 2))
        hours = {one.label: one.figures for one in own_metrics.by_hour(*days, metrics)}
        assert hours["09:00–10:00"] == {"handling": (700, 4)}
        ben = counted.engagement.agents.get(name="ben")
        assert own_metrics.segment(*days, ("agent", str(ben.public_id)), metrics)["first_call"] == (1, 2)
        assert own_metrics.segment(*days, ("weekday", "2"), metrics)["first_call"] == (1, 2)
        assert own_metrics.segment(*days, ("hour", "9"), metrics) == {"handling": (700, 4)}
        assert own_metrics.segment(*days, ("", ""), metrics)["claims"] == (1, 2)


def test_pages_show_it_to_both_sides(counted: Cast) -> None:
    client = Client()
    client.force_login(counted.client_lead)
    base = f"/e/{counted.engagement.public_id}/"
    figures = client.get(base + "kpis/").content.decode()
    assert "Metrics of your own" in figures
    assert "60.0% (3 of 5)" in figures
    assert "200 seconds (1,000 over 5)" in figures
    hours = client.get(base + "kpis/signals/hours/").content.decode()
    assert "Solved at first call and Claims a day count codes, which are summed by day" in hours
    compare = client.get(
        base
        + f"kpis/signals/compare/?before_first={MON}&before_last={MON}&after_first={TUE}&after_last={TUE}"
    ).content.decode()
    assert "66.7% (2 of 3)" in compare
    brief = client.get(base + "brief/").content.decode()
    assert "calls with the codes SOLVED and refund" in brief
    assert client.get("/portfolio/").status_code == 200


def test_the_form_of_the_brief_takes_it_without_code(cast: Cast) -> None:
    typed = Typed.of(BriefContent({}, STANDARD_METRICS))
    typed.act("add:metric")
    typed.rows["metric"][5] |= {
        "label": "Refunds", "numerator": "", "denominator": "", "unit": "percent", "direction": "down", "target": "5",
        "minimum_sample": "30", "source_system": "", "numerator_measure": "codes", "numerator_which": "REFUND",
        "denominator_measure": "dials", "denominator_which": "",
    }  # fmt: skip
    sent = QueryDict(mutable=True)
    sent["metric-rows"] = "6"
    for name, value in typed.initial().items():
        if isinstance(value, list):
            sent.setlist(name, value)
        else:
            sent[name] = "" if value is None else str(value)
    form = BriefForm(Typed.posted(sent), sent)
    assert form.is_valid(), form.errors
    made = form.written().metrics[5]
    assert (made.numerator, made.denominator, made.key) == ("Calls with the code REFUND", "Dials", "refunds")
    sent["metric-5-numerator_which"] = ""
    form = BriefForm(Typed.posted(sent), sent)
    assert not form.is_valid()
    assert form.errors["metric-5-numerator_which"] == ["Name the codes, with commas between."]


def test_a_version_keeps_what_it_counts(counted: Cast) -> None:
    with context.entered(user_id=counted.client_lead.pk, engagement_id=counted.engagement.pk):
        assert brief_content(counted.engagement.briefs.get()).metrics[5] == SOLVED
