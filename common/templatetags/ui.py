"""Small parts that every page uses: icons, states, people, dates, rates. Loaded everywhere as a builtin."""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField
from django.template import Context, defaulttags
from django.template.base import FilterExpression, Parser, Token, render_value_in_context, token_kwargs
from django.template.loader import render_to_string
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from common import clock, form_renderer, ui, wording

register = template.Library()


class Look(NamedTuple):
    """How a state shows: never by colour alone."""

    icon: str
    word: str
    tone: str


STATES = {
    "passed": Look("check", "Passed", "good"),
    "done": Look("check", "Done", "good"),
    "signed": Look("check", "Signed", "good"),
    "on_target": Look("check", "On target", "good"),
    "open": Look("circle", "Open", "plain"),
    "draft": Look("pencil", "Draft", "plain"),
    "published": Look("check", "Published", "good"),
    "retired": Look("archive", "Retired", "plain"),
    "planned": Look("calendar", "Planned", "plain"),
    "waiting": Look("clock", "Waiting", "plain"),
    "running": Look("loader", "Running", "plain"),
    "superseded": Look("history", "Superseded", "plain"),
    "no_data": Look("circle-dashed", "No data", "plain"),
    "blocked": Look("square", "Blocked", "bad"),
    "failed": Look("x", "Failed", "bad"),
    "below_target": Look("arrow-down", "Below target", "bad"),
    "held": Look("player-pause", "Held", "warn"),
    "expired": Look("clock", "Expired", "warn"),
    "private": Look("lock", "Private", "warn"),
    "late": Look("exclamation-mark", "Late", "warn"),
    "due": Look("clock", "Due", "warn"),
    "sample": Look("flask", "Sample", "plain"),
    "calibration": Look("adjustments", "Calibration", "warn"),
    "cancelled": Look("ban", "Cancelled", "plain"),
    "dropped": Look("ban", "Dropped", "plain"),
    "above": Look("arrow-up", "Above the rest", "good"),
    "below": Look("arrow-down", "Below the rest", "warn"),
    "within": Look("equal", "Like the rest", "plain"),
    "too-few": Look("circle-dashed", "Too few to judge", "plain"),
}


@lru_cache(maxsize=256)
def _drawing(name: str) -> str:
    svg = (Path(settings.ICONS_ROOT) / f"{name}.svg").read_text(encoding="utf-8")
    body = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
    if body is None:
        raise template.TemplateSyntaxError(f"The icon {name!r} holds no drawing.")
    shapes = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>', "", body[1])
    return re.sub(r"\s*\n\s*", "", shapes)


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """Draw one icon; with a label it speaks, without one it is passed over by screen readers."""
    speech = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
        ' stroke-linecap="round" stroke-linejoin="round" {}>{}</svg>',
        css,
        speech,
        mark_safe(_drawing(name)),  # noqa: S308  (a file of the pinned icon package, not of a person)
    )


@register.simple_tag
def state(name: str, word: str = "") -> SafeString:
    """Show a state as shape, word and colour; `word` replaces the usual word."""
    look = STATES[str(name)]
    return _badge(str(name), look, word or look.word)


@lru_cache(maxsize=512)
def _badge(name: str, look: Look, word: str) -> SafeString:
    return format_html(
        '<span class="tg-state tg-state-{}" data-state="{}">{} {}</span>',
        look.tone,
        name,
        icon(look.icon),
        word,
    )


@register.simple_tag
def check_code(sha256: str, of: str = "content") -> SafeString:
    """Show the beginning of a SHA-256 as the code by which a content or a file is told from any other."""
    return format_html('<span title="SHA-256 of the {}: {}">check code {}</span>', of, sha256, sha256[:12])


