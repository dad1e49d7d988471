"""Parts of the documentation that are read from the code, so that they say what is so.

Each directive becomes Markdown, which Sphinx reads as if it stood in the page: `{permissions} client_lead`.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar

from django.core.management import get_commands, load_command_class
from django.urls import URLPattern, get_resolver
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from toolchain import options

from accounts.roles import (
    BY_ORGANISATION_ROLE,
    BY_PARTICIPANT_ROLE,
    OrganisationRole,
    ParticipantRole,
    Permission,
)
from accounts.services import INVITATION_LIFE
from common import ui, upload_cap, uploads
from engagements.outcomes import Outcome
from kpis.imports import agent_reports, layout, parse, reading
from kpis.imports.presets import OWN_COLUMNS, PRESETS
from kpis.models import SheetKind
from kpis.qa import scoring
from kpis.services import closer_links
from kpis.sheets import hours, reviews, roster, totals
from kpis.sheets import outcomes as told
from milestones.api import SignThrottle
from milestones.playbook import load
from reports.snapshots import PERIODIC, Kind
from workspace.demo.cast import PEOPLE

ROOT = Path(__file__).resolve().parents[2]
OUR_APPS = ("accounts", "engagements", "kpis", "milestones", "reports", "tenancy", "workspace")
PLAYBOOK = "calling-90-days"
CALL_OR_LEAD = {"the call": told.CALL, "or the lead": told.LEAD, "or the number": told.PHONE}
SHEET_COLUMNS: dict[SheetKind, dict[str, Iterable[str]]] = {
    SheetKind.OUTCOMES: {
        **CALL_OR_LEAD, "what became of it": told.STAGE, "or shown, yes or no": told.SHOWN,
        "and closed, yes or no": told.CLOSED, "on which day": told.DATE, "for how much": told.AMOUNT,
    },
    SheetKind.ROSTER: {
        "the dialer’s code": roster.CODE, "name": roster.NAME, "first day": roster.START, "last day": roster.END,
    },
    SheetKind.TOTALS: {
        "day": totals.DAY, **{f"count of {what}": names for what, names in totals.COUNTS.items()},
    },
    SheetKind.REVIEWS: {
        **CALL_OR_LEAD, "or the agent": reviews.AGENT, "and the time of the call": reviews.CALLED,
        "score in percent": reviews.SCORE, "or points": reviews.EARNED, "of possible": reviews.POSSIBLE,
        "each item": ("item: NAME",), "code as heard": reviews.HEARD, "reviewer": reviews.REVIEWER,
        "on which day": reviews.DATE, "comment": reviews.COMMENT,
    },
    SheetKind.HOURS: {"day": hours.DATE, "agent": hours.AGENT, "time logged in or paid": hours.HOURS},
}  # fmt: skip


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def our_commands() -> dict[str, str]:
    """The management commands of Tollgate's own apps, each with its app."""
    return {name: app for name, app in sorted(get_commands().items()) if app in OUR_APPS}


def command(name: str) -> str:
    """What a management command does and takes."""
    instance = load_command_class(our_commands()[name], name)
    parser = instance.create_parser("manage.py", name)
    common = {
        "help",
        "version",
        "verbosity",
        "settings",
        "pythonpath",
        "traceback",
        "no_color",
        "force_color",
        "skip_checks",
    }
    rows = [
        (_option(action), "yes" if action.required else "", _help(action))
        for action in parser._actions
        if action.dest not in common
    ]
    takes = table(("option", "needed", "what it says"), rows) if rows else "It takes no options of its own."
    return f"{instance.help}\n\n{takes}"


def _option(action: Any) -> str:
    named = ", ".join(f"`{one}`" for one in action.option_strings)
    return named or f"`{action.dest.upper()}`"


def _help(action: Any) -> str:
    said = action.help or ""
    choices = f"one of {', '.join(f'`{one}`' for one in action.choices)}" if action.choices else ""
    return "; ".join(part for part in (said, choices) if part) or action.dest.replace("_", " ").replace(
        "admin", "the administrator’s"
    )


