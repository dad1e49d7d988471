"""The mail about the reports of an evening, in words. Pure but for the templates and the signature of its link.

Text and HTML tell the same content, which is that of the papers; neither asks for anything from elsewhere.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse

from common.wording import capital, cut_short, joined, plural
from reports.evenings import News
from reports.mail_look import STATES, STYLES, Look
from reports.paper import Ask, Figure, Table
from reports.shift_lines import CALIBRATION, HEADS, Line, Says, grouped

LONGEST_SUBJECT = 180
SALT = "reports.unsubscribe"
NEWS_WORDS = {News.MISSING: "No calls imported", News.LATE: "Late", News.RESTATED: "Restated"}
LOOKS = {Says.SHIFTED: STATES["late"], Says.STILL: STATES["passed"], Says.UNKNOWN: STATES["open"]}


@dataclass(frozen=True)
class Part:
    """One report in the mail, worded by its paper."""

    title: str  # "End-of-day report"
    weekly: bool
    about: str  # "Thu 12 Mar · day 33"
    news: News
    calibration: bool
    verdict: str
    state: str
    says: tuple[str, ...]
    lines: tuple[Line, ...]
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]
    asks: tuple[Ask, ...]
    path: str

    @property
    def head(self) -> str:
        """ "restated: Thu 12 Mar · day 33", "Thu 12 Mar · day 23 (calibration)"."""
        again = f"{self.news}: " if self.told_again else ""
        return f"{again}{self.about}{' (calibration)' if self.calibration else ''}"

    @property
    def told_again(self) -> bool:
        """Whether an earlier report of the same days said otherwise, or could say nothing."""
        return self.news in (News.LATE, News.RESTATED)

    @property
    def mark(self) -> str:
        """What sets it apart, in a word or two; empty for an ordinary report."""
        return NEWS_WORDS.get(self.news, "")

    @property
    def look(self) -> Look | None:
        """The shape and colour of the verdict."""
        return STATES.get(self.state)

    @property
    def judged(self) -> list[tuple[Figure, Look | None]]:
        """Each figure with the shape and colour of its own verdict."""
        return [(figure, STATES.get(figure.state)) for figure in self.figures]

    @property
    def groups(self) -> list[tuple[Look, str, list[str]]]:
        """What shifted, what did not, what cannot be judged: look, heading and sentences of each that there is."""
        # What the mark of the calibration says is not said again.
        told = [line for line in self.lines if line.text != CALIBRATION]
        return [(LOOKS[says], HEADS[says], own) for says, own in grouped(told)]

    @property
    def in_lines(self) -> list[tuple[Table, list[str]]]:
        """Each table with its rows as lines: "Contacts: as told 70, now 80, change +10"."""
        return [
            (
                table,
                [
                    f"{row[0].text}: "
                    + ", ".join(
                        f"{column.label.lower()} {cell.text}"
                        for column, cell in zip(table.columns[1:], row[1:], strict=True)
                        if cell.text
                    )
                    for row in table.rows
                ],
            )
            for table in self.tables
        ]

    @property
    def urgency(self) -> tuple[int, bool]:
        """Missing calls before all else, then what is told again; a day before its week."""
        return (News.MISSING, News.RESTATED, News.LATE, News.NONE).index(self.news), self.weekly


@dataclass(frozen=True)
class Section:
    """One engagement in the mail; `unread` says which earlier report nobody of a side has read."""

    campaign: str
    between: str  # the two organisations
    parts: tuple[Part, ...]
    unread: tuple[str, ...]
    path: str

    @property
    def ordered(self) -> list[Part]:
        """Its reports, the most urgent first."""
        return sorted(self.parts, key=lambda part: part.urgency)


@dataclass(frozen=True)
class Digest:
    """Everything that waits for one person."""

    user_id: int
    name: str
    address: str
    sections: tuple[Section, ...]
    items: tuple[str, ...]

    @property
    def ordered(self) -> list[Section]:
        """Engagements without their calls first; otherwise as they come."""
        return sorted(self.sections, key=lambda section: section.ordered[0].news is not News.MISSING)


def subject(digest: Digest) -> str:
    """One line: missing calls before all else, then what is told again, then what shifted."""
    if len(digest.sections) == 1:
        section = digest.sections[0]
        first, *others = section.ordered
        says = "no calls imported" if first.news is News.MISSING else first.verdict.split(". ")[0].rstrip(".")
        also = f" (and {plural(len(others), 'more report')})" if others else ""
        return cut_short(f"{section.campaign}: {first.head}, {_lower(says)}{also}", LONGEST_SUBJECT)
    parts = [part for section in digest.sections for part in section.parts]
    missing = [
        section.campaign
        for section in digest.sections
        if any(part.news is News.MISSING for part in section.parts)
    ]
    again = sum(part.told_again for part in parts)
    said = [f"no calls imported for {joined(missing)}"] if missing else []
    said += [f"{again} told again"] if again else []
    said.append(f"{plural(len(parts), 'report')} of {plural(len(digest.sections), 'engagement')}")
    return cut_short(capital("; ".join(said)), LONGEST_SUBJECT)


def _lower(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def text(digest: Digest) -> str:
    """The mail as plain text, whole."""
    return render_to_string("reports/email/evening.txt", _context(digest))


def html(digest: Digest) -> str:
    """The same as HTML that fetches nothing and watches nobody."""
    return render_to_string("reports/email/evening.html", _context(digest))


def _context(digest: Digest) -> dict[str, object]:
    return {
        "digest": digest,
        "subject": subject(digest),
        "site": settings.SITE_URL,
        "stop": unsubscribe_url(digest.user_id),
        "css": STYLES,
    }


def headers(digest: Digest) -> dict[str, str]:
    """What lets a mail program unsubscribe with one press (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{unsubscribe_url(digest.user_id)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }


def unsubscribe_url(user_id: int) -> str:
    """The address at which this person ends their reports by mail: signed, for this one purpose."""
    return f"{settings.SITE_URL}{reverse('reports:unsubscribe', args=[unsubscribe_link(user_id)])}"


def unsubscribe_link(user_id: int) -> str:
    """What in the address says whose reports end."""
    return signing.dumps(user_id, salt=SALT)


def whose(token: str) -> int | None:
    """Whose reports a link ends; None for one that was not made here."""
    try:
        found = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return found if isinstance(found, int) else None