@register.simple_tag
def slip(days: int, note: str = "") -> SafeString:
    """The badge of a launch that comes later than contracted, why in its title; nothing for one that does not."""
    if days <= 0:
        return mark_safe("")
    badge = _badge("late", STATES["late"], f"launch +{wording.plural(days, 'day')}")
    return format_html('<span title="{}">{}</span>', note, badge) if note else badge


@register.simple_tag
def person(who: Any, note: str = "") -> SafeString:
    """Name a person, with side or role behind; nobody reads "nobody yet"."""
    if not who:
        return mark_safe('<span class="text-secondary">nobody yet</span>')
    name = getattr(who, "display_name", "") or getattr(who, "name", "") or str(who)
    behind = format_html(' <span class="text-secondary">· {}</span>', note) if note else ""
    return format_html('<span class="tg-person">{}{}</span>', name, behind)


def _zone(context: Context, given: str) -> str:
    head = context.get("head")
    return given or str(
        head.zone if head else context.get("own_zone") or timezone.get_current_timezone_name()
    )


@register.simple_tag(takes_context=True)
def day(
    context: Context,
    value: date | None,
    number: int | None = None,
    zone: str = "",
    near: bool = True,
    plain: bool = False,
) -> SafeString:
    """Show a date as "Thu 12 Mar · day 33", its zone in the title, "in 2 days" behind it when it is near.

    The number and the zone come from the engagement's head when the page has one. A `plain` one has no number: days are
    counted by the launch as it is now, so a contracted date has none of its own once that has moved.
    """
    if value is None:
        return mark_safe('<span class="text-secondary">no date</span>')
    head: ui.EngagementHead | None = context.get("head") or None
    place = _zone(context, zone)
    today = head.today if head else clock.today(place)
    if number is None and head and not plain:
        counted = head.number_of(value)
        number = counted if counted >= 1 and not head.calendar.held_days(value) else None
    return _day(value, value.isoformat(), number, today, place, near)


# The same few dates stand in every row of a table.
@lru_cache(maxsize=4096)
def _day(value: date, iso: str, number: int | None, today: date, place: str, near: bool) -> SafeString:
    distance = wording.near_text(value, today) if near else ""
    return format_html(
        '<time class="tg-day" datetime="{}" title="{}">{}</time>{}',
        iso,
        f"{wording.full_day_text(value)}, {place}",
        wording.day_text(value, number=number, today=today),
        format_html(' <span class="text-secondary text-nowrap">{}</span>', distance) if distance else "",
    )


@register.simple_tag(takes_context=True)
def moment(context: Context, value: datetime | None, zone: str = "", *, named: bool = False) -> SafeString:
    """Show an instant in the engagement's zone: "Thu 12 Mar, 14:05"; `named` adds the zone's short name."""
    if value is None:
        return mark_safe('<span class="text-secondary">not yet</span>')
    place = _zone(context, zone)
    local = value.astimezone(ZoneInfo(place))
    full, short = _date_words(local.date(), clock.today(place))
    behind = f" {wording.zone_text(local)}" if named else ""
    told = f"{full}, {local:%H:%M:%S}, {place}", f"{short}, {local:%H:%M}{behind}"
    title, text = (html.escape(words) for words in told)
    return mark_safe(  # noqa: S308  escaped
        f'<time class="tg-day" datetime="{value.isoformat()}" title="{title}">{text}</time>'
    )


# Most moments of a page are of few days.
@lru_cache(maxsize=1024)
def _date_words(value: date, today: date) -> tuple[str, str]:
    return wording.full_day_text(value), wording.day_text(value, today=today)


@register.simple_tag(takes_context=True)
def clock_time(context: Context, value: datetime, zone: str = "") -> str:
    """The time of an instant in the engagement's zone, beside its day: "14:05 EST"."""
    local = value.astimezone(ZoneInfo(_zone(context, zone)))
    return f"{local:%H:%M} {wording.zone_text(local)}"


