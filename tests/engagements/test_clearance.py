"""Who may dial: the roster, three certifications, the script in use; each with its reason."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from engagements.clearance import (
    PASS_MARK,
    AgentRecord,
    Attempt,
    AttemptFacts,
    CertificationKind,
    InUse,
    Lack,
    RosterMove,
    Span,
    Spell,
    attempt_blockers,
    breach_spans,
    cleared,
    lack_at,
    spells_of,
)

T0 = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PRODUCT, SCRIPT, SYSTEMS = CertificationKind
PASSED = (
    Attempt(PRODUCT, True, T0),
    Attempt(SCRIPT, True, T0, version=1),
    Attempt(SYSTEMS, True, T0),
)
ANA = AgentRecord("Ana Ruiz", (Spell(T0 - HOUR),), PASSED)
V1 = InUse(1, T0 - HOUR, required=1)


def at(hours: float) -> datetime:
    return T0 + hours * HOUR


def with_attempts(*attempts: Attempt) -> AgentRecord:
    return AgentRecord(ANA.name, ANA.spells, (*PASSED, *attempts))


def test_all_three_passed_on_the_script_in_use_is_cleared() -> None:
    assert cleared(ANA, [V1], at(1)) == []
    assert cleared(ANA, [V1], at(0)) == []


def test_nobody_is_cleared_before_it_was_recorded() -> None:
    assert cleared(ANA, [V1], at(-0.5)) == [
        "Ana Ruiz has not passed product knowledge.",
        "Ana Ruiz has not passed script certification.",
        "Ana Ruiz has not passed system skills.",
    ]
    assert cleared(ANA, [V1], at(-2)) == ["Ana Ruiz is not on the roster."]


def test_a_new_version_in_use_puts_older_script_certifications_out_of_date() -> None:
    uses = [V1, InUse(2, at(5), required=2)]
    assert cleared(ANA, uses, at(4)) == []
    assert cleared(ANA, uses, at(5)) == [
        "Ana Ruiz has not passed script certification since version 2 of the script."
    ]


def test_who_was_certified_on_the_next_version_before_it_was_used_dials_on() -> None:
    uses = [V1, InUse(2, at(5), required=2)]
    early = with_attempts(Attempt(SCRIPT, True, at(2), version=2))
    assert cleared(early, uses, at(3)) == []
    assert cleared(early, uses, at(6)) == []


def test_a_change_of_wording_asks_for_nothing_new() -> None:
    assert cleared(ANA, [V1, InUse(2, at(5), required=1)], at(6)) == []


def test_the_newest_attempt_counts_whichever_way_it_went() -> None:
    failed = with_attempts(Attempt(SYSTEMS, False, at(1)))
    again = with_attempts(Attempt(SYSTEMS, False, at(1)), Attempt(SYSTEMS, True, at(3)))
    assert cleared(failed, [V1], at(2)) == ["Ana Ruiz has not passed system skills."]
    assert cleared(again, [V1], at(2)) == ["Ana Ruiz has not passed system skills."]
    assert cleared(again, [V1], at(3)) == []


def test_a_lack_names_what_comes_first() -> None:
    assert lack_at(AgentRecord("x"), [V1], at(0), at(1)) is Lack.NOT_LISTED
    assert lack_at(ANA, [V1], None, at(1)) is Lack.NOT_LAUNCHED
    assert lack_at(ANA, [V1], at(2), at(1)) is Lack.NOT_LAUNCHED
    assert lack_at(ANA, [V1], at(1), at(1)) is None


def test_spans_are_exactly_the_times_in_which_a_call_is_a_breach() -> None:
    uses = [V1, InUse(2, at(10), required=2)]
    record = AgentRecord(
        "Ana Ruiz", (Spell(at(-1), at(20)),), (*PASSED, Attempt(SCRIPT, True, at(12), version=2))
    )
    assert breach_spans(record, uses, at(1)) == [
        Span(None, at(-1), Lack.NOT_LISTED),
        Span(at(-1), at(1), Lack.NOT_LAUNCHED),
        Span(at(10), at(12), Lack.OUTDATED),
        Span(at(20), None, Lack.NOT_LISTED),
    ]
    assert breach_spans(AgentRecord("nobody"), [], None) == [Span(None, None, Lack.NOT_LISTED)]


@pytest.mark.parametrize("minutes", range(-180, 1500, 37))
def test_spans_and_moments_agree(minutes: int) -> None:
    uses = [V1, InUse(2, at(10), required=2)]
    record = AgentRecord(
        "a", (Spell(at(-1), at(20)), Spell(at(21))), (*PASSED, Attempt(SCRIPT, True, at(12), version=2))
    )
    moment = T0 + timedelta(minutes=minutes)
    told = [
        span.lack
        for span in breach_spans(record, uses, at(1))
        if (span.since is None or span.since <= moment) and (span.until is None or moment < span.until)
    ]
    lack = lack_at(record, uses, at(1), moment)
    assert told == ([] if lack is None else [lack])


def test_a_time_on_the_roster_never_begins_or_ends_before_it_was_recorded() -> None:
    day = date(2026, 3, 10)
    joined, left = (RosterMove.JOINED, day, at(0)), (RosterMove.LEFT, day, at(48))
    assert spells_of([joined, left], "America/New_York") == (Spell(at(0), at(48)),)
    later = (RosterMove.LEFT, date(2026, 3, 14), at(1))
    # Midnight after the last day in New York.
    assert spells_of([joined, later], "America/New_York") == (
        Spell(at(0), datetime(2026, 3, 15, 4, tzinfo=UTC)),
    )


def facts(**change: Any) -> AttemptFacts:
    known: dict[str, Any] = {
        "kind": SCRIPT, "name": "Ana Ruiz", "listed": True, "side": "operator", "passed": True, "score": 90,
        "pass_mark": PASS_MARK, "parts": frozenset(SCRIPT.parts), "note": "", "assessed_on": date(2026, 3, 10),
        "today": date(2026, 3, 10), "first": date(2026, 3, 2), "version": 1, "version_approved": True,
    }  # fmt: skip
    return AttemptFacts(**{**known, **change})


def test_an_attempt_with_everything_may_be_recorded() -> None:
    assert attempt_blockers(facts()) == []
    product = facts(kind=PRODUCT, side="client", parts=frozenset(PRODUCT.parts), version=None)
    assert attempt_blockers(product) == []
    assert (
        attempt_blockers(facts(passed=False, score=95, note="Skipped the notice.", parts=frozenset())) == []
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"side": "client"}, "Script certification is not assessed by the client"),
        ({"kind": PRODUCT}, "Product knowledge is not assessed by the operator"),
        ({"listed": False}, "Ana Ruiz is not on the roster."),
        ({"assessed_on": date(2026, 3, 11)}, "The day of the assessment lies between"),
        ({"assessed_on": date(2026, 3, 1)}, "The day of the assessment lies between"),
        ({"score": 101}, "The score lies between 0 and 100."),
        ({"score": None}, "The score lies between 0 and 100."),
        ({"score": 79}, "A score of 79 is below the pass mark of 80"),
        ({"parts": frozenset({"delivery", "objections", "compliance"})}, "Missing: transfer steps."),
        ({"parts": frozenset({*SCRIPT.parts, "dialer"})}, "A part was named"),
        ({"passed": False, "score": 40}, "Say what was not good enough"),
        ({"version": None, "version_approved": False}, "Agents are certified on a final version"),
        ({"outdated": 2}, "Version 2 of the script is in use: certify on it, not on version 1."),
    ],
)
def test_what_keeps_an_attempt_from_being_recorded(change: dict[str, Any], reason: str) -> None:
    (said,) = attempt_blockers(facts(**change))
    assert said.startswith(reason) or reason in said
