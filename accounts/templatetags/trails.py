"""The lines of a trail, of which a page shows a hundred, set in Python: `{% load trails %}`."""

from collections.abc import Iterable

from django import template
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from accounts.selectors import TrailLine
from common.templatetags.ui import moment

register = template.Library()
# So much of a text stands beside what it became.
LONGEST = 400


@register.simple_tag(takes_context=True)
def trail_rows(context: Context, lines: Iterable[TrailLine]) -> SafeString:
    """The rows of a trail's table. A template's own loops take twice as long."""
    return format_html_join(
        "",
        '<tr><th scope="row"><span title="SHA-256: {}">{}</span></th><td data-label="When">{}</td>'
        '<td data-label="Who">{}<br><span class="text-secondary">{}</span></td>'
        '<td data-label="What">{}{}</td><td data-label="From">{}</td></tr>\n',
        (
            (
                line.entry.hash,
                line.entry.sequence,
                moment(context, line.entry.at),
                line.entry.actor_name,
                line.entry.actor_organisation,
                line.words,
                _changes(line.details),
                line.entry.address or "no address",
            )
            for line in lines
        ),
    )


def _changes(details: list[tuple[str, str, str]]) -> SafeString:
    """What a line changed, folded; nothing for one that changed nothing."""
    if not details:
        return mark_safe("")
    rows = format_html_join(
        "",
        "<div><dt>{}</dt><dd>{} {}</dd></div>",
        (
            (
                name,
                format_html("<del>{}</del>", _short(before)) if before else "",
                format_html("<ins>{}</ins>", _short(after)) if after else "",
            )
            for name, before, after in details
        ),
    )
    return format_html(
        ' <details class="tg-more"><summary>Before and after</summary><dl class="tg-changes">{}</dl></details>',
        rows,
    )


def _short(text: str) -> str:
    return Truncator(text).chars(LONGEST) if len(text) > LONGEST else text