@register.simple_tag
def rate(
    numerator: int | None,
    denominator: int | None,
    low: float | None = None,
    high: float | None = None,
    url: str = "",
    digits: int = 1,
    unit: str = "percent",
) -> SafeString:
    """Show a rate as "12.4% (310 of 2,500)", its interval behind, the whole opening its rows where `url` is given."""
    if numerator is None or not denominator:
        return format_html('<span class="tg-rate text-secondary">{}</span>', wording.NO_DATA)
    counted = f"({numerator:,} {'of' if unit == 'percent' else 'over'} {denominator:,})"
    share = wording.value_text(numerator / denominator, unit, digits=digits)
    text = format_html('<strong>{}</strong> <span class="tg-counted">{}</span>', share, counted)
    if url:
        text = format_html('<a href="{}">{}</a>', url, text)
    span = wording.interval_text(low, high, unit)
    behind = (
        format_html(' <span class="text-secondary text-nowrap" title="95% interval">{}</span>', span)
        if span
        else ""
    )
    return format_html('<span class="tg-rate">{}{}</span>', text, behind)


# A figure as a cell of a table shows it: "1,204", "12.4%", "€3.10", "12.4% (310 of 2,500)", "5 min".
_FIGURE = re.compile(r"[−+-]?[$€£]?\d[\d,.]*\s?(%|[a-z]{1,7})?( \(.*\))?")


@register.filter
def is_figure(cell: Any) -> bool:
    """Whether a cell of a table holds a figure, which stands at the right of its column."""
    return isinstance(cell, int | float | Decimal) or bool(_FIGURE.fullmatch(str(cell)))


@register.filter
def at(items: list[Any], index: int) -> Any:
    """One of a list by its place; nothing where the list is shorter."""
    return items[index] if index < len(items) else None


@register.filter
def figure_columns(rows: list[list[Any]]) -> list[bool]:
    """Of each column of a table whether it holds figures, and nothing else but what is missing."""
    return [
        any(is_figure(cell) for cell in column)
        and all(cell in (None, "", wording.NO_DATA) or is_figure(cell) for cell in column)
        for column in zip(*rows, strict=False)
    ]


@register.simple_tag(takes_context=True)
def table_body(context: Context, rows: Iterable[Sequence[Any]]) -> SafeString:
    """The rows of a table: what names a row first, figures at the right. A template's own loops take thrice as long."""
    lines = []
    for row in rows:
        cells = [
            '<td class="tg-numeric">no data</td>'
            if cell is None
            else f'<td class="tg-numeric">{_shown(cell, context)}</td>'
            if is_figure(cell)
            else f"<td>{_shown(cell, context)}</td>"
            for cell in row
        ]
        if cells:
            cells[0] = f'<th scope="row">{_shown(row[0], context)}</th>'
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return mark_safe("\n".join(lines))  # noqa: S308  each cell was escaped


def _shown(value: Any, context: Context) -> str:
    """A value as a template shows it: safe text as it is, other text escaped, figures and dates in their form."""
    return escape(value) if type(value) is str else render_value_in_context(value, context)


@register.filter
def count(value: int | None) -> str:
    """Say a count with its thousands; a missing one reads "no data"."""
    return wording.count_text(value)


@register.filter
def percent(value: float | None) -> str:
    """Say a share between 0 and 1 as a percentage; a missing one reads "no data"."""
    return wording.percent_text(value)


@register.filter
def share(value: Any) -> str:
    """Say an agreed share as a percentage, without needless zeros; a missing one reads "no data"."""
    return wording.NO_DATA if value in (None, "") else wording.share_text(Decimal(str(value)))


@register.filter
def goal(value: Any, unit: str) -> str:
    """Say an agreed figure in its unit: "12%", "24 hours"; a missing one reads "no data"."""
    if value in (None, "") or unit == "percent":
        return share(value)
    return wording.figure_text(Decimal(str(value)), unit)


@register.filter
def dated(value: str) -> str:
    """Say a date that was kept as text."""
    return wording.day_text(date.fromisoformat(value))


