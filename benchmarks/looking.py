"""What benchmarks.pages runs in processes of its own: filling the database, and looking at every page in turns."""

import gzip
import json
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import brotli
import django
from django.conf import settings

django.setup()

from django.db import connection  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import resolve  # noqa: E402

from accounts.models import Membership, User  # noqa: E402
from accounts.seat import Seat  # noqa: E402
from benchmarks.contenders import become, become_administrator  # noqa: E402
from benchmarks.copies import copy_demo  # noqa: E402
from engagements.models import Engagement  # noqa: E402
from kpis.models import DailyFact  # noqa: E402
from kpis.selectors import funnel  # noqa: E402
from kpis.selectors.numbers import day_counts  # noqa: E402
from tenancy import context  # noqa: E402
from tenancy.roles import WEB, assert_plain_role  # noqa: E402
from workspace.demo.cast import MARA  # noqa: E402
from workspace.selectors.portfolio import portfolio, rows_of  # noqa: E402

# Downloads and what the browser shows by itself.
NO_PAGE = re.compile(r"/file/|/view/|/download/|/rejected|/calendar/$|\.(csv|pdf)$|/api/|\.ics$")
YARDSTICKS = ("/bench/empty/", "/bench/frame/", "/bench/prototype/", "/bench/table-floor/", "/bench/table/")
# Parts that a page fetches by itself while it waits, below its address.
PARTS = {
    "e/<uuid:engagement_id>/calls/<uuid:import_id>/": "state/",
    "e/<uuid:engagement_id>/deliverables/<uuid:deliverable_id>/": "progress/",
}
OF_A_KIND = 3
ANEW = 3
NUMBERS = count(1)  # of code that never ran
PORTFOLIO_OF = 50


def fill(copies: str, present: str) -> dict[str, Any]:
    """The demo so many times, and then, without calls, up to `present` engagements."""
    become_administrator()
    hers = Engagement.objects.filter(operator__memberships__user__email=MARA.email).distinct().count()
    demo = Engagement.objects.count()
    size = max(1, round(PORTFOLIO_OF / hers))
    whole = int(copies)
    copy_demo(1, whole - 1, size=size, calls=True)
    more = int(present) // demo
    if more > whole:
        copy_demo(whole, more - 1, size=size, calls=False)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT count(*) FROM kpis_callrecord")
        calls = cursor.fetchone()[0]
    return {"engagements": Engagement.objects.count(), "hers": hers * size, "calls": calls}


