"""The shared parts of the pages, each rendered by itself."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
import time_machine
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.utils.html import strip_tags

from common import ui
from common.days import Calendar
from common.templatetags import ui as tags

HEAD = ui.EngagementHead(
    public_id=UUID(int=7),
    campaign="Solar leads, spring",
    client="Northwind Energy",
    operator="Calloway Contact Centre",
    zone="America/Chicago",
    calendar=Calendar(date(2026, 3, 2), date(2026, 3, 15)),
    today=date(2026, 4, 6),
    phase="Optimisation",
)


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def text(source: str, **context: object) -> str:
    return " ".join(strip_tags(render(source, **context)).split())


def test_the_time_of_a_signature_names_its_zone() -> None:
    at = datetime(2026, 4, 6, 3, 5, tzinfo=UTC)
    assert text("{% moment at named=True %}", head=HEAD, at=at).endswith("22:05 CDT")
    assert text("{% moment at zone='Asia/Dubai' named=True %}", head=HEAD, at=at).endswith("07:05 UTC+04")


@pytest.mark.parametrize("name", sorted(tags.STATES))
def test_a_state_is_a_shape_and_a_word(name: str) -> None:
    drawn = str(tags.state(name))
    assert "<svg" in drawn
    assert strip_tags(drawn).strip() == tags.STATES[name].word


def test_a_state_takes_another_word() -> None:
    assert text('{% state "open" "Not signed" %}') == "Not signed"


def test_an_icon_without_a_label_is_silent_and_with_one_speaks() -> None:
    assert 'aria-hidden="true"' in tags.icon("check")
    assert 'role="img" aria-label="Done"' in tags.icon("check", "Done")


def test_words_of_people_are_escaped() -> None:
    assert "<b>" not in render("{% person who %}{% reasons list %}", who="<b>", list=["<b>"])


def test_a_date_takes_its_day_and_zone_from_the_engagement() -> None:
    drawn = render("{% day date %}", head=HEAD, date=date(2026, 4, 8))
    assert " ".join(strip_tags(drawn).split()) == "Wed 8 Apr · day 35 in 2 days"
    assert 'title="Wednesday 8 April 2026, America/Chicago"' in drawn


def test_a_date_on_which_the_launch_was_held_has_no_day_number() -> None:
    assert text("{% day date %}", head=HEAD, date=date(2026, 3, 13)) == "Fri 13 Mar"


@time_machine.travel(datetime(2026, 4, 6, 3, tzinfo=UTC), tick=False)
def test_without_an_engagement_today_is_that_of_the_zone() -> None:
    assert text('{% day date zone="America/Chicago" %}', date=date(2026, 4, 5)) == "Sun 5 Apr today"


def test_no_date_says_so() -> None:
    assert text("{% day none %}{% moment none %}", none=None) == "no datenot yet"


def test_an_instant_is_told_in_the_engagements_zone() -> None:
    assert text("{% moment at %}", head=HEAD, at=datetime(2026, 4, 6, 3, 5, tzinfo=UTC)).startswith(
        "Sun 5 Apr, 22:05"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("310 2500", "12.4% (310 of 2,500)"),
        ("310 2500 0.112 0.137", "12.4% (310 of 2,500) 11.2–13.7%"),
        ("0 2500", "0.0% (0 of 2,500)"),
        ("0 0", "no data"),
        ("none none", "no data"),
    ],
)
def test_a_rate_shows_what_it_was_counted_from(arguments: str, said: str) -> None:
    assert text(f"{{% rate {arguments} %}}", none=None) == said


def test_a_missing_count_is_not_zero() -> None:
    assert (
        text("{{ none|count }} {{ zero|count }} {{ none|percent }}", none=None, zero=0) == "no data 0 no data"
    )


def test_reasons_link_to_what_clears_them() -> None:
    drawn = render("{% reasons list %}", list=["Plain.", ui.Reason("Linked.", "/there/")])
    assert '<a href="/there/">Linked.</a>' in drawn
    assert "<li>Plain.</li>" in drawn


class Bird(forms.Form):
    name = forms.CharField(help_text="As it is called.")
    secret = forms.CharField(widget=forms.HiddenInput)


def test_a_wrong_field_is_named_at_the_top_and_explained_beside_itself() -> None:
    drawn = render('{% include "ui/form.html" with form=form submit="Save" %}', form=Bird({}))
    assert '<a href="#id_name">Name</a>: This field is required.' in drawn
    assert 'aria-describedby="id_name_helptext id_name_error"' in drawn
    assert 'id="id_name_error"' in drawn
    assert "Please correct 1 field below." in drawn


def test_a_chart_stands_beside_its_sentence_and_its_table() -> None:
    drawn = render(
        '{% chart spec "trend" "It rose." columns rows %}',
        spec={"mark": "</script>"},
        columns=["Day"],
        rows=[["1"]],
    )
    assert 'data-chart="trend-spec"' in drawn
    assert drawn.count("</script>") == 1, "a text within the data cannot end the data"
    assert '<th scope="row">1</th>' in drawn


def test_a_progress_bar_of_unknown_length_has_no_value() -> None:
    source = '{% include "ui/progress.html" with label="Reading" done=3 total=total %}'
    assert "value=" not in render(source, total=0)
    assert 'value="3" max="9"' in render(source, total=9)


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2026, 2, 20), "Kickoff in 10 days"),
        (date(2026, 3, 1), "Kickoff tomorrow"),
        (date(2026, 3, 2), "Day 1 · Setup"),
        (date(2026, 3, 12), "Day 10, held 1 day · Setup"),
        (date(2026, 3, 15), "Day 11 · Setup"),
    ],
)
def test_the_head_says_where_the_engagement_stands(today: date, said: str) -> None:
    head = ui.EngagementHead(
        public_id=HEAD.public_id,
        campaign="C",
        client="A",
        operator="B",
        zone="UTC",
        calendar=HEAD.calendar,
        today=today,
        phase="Setup",
    )
    assert head.position == said


def test_a_tab_whose_page_does_not_exist_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ui, "TABS", (("Nothing", "no:such_page", "x"),))
    assert ui.tabs(UUID(int=7), "/") == []


def test_the_page_that_holds_all_others_is_marked_only_on_itself() -> None:
    links = [ui.Link("Overview", "/e/7/"), ui.Link("Plan", "/e/7/plan/")]
    assert [link.active for link in ui._marked(links, "/e/7/")] == [True, False]
    assert [link.active for link in ui._marked(links, "/e/7/plan/lock/")] == [False, True]
    assert [link.active for link in ui._marked(links, "/e/7/elsewhere/")] == [False, False]


TEMPLATES = sorted((settings.ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.ROOT / "templates"))
)
def test_pages_carry_nothing_that_the_content_security_policy_refuses(path: Path) -> None:
    """Inline styles and handlers are blocked by the browser, so a page that needs one looks broken."""
    source = path.read_text(encoding="utf-8")
    if path.is_relative_to(settings.ROOT / "templates" / "reports"):
        return
    for refused in (" style=", "<style", " onclick=", " onchange=", " onsubmit=", "javascript:", "hx-on"):
        assert refused not in source


def test_figures_stand_at_the_right_of_their_column() -> None:
    html = Template('{% include "ui/table.html" with caption="x" %}').render(
        Context(
            {
                "columns": ["Day", "Dials", "Rate", "Note"],
                "rows": [
                    ["Thu 12 Mar", "1,204", "12.4% (310 of 2,500)", "2 of them late"],
                    ["Fri", None, "no data", ""],
                ],
            }
        )
    )
    assert '<th scope="col">Day</th><th scope="col" class="tg-numeric">Dials</th>' in html
    assert '<th scope="col" class="tg-numeric">Rate</th><th scope="col">Note</th>' in html
    assert '<td class="tg-numeric">1,204</td>' in html


def test_a_launch_that_came_later_bears_its_badge_and_no_other_does() -> None:
    assert "launch +1 day" in tags.slip(1)
    assert 'title="It rained"' in tags.slip(3, "It rained")
    assert tags.slip(0) == tags.slip(-2) == ""


def test_states_people_dates_and_reasons_are_drawn_in_one_place_only() -> None:
    """A page that draws one of them by hand says the same thing in another way sooner or later."""
    by_hand = re.compile(
        r'class="[^"]*\b(tg-state|tg-person|tg-reasons|tg-funnel|tg-rate|tg-day)\b|<time\b|\bbadge\b'
    )
    root = Path(settings.ROOT) / "templates"
    faults = [
        f"{path.relative_to(root)}: {found[0]}"
        for path in sorted(root.rglob("*.html"))
        if path.relative_to(root).parts[0] not in ("ui", "allauth")
        for found in [by_hand.search(path.read_text())]
        if found
    ]
    assert faults == []


def test_the_way_down_names_the_tab_and_the_page_above() -> None:
    known = UUID(int=7)
    finding = f"/e/{known}/kpis/findings/{UUID(int=8)}/"
    links = ui.crumbs(finding, known, ui.Link("Findings", f"/e/{known}/kpis/findings/"))
    assert [link.label for link in links] == ["KPIs", "Findings"]
    links = ui.crumbs(f"/e/{known}/gates/{UUID(int=8)}/", known, ui.Link("Gates", f"/e/{known}/gates/"))
    assert [link.label for link in links] == ["Gates"]
    links = ui.crumbs("/settings/playbooks/x/", None, ui.Link("Playbooks", "/settings/playbooks/"))
    assert [link.label for link in links] == ["Settings", "Playbooks"]


def test_every_shortcut_is_a_letter_of_its_own() -> None:
    keys = [key for *_, key in (*ui.RAIL, *ui.TABS)]
    assert len(set(keys)) == len(keys)
