"""Nothing of a tenant's is remembered for somebody else: neither in the shared cache nor in a process."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tenancy.cache import cache_key
from tenancy.context import Scope, _current
from tests.paths import ROOT

APPS = (
    "accounts",
    "common",
    "config",
    "engagements",
    "kpis",
    "milestones",
    "reports",
    "tenancy",
    "workspace",
)

# Modules that use the shared cache without `cache_key`, each with the reason.
SHARED: dict[str, str] = {}
# Functions that a process remembers, each with the reason why that is nobody's secret.
REMEMBERED = {
    "common/brand.py:stylesheet": "a colour as CSS, made of the colour alone",
    "common/brand.py:sheet_name": "the same",
    "common/templatetags/ui.py:_constant": "a template that is given nobody's request, only the words of its key",
    "common/templatetags/ui.py:_items": "links of some engagement as HTML, the own id comes in afterwards",
    "common/templatetags/ui.py:icon": "a drawing as HTML, made of its names alone",
    "common/templatetags/ui.py:_badge": "a state as HTML, made of its words alone",
    "common/templatetags/ui.py:_date_words": "a date in words",
    "common/templatetags/ui.py:_day": "a date as HTML, made of the date and today's alone",
    "common/templatetags/ui.py:_drawing": "icons are files of a package",
    "milestones/models/evidence.py:_annotated": "a query that has not been asked, of no tenant",
    "milestones/playbook/shipped.py:load": "playbooks are files of ours",
    "milestones/playbook/shipped.py:shipped": "playbooks are files of ours",
    "common/ui.py:_links": "which address a page has, of no engagement",
    "common/ui.py:_homes": "which of our addresses hold others",
    "common/ui.py:_parts": "an address without its ids",
    "engagements/access.py:_converters": "what kinds of columns a table has",
    "engagements/access.py:_opening": "a query that has not been asked, of no tenant",
    "common/zones.py:zones": "the zones of the world are one table for all",
    "workspace/selectors/places.py:_overview": "the address of an overview, made of an id that the reader has",
    "reports/pdf.py:_styles": "style sheets are files of ours",
    "reports/render.py:_engine": "templates are files of ours",
    "reports/state_font.py:font_face": "shapes drawn from numbers of ours",
    **dict.fromkeys(
        (
            "kpis/windows/places.py:places",
            "kpis/windows/places.py:_by_name",
            "kpis/windows/places.py:country_of_zone",
            "kpis/windows/places.py:is_a_zone",
            "kpis/windows/places.py:clock_of",
            "kpis/windows/rules.py:shipped",
            "kpis/windows/rules.py:holidays_of",
            "kpis/windows/zones.py:_american",
            "kpis/windows/zones.py:area_zones",
        ),
        "places, zones, holidays and rules are files of ours and tables of packages",
    ),
    **dict.fromkeys(
        (
            "kpis/windows/zones.py:postal_place",
            "kpis/windows/zones.py:_parsed",
            "kpis/windows/zones.py:_zones",
        ),
        "what a number or postal code tells is the same for everybody who asks, and nobody can see who has asked",
    ),
    "common/code.py:code_number": "all who ask run the same code",
    **dict.fromkeys(
        ("engagements/templatetags/comments.py:_blank", "kpis/forms/qa.py:_blank_transfer"),
        "a form with gaps in the place of all that is somebody's; each page fills them in for itself",
    ),
    "reports/svg.py:_widths": "fonts are files of a package",
    "milestones/views/playbooks/reading.py:_shipped": "playbooks are files of ours",
    **dict.fromkeys(
        (
            "milestones/selectors/playbooks.py:_content_of",
            "milestones/selectors/playbooks.py:_yaml_of",
            "milestones/views/playbooks/reading.py:_set",
            "workspace/selectors/portfolio.py:_look",
            "workspace/selectors/tasks.py:_duties",
        ),
        "what a text says, asked with the whole text: whoever asks has read it already",
    ),
}


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def _imports_cache(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        named = {alias.name for alias in node.names}
        return (node.module or "").startswith("django.core.cache") or (
            node.module == "django.views.decorators.cache" and "cache_page" in named
        )
    return isinstance(node, ast.Import) and any(
        alias.name.startswith("django.core.cache") for alias in node.names
    )


def test_the_shared_cache_is_used_with_the_builder_or_for_a_listed_reason() -> None:
    users = {
        name
        for name, tree in _trees()
        if any(_imports_cache(node) for node in ast.walk(tree))
        and not any(
            isinstance(node, ast.ImportFrom) and node.module == "tenancy.cache" for node in ast.walk(tree)
        )
    }
    assert users == set(SHARED)


def test_no_template_keeps_a_part_of_a_page() -> None:
    assert [
        str(path) for path in (ROOT / "templates").rglob("*.html") if "{% cache" in path.read_text()
    ] == []


def test_what_a_process_remembers_is_listed() -> None:
    found = {
        f"{name}:{node.name}"
        for name, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any(_remembers(decorator) for decorator in node.decorator_list)
    }
    assert found == set(REMEMBERED)


def _remembers(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name in ("cache", "lru_cache")


def _key(scope: Scope | None, *parts: object) -> str:
    token = _current.set(scope)
    try:
        return cache_key("test", *parts)
    finally:
        _current.reset(token)


def test_a_key_names_person_organisation_and_engagement() -> None:
    scopes = [Scope(1, 2, 3), Scope(9, 2, 3), Scope(1, 9, 3), Scope(1, 2, 9), Scope(1, 2), Scope(1)]
    assert len({_key(scope, "same") for scope in scopes}) == len(scopes)
    assert _key(scopes[0], "one") != _key(scopes[0], "two")
    assert _key(scopes[0], "a", "bc") != _key(scopes[0], "ab", "c")
    assert _key(scopes[0], "one") == _key(Scope(1, 2, 3), "one")


def test_without_a_context_there_is_no_key() -> None:
    with pytest.raises(RuntimeError, match="enter a context"):
        _key(None)


def test_the_lists_name_files_that_exist() -> None:
    assert all((ROOT / Path(name.split(":")[0])).is_file() for name in [*SHARED, *REMEMBERED])
