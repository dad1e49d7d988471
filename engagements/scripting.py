"""What may be done with a version of the script, each rule with its reasons. Pure: no database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from accounts.roles import Side

APPROVAL = "I approve version {version} of the script for {organisation}: agents may speak exactly this."
STALE = "The script was changed after this page was loaded. Read it again."


@dataclass(frozen=True, slots=True)
class ScriptContent:
    """Everything that an approval covers; `file` is the SHA-256 of the file that goes with the text."""

    text: str
    file: str
    recertify: bool
    recertify_reason: str

    def as_data(self) -> dict[str, object]:
        """The content as plain data, in the one form that is hashed."""
        return {
            "text": self.text,
            "file": self.file,
            "recertify": self.recertify,
            "recertify_reason": self.recertify_reason,
        }


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the script as the rules see it; `state` is draft, review, returned or final."""

    number: int
    state: str
    recertify: bool = True
    used: bool = False


def newest_of(versions: Sequence[Version]) -> Version | None:
    """The last version that was begun."""
    return max(versions, key=lambda each: each.number, default=None)


def writing_blockers(
    versions: Sequence[Version], *, current: str, seen: str, content: ScriptContent
) -> list[str]:
    """Say why this cannot be kept as the draft or as a new version."""
    newest = newest_of(versions)
    if newest and newest.state == "review":
        return [f"Version {newest.number} is with the client: it is approved or sent back first."]
    if current != seen:
        return [
            "Somebody else has changed the script since this page was loaded. Your text is kept below; compare it "
            "with the newest version before you save."
        ]
    return recertify_blockers(first=not any(each.state == "final" for each in versions), content=content)


def recertify_blockers(*, first: bool, content: ScriptContent) -> list[str]:
    """Say why agents cannot be left uncertified on a version: only a change of wording alone, with its reason."""
    if content.recertify:
        return []
    if first:
        return ["Every agent is certified on the first final version: there is none before it."]
    if not content.recertify_reason.strip():
        return ["Say why this is a change of wording only, so that the client can judge it."]
    return []


def sending_blockers(version: Version, *, current: str, seen: str, text: str) -> list[str]:
    """Say why a version cannot go to the client for review."""
    if version.state != "draft":
        return [f"Version {version.number} was sent to the client already."]
    if current != seen:
        return [STALE]
    return [] if text.strip() else ["The script has no words yet."]


def review_blockers(version: Version, *, side: str, current: str, seen: str) -> list[str]:
    """Say why somebody can neither approve a version nor send it back."""
    if side != Side.CLIENT:
        return ["The client reviews the script: its lead approves it or sends it back."]
    if version.state == "draft":
        return [f"Version {version.number} was not sent for review yet."]
    if version.state != "review":
        done = {"returned": "sent back", "final": "approved"}[version.state]
        return [f"Version {version.number} is {done} already."]
    return [] if current == seen else [STALE]


def use_blockers(versions: Sequence[Version], number: int) -> list[str]:
    """Say why a version cannot come into use."""
    version = next(each for each in versions if each.number == number)
    if version.state != "final":
        return [f"Version {number} is not approved: a change is approved before it is used."]
    if version.used:
        return [f"Version {number} is or was in use already."]
    newer = [each.number for each in versions if each.used and each.number > number]
    if newer:
        return [f"Version {max(newer)} is in use, which is newer. Write a new version to go back."]
    return []


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a comparison: kept, added or removed."""

    mark: str
    text: str


def compared(before: str, after: str) -> list[Line]:
    """The lines of two versions beside each other, in the order in which one reads."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [Line("kept", text) for text in old[i1:i2]]
            continue
        lines += [Line("removed", text) for text in old[i1:i2]]
        lines += [Line("added", text) for text in new[j1:j2]]
    return lines
