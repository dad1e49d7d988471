"""What the tests read of the documentation: its sources, the commands that they show, the pages that come of them."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from toolchain.paths import ROOT

DOCS = ROOT / "docs"
SOURCES = [ROOT / "README.md", *sorted(path for path in DOCS.rglob("*.md") if path.parent.name != "adr")]
FENCE = re.compile(r"^[ ]*```(?:sh|bash)\n(.*?)^[ ]*```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
# Words of a shell that come before or between commands.
NO_COMMAND = {
    "docker",
    "compose",
    "exec",
    "run",
    "--rm",
    "--no-deps",
    "-T",
    "web",
    "worker",
    "python",
    ".venv/bin/python",
}


def shown(source: Path) -> Iterator[list[str]]:
    """Every command line that a source shows, in words, whether in a block or within a sentence."""
    text = source.read_text()
    blocks = [line for block in FENCE.findall(text) for line in block.replace("\\\n", " ").splitlines()]
    for line in [*blocks, *INLINE.findall(FENCE.sub("", text))]:
        try:
            yield shlex.split(line, comments=True)
        except ValueError:  # an apostrophe in what is no command
            continue


def calls_of(words: list[str], program: str) -> Iterator[list[str]]:
    """The words that follow `program` in a command line, one list for each time that it is called."""
    for place, word in enumerate(words):
        if word == program:
            yield words[place + 1 :]


@dataclass
class HtmlPage(HTMLParser):
    """What one built page holds."""

    path: Path
    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    pictures: list[tuple[str, str]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    headings: int = 0

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.path.read_text())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if "id" in given:
            self.ids.add(given["id"])
        self.headings += tag == "h1"
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "img":
            self.pictures.append((given.get("src", ""), given.get("alt", "")))
        if tag in ("img", "script", "iframe", "source") and "src" in given:
            self.loaded.append(given["src"])
        if tag == "link" and given.get("rel") not in ("canonical", "next", "prev", "index", "search"):
            self.loaded.append(given["href"])
