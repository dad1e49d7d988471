"""What the documentation names exists: commands with their options, variables, addresses of the API, roles."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from allauth.account import fields
from django.core.management import get_commands, load_command_class
from django.urls import URLPattern, get_resolver, resolve
from toolchain import options
from toolchain.paths import ROOT

from accounts.roles import OrganisationRole, ParticipantRole
from common import ui

from .reading import DOCS, SOURCES, calls_of, shown

COMMAND = re.compile(r"^[a-z_]+$")
OUR_APPS = {"accounts", "engagements", "kpis", "milestones", "reports", "tenancy", "workspace"}
VARIABLE = re.compile(r"`([A-Z][A-Z0-9_]{3,})`")
WAY = re.compile(r"\*\*([A-Z][^*]+)\*\*, \*")
FIGURES_WAY = re.compile(r"\*\*KPIs\*\*((?:, \*[A-Z][^*]+\*)+)")
READ = re.compile(r"(?<!\*)\*([A-Z][^*]+)\*(?!\*)")
SCREENS = [
    Path(fields.__file__),
    *(ROOT / "templates").rglob("*.html"),
    ROOT / "common" / "ui.py",
    *(ROOT / "kpis" / "forms").glob("*.py"),
]
IDS = {"ENGAGEMENT": "019a0000-0000-7000-8000-000000000001", "GATE": "019a0000-0000-7000-8000-000000000002"}
# Of the machine, not ours; and what tests alone set for themselves.
NOT_OURS = {"PATH", "PYENV_ROOT", "DJANGO_ALLOW_ASYNC_UNSAFE"}
READS_VARIABLES = ("config", "engagements", "tenancy", "workspace", "bin")


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_shown_exist_with_their_options(source: Path) -> None:
    wrong = []
    for words in shown(source):
        for called in calls_of(words, "manage.py"):
            wrong += _faults_of_management(called)
        for word in words:
            if re.fullmatch(r"bin/[a-z_]+", word):
                wrong += _faults_of_bin(word, next(calls_of(words, word)))
    assert wrong == []


def _faults_of_management(words: list[str]) -> Iterator[str]:
    name = words[0] if words else ""
    if not COMMAND.match(name):
        return  # "python manage.py …"
    if name not in get_commands():
        yield f"there is no command {name}"
        return
    app = get_commands()[name]
    assert isinstance(app, str)
    known = load_command_class(app, name).create_parser("manage.py", name)._option_string_actions
    yield from (f"{name} does not take {word}" for word in _options(words) if word not in known)


def _faults_of_bin(program: str, words: list[str]) -> Iterator[str]:
    name = program.removeprefix("bin/")
    if not (ROOT / program).exists():
        yield f"there is no {program}"
    elif name in options.OF and name != "test":
        known = options.OF[name]()._option_string_actions
        yield from (f"{program} does not take {word}" for word in _options(words) if word not in known)


def _options(words: list[str]) -> Iterator[str]:
    for word in words:
        if word in ("|", "&&", ";", ">", "<"):
            return
        if word.startswith("--"):
            yield word.partition("=")[0]


def test_services_named_to_docker_are_those_of_the_compose_file() -> None:
    services = set(yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"])
    named = set()
    for source in SOURCES:
        for words in shown(source):
            if words[:2] == ["docker", "compose"] and words[2] in ("exec", "run"):
                named.add(next(word for word in words[3:] if not word.startswith("-")))
    assert named
    assert named <= services


def test_every_command_is_explained() -> None:
    text = (DOCS / "running" / "commands.md").read_text()
    ours = {name for name, app in get_commands().items() if app in OUR_APPS}
    assert set(re.findall(r"^```\{command\} (\w+)$", text, re.MULTILINE)) == ours


def test_variables_are_those_that_the_code_reads() -> None:
    told = set(VARIABLE.findall((DOCS / "running" / "settings.md").read_text()))
    read = {
        name
        for folder in READS_VARIABLES
        for file in (ROOT / folder).rglob("*.py")
        for name in _variables(file)
    }
    assert read - NOT_OURS - told == set(), "not explained"
    in_compose = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    in_example = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert told - read - in_compose - in_example == set(), "explained, but nobody reads them"
    assert in_compose | in_example <= told


def _variables(file: Path) -> Iterator[str]:
    """The names that a module reads from its environment."""
    for node in ast.walk(ast.parse(file.read_text())):
        named: ast.expr | None = None
        if isinstance(node, ast.Call) and _is_environ(node.func) and node.args:
            named = node.args[0]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            named = node.slice
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "_password":
            named = node.args[0]
        if isinstance(named, ast.Constant) and isinstance(named.value, str):
            yield named.value


def _is_environ(function: ast.expr) -> bool:
    return ast.unparse(function) in ("os.environ.get", "os.environ.setdefault")


def test_pages_and_buttons_are_called_as_on_the_screen() -> None:
    """`**Setup**, *Agents*` is a way through the pages; what stands in italics with a capital is read on one."""
    on_screen = " ".join(
        " ".join(re.sub(r"\{[%{#].*?[%}#]\}", " ", path.read_text()).split()) for path in SCREENS
    )
    labels = {entry[0] for entry in (*ui.RAIL, *ui.TABS)}
    wrong = []
    for source in sorted(
        [*(DOCS / "guides").glob("*.md"), *(DOCS / "start").glob("*.md"), DOCS / "calls.md"]
    ):
        text = source.read_text()
        wrong += [f"{source.name}: {way}" for way in WAY.findall(text) if way not in labels]
        wrong += [f"{source.name}: {words}" for words in READ.findall(text) if words not in on_screen]
        wrong += [
            f"{source.name}: {way}"
            for way in FIGURES_WAY.findall(text)
            if not _leads(re.findall(r"\*([^*]+)\*", way))
        ]
    assert wrong == []


def _leads(ways: list[str]) -> bool:
    """Whether a group behind KPIs, and a page of it where one is named, are called so."""
    groups = {label: {page for page, _ in pages} for label, pages in ui.FIGURES}
    return ways[0] in groups and (len(ways) < 2 or ways[1] in groups[ways[0]])


def test_the_addresses_of_the_api_resolve() -> None:
    text = (DOCS / "api.md").read_text()
    shown_paths = re.findall(r"https://tollgate\.example(/api/\S+)", text)
    assert shown_paths
    for path in shown_paths:
        for name, value in IDS.items():
            path = path.replace(name, value)
        assert resolve(path).namespace == "api"


def test_every_verb_of_the_api_says_what_it_wants() -> None:
    text = (DOCS / "api.md").read_text()
    told = set(re.findall(r"^\| `([a-z-]+)/` \|", text, re.MULTILINE))
    assert told == {
        path.rstrip("/").split("/")[-1] for path in _api_paths() if not path.endswith((">/", "gates/"))
    }


def _patterns(entries: list) -> Iterator[URLPattern]:
    for entry in entries:
        if isinstance(entry, URLPattern):
            yield entry
        else:
            yield from _patterns(entry.url_patterns)


def _api_paths() -> Iterator[str]:
    api = next(entry for entry in get_resolver().url_patterns if str(entry.pattern) == "api/v1/")
    return (str(one.pattern) for one in _patterns(api.url_patterns))


def test_every_role_has_a_guide() -> None:
    guides = "".join(path.read_text() for path in (DOCS / "guides").glob("*.md"))
    roles = {*ParticipantRole.values, *OrganisationRole.values} - {OrganisationRole.MEMBER.value}
    assert set(re.findall(r"^```\{permissions\} (\w+)$", guides, re.MULTILINE)) == roles
