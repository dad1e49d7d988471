"""The rules of calling windows as they stand in an engagement, and the days that were judged by others."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef

from engagements.models import CampaignBrief, Engagement
from engagements.selectors import brief_in_force, calling_hours
from kpis.models import WindowChange, WindowCount
from kpis.windows.places import country_of_zone, part_of
from kpis.windows.rules import (
    EXEMPTIONS,
    Change,
    Flags,
    Rule,
    RuleSet,
    Status,
    brief_rules,
    excluded_by_brief,
    in_force,
    rule_from_json,
    shipped,
)

STALE = """
WITH c AS (SELECT day, count(*) AS calls FROM kpis_callrecord
            WHERE engagement_id = %(engagement)s AND day BETWEEN %(first)s AND %(last)s GROUP BY day),
     d AS (SELECT day, calls, rules_id, judged_at FROM kpis_windowday
            WHERE engagement_id = %(engagement)s AND day BETWEEN %(first)s AND %(last)s)
SELECT coalesce(c.day, d.day) AS day, d.day IS NULL OR c.day IS NULL OR c.calls <> d.calls OR i.id IS NOT NULL
  FROM c FULL JOIN d ON d.day = c.day
  LEFT JOIN LATERAL (
       SELECT id FROM kpis_import i WHERE i.engagement_id = %(engagement)s AND i.finished_at > d.judged_at
          AND coalesce(c.day, d.day) BETWEEN i.first_day AND i.last_day LIMIT 1) i ON true
 WHERE c.day IS NULL OR d.day IS NULL OR c.calls <> d.calls OR d.rules_id IS DISTINCT FROM %(rules)s OR i.id IS NOT NULL
 ORDER BY 1
"""


def country_of(engagement: Engagement) -> str:
    """The country that a campaign calls in, by which short forms of states and numbers are read; "" where unknown."""
    return engagement.holiday_country or country_of_zone(engagement.zone)


def changes_of(engagement: Engagement) -> list[WindowChange]:
    """The newest word of this engagement on each rule, one query."""
    return list(
        WindowChange.objects.filter(engagement=engagement).order_by("code", "-version").distinct("code")
    )


def flags_of(content: Mapping[str, Any] | None) -> Flags:
    """What the hours leave out, as it is kept; nothing kept: nothing."""
    kept = dict(content or {})
    return Flags(**{**kept, "consent_sources": frozenset(kept.get("consent_sources", ()))})


def rule_set(engagement: Engagement) -> RuleSet:
    """Everything that calls are judged by now. Two queries."""
    brief = brief_in_force(engagement)
    agreed, silent = brief_rules(calling_hours(brief), brief.version) if brief else ([], [])
    said = changes_of(engagement)
    return in_force(
        changes=[
            Change(
                each.code, each.version, rule_from_json(each.content) if each.content else None, each.reason
            )
            for each in said
            if each.code != EXEMPTIONS and not each.shipped_again
        ],
        brief=agreed,
        flags=flags_of(next((each.content for each in said if each.code == EXEMPTIONS), None)),
        country=country_of(engagement),
        silent=silent,
    )


def left_out(engagement: Engagement) -> list[tuple[Rule, WindowChange]]:
    """The shipped rules that this engagement says do not count here."""
    off = {
        each.code: each for each in changes_of(engagement) if each.content is None and not each.shipped_again
    }
    return [(rule, off[rule.code]) for rule in shipped() if rule.code in off]


def stale_days(
    engagement_id: int, rules_id: int | None, first: date = date.min, last: date = date.max
) -> dict[date, bool]:
    """The days whose verdicts are not of their calls and the rules of now; True where it is the calls that changed."""
    with connection.cursor() as cursor:
        cursor.execute(STALE, {"engagement": engagement_id, "rules": rules_id, "first": first, "last": last})
        return {on: bool(changed) for on, changed in cursor.fetchall()}


def excluded_places(engagement: Engagement, places: Collection[str]) -> frozenset[str]:
    """Those of some places into which the brief in force agrees no calls. Two queries at most."""
    if not any(places):
        return frozenset()
    brief = brief_in_force(engagement)
    agreed, silent = brief_rules(calling_hours(brief), brief.version) if brief else ([], [])
    return excluded_by_brief(places, agreed, silent)


def excluded_of(engagements: Collection[Engagement]) -> dict[int, frozenset[str]]:
    """The places of judged calls into which the brief in force agrees none, by the ids of the engagements that have
    such. One query.
    """
    called = WindowCount.objects.filter(engagement=OuterRef("engagement")).exclude(place="").order_by()
    briefs = (
        CampaignBrief.objects.filter(
            engagement__in=[each.pk for each in engagements], signed_at__isnull=False
        )
        .order_by("engagement_id", "-version")
        .distinct("engagement_id")
        .annotate(called=ArraySubquery(called.values("place").distinct()))
    )
    found = {}
    for brief in briefs:
        agreed, silent = brief_rules(calling_hours(brief), brief.version)
        if excluded := excluded_by_brief(brief.called, agreed, silent):
            found[brief.engagement_id] = excluded
    return found


def changes_history(engagement: Engagement, code: str) -> list[WindowChange]:
    """Everything that was said of one rule here, the newest first."""
    return list(WindowChange.objects.filter(engagement=engagement, code=code).order_by("-version"))


Grouped = list[tuple[str, list[Rule]]]


def by_place(engagement: Engagement, rules: Iterable[Rule]) -> tuple[Grouped, Grouped]:
    """Rules by the place that they bind, in their order: ("Florida", [...]); of places called here, then the others.

    Called here is what the brief agrees on and where calls were made; before there is either, every place is.
    One query.
    """
    rules = list(rules)
    counted = WindowCount.objects.filter(engagement=engagement).exclude(place="")
    called = set(counted.values_list("place", flat=True).distinct())
    called |= {rule.place for rule in rules if rule.status is Status.AGREED and rule.place}
    groups: tuple[dict[str, list[Rule]], dict[str, list[Rule]]] = (defaultdict(list), defaultdict(list))
    for rule in rules:
        here = not called or any(rule.binds(place) or part_of(rule.place) == place for place in called)
        groups[not here][rule.place_name].append(rule)
    return list(groups[0].items()), list(groups[1].items())