@register.filter
def points(value: float | None) -> str:
    """Say a difference of shares in points, with its sign."""
    return wording.points_text(value)


@register.filter
def plural(number: int, noun: str) -> str:
    """Say a number with its noun: `{{ n|plural:"open item" }}`, or `{{ n|plural:"reply,replies" }}`."""
    one, _, many = noun.partition(",")
    return wording.plural(number, one, many)


@register.filter
def shift(days: int) -> str:
    """Say by how much a date moves: "3 days later", "1 day earlier"."""
    return wording.shift_text(days)


@register.simple_tag
def rail(path: str) -> list[ui.Link]:
    """Give the entries of the left rail."""
    return ui.rail(path)


@register.simple_tag
def tabs(engagement: UUID, path: str) -> SafeString:
    """Give the tabs of an engagement as items of a list."""
    return items(ui.tabs(ui.SOME, ui.outside(path, engagement)), engagement)


@register.simple_tag
def items(links: Iterable[ui.Link], engagement: UUID, current: str = "page") -> SafeString:
    """Links of some engagement (`ui.SOME`) as items of a list, the present one marked, for the one that is meant."""
    return mark_safe(_items(tuple(links), current).replace(str(ui.SOME), str(engagement)))  # noqa: S308  an id


# A template's own loop takes five times as long.
@lru_cache(maxsize=256)
def _items(links: tuple[ui.Link, ...], current: str) -> SafeString:
    return format_html_join(
        "",
        '<li><a href="{}"{}{}>{}</a></li>',
        (
            (
                link.url,
                format_html(' data-go="{}"', link.key) if link.key else "",
                format_html(' aria-current="{}"', current) if link.active else "",
                link.label,
            )
            for link in links
        ),
    )


class Address(defaulttags.URLNode):
    """Django's `url`, for pages that are named by ids without working the address out again."""

    def render(self, context: Context) -> str:
        view, args = self.view_name.resolve(context), [arg.resolve(context) for arg in self.args]
        if self.kwargs or not all(type(one) is UUID for one in args):
            return str(super().render(context))
        try:
            found = ui.address(view, *args)
        except NoReverseMatch:
            if self.asvar is None:
                raise
            found = ""
        if self.asvar:
            context[self.asvar] = found
            return ""
        return escape(found) if context.autoescape else found


@register.tag
def url(parser: Parser, token: Token) -> Address:
    """Give the address of a page: `{% url 'milestones:gate' engagement.public_id gate.public_id %}`."""
    node = defaulttags.url(parser, token)
    return Address(node.view_name, node.args, node.kwargs, node.asvar)


class Constant(template.Node):
    """A piece of a page that hangs on nothing but what is named behind it."""

    def __init__(self, name: str, told: Mapping[str, FilterExpression]) -> None:
        self.name, self.told = name, told

    def render(self, context: Context) -> SafeString:
        told = tuple((key, value.resolve(context, ignore_failures=True)) for key, value in self.told.items())
        plain = tuple((key, str(value or "")) for key, value in told)
        return _constant(self.name, plain, f"{settings.ROOT_URLCONF} {settings.STATIC_URL}")


@register.tag
def constant(parser: Parser, token: Token) -> Constant:
    """Set a template once in a process for each set of words that it takes: `{% constant "ui/links.html" here=here %}`.

    It gets no request and nobody's seat, so that it says the same to everybody. The words are few.
    """
    _, name, *rest = token.split_contents()
    told = token_kwargs(rest, parser)
    if rest:
        raise template.TemplateSyntaxError("A constant takes a template and words with their names.")
    return Constant(name.strip("\"'"), told)


@lru_cache(maxsize=256)
def _constant(name: str, told: tuple[tuple[str, str], ...], addresses: str) -> SafeString:
    return mark_safe(render_to_string(name, dict(told)))  # noqa: S308  a template of ours, which escaped it