def bin_commands(_: str = "") -> str:
    """The commands of bin/, as they tell themselves."""
    rows = []
    for name, parser_of in sorted(options.OF.items()):
        parser = parser_of()
        takes = [", ".join(f"`{one}`" for one in action.option_strings) or f"`{action.dest}`"
                 for action in parser._actions if action.dest != "help"]  # fmt: skip
        rows.append((f"`bin/{name}`", parser.description, "<br>".join(takes)))
    return table(("command", "what it does", "takes"), rows)


def permissions(role: str) -> str:
    """What a role may do, as the table in accounts/roles.py has it."""
    if role in ParticipantRole.values:
        granted = BY_PARTICIPANT_ROLE[ParticipantRole(role)]
    else:
        granted = BY_ORGANISATION_ROLE[OrganisationRole(role)]
    listed = [permission.value for permission in Permission if permission in granted]
    return "\n".join(f"- {one}" for one in listed)


def role_table(_: str = "") -> str:
    """Who may do what, one row for each right, one column for each role."""
    roles = list(ParticipantRole)
    rows = []
    for permission in Permission:
        marks = ["yes" if permission in BY_PARTICIPANT_ROLE[role] else "" for role in roles]
        if any(marks):
            rows.append((permission.value, *marks))
    return table(("may …", *(role.label for role in roles)), rows)


def milestones_of(phase_code: str) -> str:
    """The milestones of one phase of the shipped playbook, with what proves each."""
    playbook = load(PLAYBOOK)
    phase = next(each for each in playbook.phases if each.code == phase_code)
    rows = [
        (spec.day, spec.title, ParticipantRole(spec.role).label, spec.evidence)
        for spec in playbook.milestones
        if phase.first_day <= spec.day <= phase.last_day
    ]
    return table(("due on day", "milestone", "who", "what proves it"), rows)


def deliverables(_: str = "") -> str:
    """Every written report."""
    rows = [
        (
            kind.label,
            f"`{kind.value}`",
            "by itself, in the evening" if kind in PERIODIC else "when somebody asks for it",
        )
        for kind in Kind
    ]
    return table(("report", "its name on the command line", "made"), rows)


def presets(_: str = "") -> str:
    """The exports that are known, and what is assumed of each."""
    return table(
        ("export", "name on the command line", "what it is"),
        [(preset.label, f"`{name}`", preset.help) for name, preset in PRESETS.items()],
    )


def own_columns(_: str = "") -> str:
    """The columns of Tollgate's own CSV."""
    return table(("column", "what it holds"), [(f"`{name}`", said) for name, said in OWN_COLUMNS.items()])


def outcomes(_: str = "") -> str:
    """What a code can mean, and how far in the funnel it counts."""
    return table(
        ("meaning", "in a file of ours", "counts as far as"),
        [(outcome.label, f"`{outcome.value}`", outcome.stage.label) for outcome in Outcome],
    )


def sheets(_: str = "") -> str:
    """The files that are no call logs, with the names under which their columns are known."""
    rows = []
    for kind, named in SHEET_COLUMNS.items():
        known = "<br>".join(
            f"{what}: {', '.join(f'`{one}`' for one in names)}" for what, names in named.items()
        )
        rows.append((kind.label, known))
    return table(("file", "its columns, each under one of these names"), rows)


def limits(_: str = "") -> str:
    """How much is taken at most."""
    mega = 1024 * 1024
    return table(
        ("of", "at most"),
        [
            ("a call log, as it is uploaded (may be packed with gzip)", f"{reading.MAX_PACKED // mega} MB"),
            ("the same, unpacked", f"{reading.MAX_UNPACKED // mega} MB"),
            ("rows in one call log", f"{parse.MAX_ROWS:,}"),
            ("columns in one file", f"{layout.MAX_COLUMNS:,}"),
            ("one file of evidence", f"{uploads.MAX_BYTES // mega} MB"),
            ("all evidence of one engagement", f"{uploads.QUOTA_BYTES // mega} MB"),
            ("one request", f"{upload_cap.LONGEST // mega} MB"),
            ("rows in a report on agents", f"{agent_reports.MOST_ROWS:,}"),
            ("days that a closer’s link spans", closer_links.MOST_DAYS),
            ("closers’ links that are open at once", closer_links.MOST_OPEN),
            ("points on a scorecard", scoring.MOST_ITEMS),
            ("how long an invitation works", f"{INVITATION_LIFE.days} days"),
            ("signatures tried by the API", SignThrottle.rate.replace("/", " an ")),
        ],
    )