class Looker:
    """Somebody logged in who opens addresses; each look gives its time, its queries and its bytes."""

    def __init__(self) -> None:
        settings.ROOT_URLCONF = "benchmarks.page_urls"
        settings.DEMO = True  # its people may log in
        self.user = User.objects.get(email=MARA.email)
        self.client = Client()
        self.client.force_login(self.user)
        self.statements = 0

    def look(self, address: str, *, part: bool = False) -> tuple[float, int, bytes, int]:
        self.statements = 0
        headers = {"HX-Request": "true"} if part else {}
        started = time.perf_counter()
        with connection.execute_wrapper(self._count):
            answer = self.client.get(address, headers=headers)
        took = time.perf_counter() - started
        return (
            took * 1000,
            self.statements,
            answer.content if not answer.streaming else b"",
            answer.status_code,
        )

    def _count(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.statements += 1
        return execute(sql, params, many, context)

    def crawl(self) -> dict[str, list[str]]:
        """Addresses by their kind: every page that links lead to, some of each kind."""
        waiting, seen = ["/"], {"/"}
        kinds: dict[str, list[str]] = {"/": ["/"]}
        missing: list[str] = []
        while waiting:
            address = waiting.pop(0)
            _, _, body, status = self.look(address)
            if status != 200:
                print(f"  {address} answered {status}", flush=True)
                missing.append(address)
                continue
            for href in re.findall(r'<a\b[^>]*?href="([^"]+)"', body.decode()):
                parts = urlsplit(href.replace("&amp;", "&"))
                link = parts.path + (f"?{parts.query}" if parts.query else "")
                if parts.netloc or not link.startswith("/") or link in seen or NO_PAGE.search(parts.path):
                    continue
                seen.add(link)
                known = kinds.setdefault(resolve(parts.path).route or "/", [])
                if len(known) < OF_A_KIND:
                    known.append(link)
                    waiting.append(link)
        kept = {kind: [one for one in found if one not in missing] for kind, found in kinds.items()}
        return {kind: found for kind, found in kept.items() if found}


@contextmanager
def other_code() -> Iterator[None]:
    """Read nothing that was kept, as the first look after a release: the number of the code is another each time."""
    with ExitStack() as patched:
        number = next(NUMBERS)
        for module in ("engagements.access", "engagements.kept", "workspace.selectors.kept"):
            patched.enter_context(patch(f"{module}.code_number", lambda: number))
        yield


def look(rounds: str) -> dict[str, Any]:
    """Every kind of page beside the yardsticks, in turns; medians."""
    become(WEB)
    assert_plain_role()
    looker = Looker()
    print("Finding the pages", flush=True)
    kinds = looker.crawl()
    # Of each kind the slowest stands for it.
    slowest = {kind: max(found, key=lambda one: looker.look(one)[0]) for kind, found in kinds.items()}
    parts = {f"{kind}{part}": f"{slowest[kind]}{part}" for kind, part in PARTS.items() if kind in slowest}
    times: dict[str, list[float]] = {}
    told: dict[str, dict[str, Any]] = {}
    for turn in range(int(rounds)):
        print(f"Round {turn + 1}", flush=True)
        for kind, address in [*((one, one) for one in YARDSTICKS), *slowest.items(), *parts.items()]:
            took, statements, body, status = looker.look(address, part=kind in parts)
            if status != 200:
                sys.exit(f"{address} answered {status}")
            times.setdefault(kind, []).append(took)
            if not turn:
                told[kind] = {
                    "sql": statements,
                    "bytes": len(body),
                    "gzip": len(gzip.compress(body, 6)),
                    "brotli": len(brotli.compress(body, quality=5)),
                    "at": address,
                }
        for name, measured in _data(looker.user).items():
            times.setdefault(name, []).append(measured)
    for turn in range(ANEW):
        print(f"Anew {turn + 1}", flush=True)
        for kind, address in {**slowest, **parts}.items():
            with other_code():
                took, *_ = looker.look(address, part=kind in parts)
            times.setdefault(f"{kind} anew", []).append(took)
    return {
        "ms": {name: round(statistics.median(found), 2) for name, found in times.items()},
        "told": told,
        "parts": list(parts),
    }


def _seat(user: User) -> Seat:
    own = Membership.objects.select_related("organisation").get(user=user, ended_at=None)
    return Seat(user=user, organisation=own.organisation, role=own.role, address="192.0.2.1")


def _data(user: User) -> dict[str, float]:
    """The data behind the portfolio and behind one engagement's 90 days, each beside a raw read of as much."""
    found = {}
    with context.entered(user_id=user.pk):
        seat = _seat(user)
        ids = list(Engagement.objects.values_list("pk", flat=True))
        longest = (
            DailyFact.objects.filter(engagement__in=ids)
            .values("engagement_id")
            .annotate(days=Count("day", distinct=True))
            .order_by("-days", "engagement_id")[0]["engagement_id"]
        )
        engagement = Engagement.objects.select_related("client", "operator").get(pk=longest)
        days = DailyFact.objects.filter(engagement=engagement).order_by("day").values_list("day", flat=True)
        first, last = days.first(), days.last()
        found["data/portfolio"] = _timed(lambda: (portfolio(seat), rows_of(seat, {})))
        found["data/portfolio raw"] = _timed(
            lambda: _raw(
                "SELECT engagement_id, day, sequence, code, facts, drawn FROM milestones_glance"
                " WHERE engagement_id = ANY (%s)",
                ids,
            )
        )
        found["data/series"] = _timed(lambda: day_counts(engagement, first, last))
        found["data/series with rates"] = _timed(lambda: funnel(engagement, first, last))
        found["data/series raw"] = _timed(
            lambda: _raw(
                "SELECT day, source_id, dials, contacts, qualified, transfers, shows, closes FROM kpis_dailyfact"
                " WHERE engagement_id = %s AND day BETWEEN %s AND %s ORDER BY day",
                engagement.pk,
                first,
                last,
            )
        )
    return found


def _raw(sql: str, *params: object) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    what, *given = sys.argv[1:]
    print(json.dumps({"fill": fill, "look": look}[what](*given)))