class Piece(template.Node):
    """A piece of a page that is told apart from the frame around it."""

    def __init__(self, name: str, nodelist: template.NodeList) -> None:
        self.name, self.nodelist = name, nodelist

    def render(self, context: Context) -> SafeString:
        told = self.nodelist.render(context)
        keeping = getattr(context.get("request"), "keeping", None)
        if keeping is not None:
            keeping.pieces[self.name] = told
        return told


@register.tag
def piece(parser: Parser, token: Token) -> Piece:
    """Name a piece of a page, for whoever keeps it for the next time: `{% piece "page" %}…{% endpiece %}`."""
    _, name = token.split_contents()
    nodelist = parser.parse(("endpiece",))
    parser.delete_first_token()
    return Piece(name.strip("\"'"), nodelist)


@register.simple_tag
def rail_place(path: str) -> str:
    """Give the address of the entry of the left rail that holds a path; nothing where none does."""
    return next((link.url for link in ui.rail(path) if link.active), "")


@register.simple_tag
def figures(engagement: UUID, path: str) -> ui.Shelf:
    """Give the pages behind KPIs in their groups, those of some engagement (`ui.SOME`)."""
    return ui.figures(ui.SOME, ui.outside(path, engagement))


@register.filter
def within(link: ui.Link, engagement: UUID) -> str:
    """The address of a link of some engagement, for the one that is meant."""
    return link.within(engagement).url


@register.simple_tag(takes_context=True)
def crumbs(context: Context, label: str, url: str) -> list[ui.Link]:
    """Give the way down to a page that lies under the one named."""
    head: ui.EngagementHead | None = context.get("head") or None
    return ui.crumbs(context["request"].path, head.public_id if head else None, ui.Link(str(label), url))


@register.inclusion_tag("ui/reasons.html")
def reasons(items: list[ui.Reason] | list[str], title: str = "", level: int = 2) -> dict[str, object]:
    """List why something is refused, each reason a link to what clears it where it names one."""
    listed = [item if isinstance(item, ui.Reason) else ui.Reason(str(item)) for item in items]
    return {"reasons": listed, "title": title, "level": level}


@register.simple_tag
def field(bound: BoundField) -> str:
    """Show one form field with its label, help and errors beside it."""
    return form_renderer.laid_out(bound)


@register.inclusion_tag("ui/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, object]:
    """List at the top of a form everything that is wrong with it, each a link to its field."""
    wrong = [bound for bound in form if bound.errors and not bound.is_hidden]
    hidden = [str(error) for bound in form.hidden_fields() for error in bound.errors]
    return {"general": [*form.non_field_errors(), *hidden], "wrong": wrong}


@register.inclusion_tag("ui/chart.html")
def chart(
    spec: dict[str, Any] | None, name: str, sentence: str, columns: list[str], rows: list[list[Any]]
) -> dict[str, object]:
    """Draw a Vega-Lite spec, with the sentence that says what it shows and the same figures as a table.

    `name` makes the ids on the page, so it must be unique there.
    """
    return {
        "spec": spec,
        "name": name,
        "spec_id": f"{name}-spec",
        "height": _drawn_height(spec) if spec else 0,
        "sentence": sentence,
        "columns": columns,
        "rows": rows,
    }


def _drawn_height(spec: dict[str, Any]) -> int:
    """How high a chart will be, so that its place is kept until it is drawn."""
    height = spec.get("height")
    return height if isinstance(height, int) else 200


@register.simple_tag
def meter(done: int, total: int, label: str) -> SafeString:
    """Show how much of something is done, as a bar and as words."""
    return format_html(
        '<span class="tg-meter"><progress value="{}" max="{}" aria-label="{}"></progress>'
        ' <span class="tg-number">{} of {}</span></span>',
        min(done, total),
        max(total, 1),
        label,
        f"{done:,}",
        f"{total:,}",
    )