def tabs(_: str = "") -> str:
    """The tabs of an engagement."""
    return " · ".join(f"**{entry[0]}**" for entry in ui.TABS)


def people(_: str = "") -> str:
    """Who can log in to the demo."""
    return table(
        ("person", "log-in", "organisation", "what they do"),
        [(one.name, f"`{one.email}`", one.organisation, one.what) for one in PEOPLE],
    )


def endpoints() -> list[tuple[str, str, str, str]]:
    """Each address of the API: its name, method, path and what its view says of itself."""
    found = []
    for prefix, patterns in [("", get_resolver().url_patterns)]:
        found += list(_walk(prefix, patterns))
    return found


def _walk(prefix: str, patterns: Iterable[Any]) -> Iterable[tuple[str, str, str, str]]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            if path.startswith("api/"):
                view = pattern.callback
                methods = [
                    one
                    for one in view.cls.http_method_names
                    if one in ("get", "post") and hasattr(view.cls, one)
                ]  # type: ignore[attr-defined]
                shown = "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", path)
                yield pattern.name or "", " ".join(methods).upper(), shown, inspect.getdoc(view) or ""
        else:
            yield from _walk(path, pattern.url_patterns)


def endpoint_table(_: str = "") -> str:
    """Every address of the API."""
    return table(
        ("method", "path", "what it does"),
        [(method, f"`{path}`", said) for _, method, path, said in endpoints()],
    )


class FromCode(SphinxDirective):
    """Runs the function of its name with its argument and reads what it returns as Markdown."""

    optional_arguments = 1
    makers: ClassVar[dict[str, Callable[[str], str]]] = {
        "command": command,
        "bin-commands": bin_commands,
        "permissions": permissions,
        "role-table": role_table,
        "milestones": milestones_of,
        "deliverables": deliverables,
        "presets": presets,
        "own-columns": own_columns,
        "outcomes": outcomes,
        "sheets": sheets,
        "limits": limits,
        "tabs": tabs,
        "people": people,
        "endpoints": endpoint_table,
    }

    def run(self) -> list[nodes.Node]:
        maker = self.makers[self.name]
        self.env.note_reread()
        return self.parse_text_to_nodes(maker(*self.arguments))


def lead_home(app: Sphinx, relative: Path, parent: str, content: list[str]) -> None:
    """Texts of the repository's root are included where they stand; their links are led to where they lead here."""
    content[0] = re.sub(r"\]\(docs/adr\)", "](/built/decisions.md)", content[0])
    content[0] = re.sub(r"\]\(docs/([\w./-]+)\)", r"](/\1)", content[0])


def by_keyboard(app: Sphinx, name: str, template: str, context: dict[str, Any], tree: object) -> None:
    """What scrolls sideways can be scrolled by the keyboard, and the headings of the navigation have a level."""
    body = context.get("body", "").replace("<pre>", '<pre tabindex="0">')
    context["body"] = body.replace(
        '<div class="table-wrapper', '<div role="region" aria-label="Table" tabindex="0" class="table-wrapper'
    )
    if navigation := context.get("furo_navigation_tree"):
        context["furo_navigation_tree"] = navigation.replace(
            'role="heading"', 'role="heading" aria-level="2"'
        )


def setup(app: Sphinx) -> dict[str, bool]:
    """Give Sphinx the directives."""
    for name in FromCode.makers:
        app.add_directive(name, FromCode)
    app.connect("include-read", lead_home)
    app.connect("html-page-context", by_keyboard, priority=900)  # once the theme has made its navigation
    return {"parallel_read_safe": True, "parallel_write_safe": True}
