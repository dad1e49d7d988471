"""Both parts of the evening's mail tell the same, and neither asks for anything from elsewhere."""

import re
from dataclasses import replace
from html import unescape
from uuid import uuid4

import pytest

from common import wording
from engagements.models import Engagement
from reports import digests, weekly_trend
from reports.digests import Digest, Section
from reports.models import Deliverable
from reports.selectors.digests import part_of
from reports.shift_lines import about
from reports.snapshots import RateSignal, Snapshot
from tests.reports import samples


def section(*snapshots: Snapshot, campaign: str = "Spring <windows> & more") -> Section:
    engagement = Engagement(public_id=uuid4(), campaign=campaign)
    parts = [
        part_of(
            Deliverable(
                public_id=uuid4(), kind=snapshot.kind, label=about(snapshot),
                news=snapshot.evening.news if snapshot.evening else "",
            ),
            snapshot,
            engagement,
        )
        for snapshot in snapshots
    ]  # fmt: skip
    return Section(campaign, "Harbour Homes and Bright Dial", tuple(parts), (), "/e/x/")


def digest(*sections: Section) -> Digest:
    return Digest(7, "Clara Lind", "clara@example.org", sections, ())


def seen(html: str) -> str:
    """What a reader of the HTML sees, in one line."""
    body = re.sub(r"<style>.*?</style>|<title>.*?</title>", "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


ALL = {
    name: getattr(samples, name) for name in ("end_of_day", "missing_upload", "restated_day", "weekly_trend")
}


@pytest.mark.parametrize("name", ALL)
def test_both_parts_say_the_same(name: str) -> None:
    made = digest(section(ALL[name]()))
    (part,) = made.sections[0].parts
    text, html = " ".join(digests.text(made).split()), seen(digests.html(made))
    facts = [part.verdict, part.about, *part.says]
    facts += [sentence for _, head, sentences in part.groups for sentence in (head, *sentences)]
    facts += [piece for figure in part.figures for piece in (figure.label, figure.value, figure.target)]
    facts += [cell.text for table in part.tables for row in table.rows for cell in row]
    facts += [ask.what for ask in part.asks]
    assert [fact for fact in facts if fact not in text] == []
    assert [fact for fact in facts if fact not in html] == []
    assert ("Calibration" in text, "Calibration" in html) == (part.calibration, part.calibration)


@pytest.mark.parametrize("name", ALL)
def test_the_html_fetches_nothing_runs_nothing_and_carries_its_styles(name: str) -> None:
    html = digests.html(digest(section(ALL[name]())))
    assert not re.search(r"\ssrc=|url\(|@import|<img|<link|<script|<form|\son[a-z]+=", html, re.I)
    addresses = re.findall(r'https?://[^"\s]+', html)
    assert {re.match(r"https?://[^/]+", one)[0] for one in addresses} == {  # type: ignore[index]
        re.match(r"https?://[^/]+", digests.unsubscribe_url(7))[0]  # type: ignore[index]
    }
    assert "Spring &lt;windows&gt; &amp; more" in html
    assert 'style=""' not in html


def test_missing_calls_come_first_and_what_changed_stands_before_and_after() -> None:
    made = digest(
        section(ALL["restated_day"](), campaign="A"), section(ALL["missing_upload"](), campaign="B")
    )
    for told in (digests.text(made), seen(digests.html(made))):
        assert told.index("No calls have been imported") < told.index("Contacts")
    assert "Dials: as told 870, now 900, change +30" in digests.text(made)
    assert "Restated" in seen(digests.html(made))
    assert "Dials 870 900 +30" in seen(digests.html(made))
    assert digests.subject(made).startswith("No calls imported for B; 1 told again")


def test_the_week_says_what_drifts_and_what_cannot_be_judged() -> None:
    (part,) = section(ALL["weekly_trend"]()).parts
    heads = [head for _, head, _ in part.groups]
    assert heads == ["What shifted", "What did not shift", "What cannot be judged"]
    assert any("drifts down" in sentence for sentence in part.groups[0][2])


def test_a_week_asks_for_the_calls_that_are_missing_as_each_evening_does() -> None:
    snapshot = ALL["weekly_trend"]()
    (ask,) = weekly_trend.paper(snapshot).asks
    day = wording.day_text(snapshot.evening.without_calls[0])
    assert (ask.what, ask.who) == (f"Import the calls of {day}", snapshot.operator)
    whole = replace(snapshot, evening=replace(snapshot.evening, without_calls=()))
    assert not weekly_trend.paper(whole).asks


def test_rates_that_are_not_judged_for_one_reason_share_a_sentence() -> None:
    why = " is not judged by day: a day has too few cases."
    signals = tuple(
        RateSignal(key, label, why=f"{label}{why}")
        for key, label in (("a", "Show rate"), ("b", "Close rate"))
    )
    (part,) = section(samples.end_of_day(replace(samples.EVENING, signals=signals))).parts
    (group,) = part.groups
    assert group[2] == ["Show rate and close rate are not judged by day: a day has too few cases."]
