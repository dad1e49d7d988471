"""Pieces of My work and the portfolio of which a page shows many, set in Python: `{% load work %}`."""

from collections.abc import Iterable

from django import template
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from common.templatetags.ui import day, state
from common.ui import address
from common.wording import plural, shift_text
from milestones.models import Slip
from workspace.selectors.operators import LaunchRow
from workspace.selectors.portfolio import Row
from workspace.selectors.tasks import Task
from workspace.selectors.work import Held, TaskList

register = template.Library()
FOLDED = 3
NOT_LOCKED = mark_safe('<span class="text-secondary">not locked</span>')
EXPECTED = mark_safe('<span class="text-secondary">expected</span>')
NONE = mark_safe('<span class="text-secondary">none</span>')


@register.simple_tag(takes_context=True)
def task_rows(context: Context, shown: TaskList) -> SafeString:
    """The rows of a list of My work; of the list that leads the first is the next thing to do."""
    rows = [
        _held_row(context, one)
        if isinstance(one, Held)
        else _task_row(context, one, shown.key, leads=shown.leads and not number)
        for number, one in enumerate(shown.tasks)
    ]
    return mark_safe("".join(rows))  # noqa: S308  each was escaped


def _held_row(context: Context, held: Held) -> SafeString:
    return format_html(
        '<tr>\n    <th scope="row">{}</th>\n    <td data-label="Engagement">{}</td>\n    <td>{}</td>\n  </tr>',
        held.why, _place(held), _held_tasks(context, held),
    )  # fmt: skip


def _task_row(context: Context, task: Task, key: str, *, leads: bool) -> SafeString:
    campaign = task.engagement.campaign
    if key == "waiting":
        act = format_html('<td data-label="Who"><a href="{}">{}</a></td>', task.url, task.who)
    else:
        act = format_html(
            '<td data-label="Action"><a class="btn btn-sm {}" href="{}">{}'
            '<span class="visually-hidden">: {}, {}</span></a></td>',
            "btn-primary" if leads else "btn-outline-secondary", task.url, task.verb, task.title, campaign,
        )  # fmt: skip
    stands_in = task.stands_in and format_html(
        ' <span class="text-secondary fw-normal">for {}</span>', task.stands_in
    )
    return format_html(
        '<tr>\n    <th scope="row">{}{}</th>\n    <td data-label="Engagement">{}</td>\n'
        '    <td data-label="Due">{}{}</td>\n    {}\n  </tr>',
        task.title, stands_in, _place(task), format_html("{} ", state("late")) if task.when == "overdue" else "",
        _day(context, task), act,
    )  # fmt: skip


def _place(one: Task | Held) -> SafeString:
    """The engagement in which something waits."""
    sample = format_html(" {}", state("sample")) if one.engagement.is_sample else ""
    return format_html('<a href="{}">{}</a>{}', one.place, one.engagement.campaign, sample)


def _held_tasks(context: Context, held: Held) -> SafeString:
    """What waits for the same thing, with its days; folded where it is more than a few."""
    rows = format_html_join("", "<li>{}</li>", ((_task(context, task),) for task in held.tasks))
    listed = format_html('<ul class="tg-links">{}</ul>', rows)
    if len(held.tasks) <= FOLDED:
        return listed
    first = day(context, held.tasks[0].due, zone=held.engagement.zone)
    summary = format_html("{} things, the first due {}", len(held.tasks), first)
    return format_html('<details class="tg-more"><summary>{}</summary>{}</details>', summary, listed)


def _task(context: Context, task: Task) -> SafeString:
    stands_in = (
        format_html(' <span class="text-secondary">for {}</span>', task.stands_in) if task.stands_in else ""
    )
    return format_html(
        '<a href="{}">{}</a>{} {}<span class="text-secondary">{}{}</span>',
        task.url,
        task.title,
        stands_in,
        format_html("{} ", state("late")) if task.when == "overdue" else "",
        _day(context, task),
        f". {task.then}" if task.then else "",
    )


def _day(context: Context, task: Task) -> SafeString:
    if task.since:
        since = day(context, task.since, zone=task.engagement.zone, near=False)
        return format_html('waiting since <span class="text-nowrap">{}</span>', since)
    return day(context, task.due, zone=task.engagement.zone)


@register.simple_tag
def portfolio_rows(rows: Iterable[Row]) -> SafeString:
    """The rows of the portfolio's table; what both sides see alike was drawn when the row was kept."""
    return mark_safe("".join(_row(row) for row in rows))  # noqa: S308  each is safe


def _row(row: Row) -> SafeString:
    late = (
        format_html(
            '<br>{} <span class="text-nowrap">{}</span>', state("late"), plural(row.look.late, "milestone")
        )
        if row.look.late
        else ""
    )
    calendar = (
        format_html('<br><span class="text-nowrap">{} for the calendar</span>', row.look.calendar)
        if row.look.calendar
        else ""
    )
    return format_html(
        '<tr><th scope="row"><a href="{}">{}</a>{}<br><span class="text-secondary fw-normal">{}</span></th>{}'
        '<td data-label="Open"><span class="text-nowrap">{} with us</span><br>'
        '<span class="text-nowrap">{} with them</span>{}{}</td>{}</tr>\n',
        row.url,
        row.engagement.campaign,
        format_html(" {}", state("sample")) if row.engagement.is_sample else "",
        row.other,
        row.planned,
        row.on_us,
        row.on_them,
        calendar,
        late,
        row.counted,
    )


@register.simple_tag(takes_context=True)
def launch_rows(context: Context, rows: Iterable[LaunchRow]) -> SafeString:
    """The launches of one operator, with what made them later beside each."""
    return mark_safe("".join(_launch(context, row) for row in rows))  # noqa: S308  each is safe


def _launch(context: Context, row: LaunchRow) -> SafeString:
    engagement, launch = row.engagement, row.launch
    zone = engagement.zone
    if launch is None:
        on_time = state("open", "Not launched")
    elif not launch.actual:
        on_time = format_html("{} not launched", state("late", "Overdue"))
    else:
        on_time = (
            state("done", "On time")
            if launch.on_time
            else format_html("{} {}", state("late"), shift_text(row.days))
        )
    return format_html(
        '<tr>\n<th scope="row"><a href="{}#launch">{}</a><br><span class="text-secondary fw-normal">{}</span></th>\n'
        '<td data-label="Contracted">{}</td>\n<td data-label="Launch">{}</td>\n<td data-label="On time">{}</td>\n'
        '<td data-label="Slips">{}</td>\n</tr>',
        address("milestones:plan", engagement.public_id),
        engagement.campaign,
        engagement.client.name,
        day(context, row.contracted, zone=zone, near=False) if row.contracted else NOT_LOCKED,
        day(context, launch.actual, zone=zone, near=False)
        if launch and launch.actual
        else format_html("{} {}", EXPECTED, day(context, row.forecast, zone=zone)),
        on_time,
        format_html_join(mark_safe("<br>"), "{}", ((_slip(slip),) for slip in row.slips)) or NONE,
    )


def _slip(slip: Slip) -> SafeString:
    answer = ""
    if slip.word == "contested":
        reason = slip.proposal.answer_reason if slip.proposal else ""
        answer = format_html(" {} {}", state("failed", "Contested"), reason)
    elif slip.word == "open":
        answer = format_html(" {}", state("waiting", "Not answered yet"))
    return format_html(
        "{}, {}: {}{}", shift_text(slip.days), slip.get_side_display().lower(), slip.reason, answer
    )
