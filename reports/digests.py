"""The mail about the reports of an evening, in words. Pure but for the template and the signature of its link."""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse

from common.wording import capital, cut_short, joined, plural
from reports.evenings import News

LONGEST_SUBJECT = 180
SALT = "reports.unsubscribe"


@dataclass(frozen=True)
class Part:
    """One report in the mail."""

    title: str  # "End-of-day report"
    about: str  # "Thu 12 Mar · day 33"
    news: str
    calibration: bool
    verdict: str
    lines: tuple[str, ...]
    figures: tuple[str, ...]
    path: str

    @property
    def head(self) -> str:
        """ "restated: Thu 12 Mar · day 33", "Thu 12 Mar · day 23 (calibration)"."""
        again = f"{self.news}: " if self.news in (News.LATE, News.RESTATED) else ""
        return f"{again}{self.about}{' (calibration)' if self.calibration else ''}"


@dataclass(frozen=True)
class Section:
    """One engagement in the mail; `unread` says which earlier report nobody of a side has read."""

    campaign: str
    parts: tuple[Part, ...]
    unread: tuple[str, ...]
    path: str


@dataclass(frozen=True)
class Digest:
    """Everything that waits for one person."""

    user_id: int
    name: str
    address: str
    sections: tuple[Section, ...]
    items: tuple[str, ...]


def subject(digest: Digest) -> str:
    """One line: missing calls before all else, then what is told again, then what shifted."""
    if len(digest.sections) == 1:
        section = digest.sections[0]
        parts = sorted(section.parts, key=_urgency)
        first = parts[0]
        says = "no calls imported" if first.news == News.MISSING else first.verdict.split(". ")[0].rstrip(".")
        also = f" (and {plural(len(parts) - 1, 'more report')})" if len(parts) > 1 else ""
        return cut_short(f"{section.campaign}: {first.head}, {_lower(says)}{also}", LONGEST_SUBJECT)
    parts = [part for section in digest.sections for part in section.parts]
    missing = [
        section.campaign for section in digest.sections if any(p.news == News.MISSING for p in section.parts)
    ]
    again = sum(part.news in (News.LATE, News.RESTATED) for part in parts)
    said = [f"no calls imported for {joined(missing)}"] if missing else []
    said += [f"{again} told again"] if again else []
    said.append(f"{plural(len(parts), 'report')} of {plural(len(digest.sections), 'engagement')}")
    return cut_short(capital("; ".join(said)), LONGEST_SUBJECT)


def _urgency(part: Part) -> int:
    order = [News.MISSING, News.RESTATED, News.LATE, News.NONE]
    return order.index(News(part.news))


def _lower(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def body(digest: Digest) -> str:
    """The text of the mail."""
    return render_to_string(
        "reports/email/evening.txt",
        {"digest": digest, "site": settings.SITE_URL, "stop": unsubscribe_url(digest.user_id)},
    )


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
