"""The shipped playbook names what the 90 days need; a broken one is refused with every mistake named."""

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from milestones import playbook
from milestones.playbook import (
    FOLDER,
    Mistake,
    PlaybookError,
    as_data,
    as_yaml,
    built,
    mistakes_of,
    parse,
    read,
)

CALLING = playbook.load("calling-90-days")


def broken(change: Callable[[dict[str, Any]], object]) -> list[str]:
    """Errors of the shipped playbook after one change to its data."""
    data = yaml.safe_load((FOLDER / "calling_90_days.yaml").read_text(encoding="utf-8"))
    change(data)
    with pytest.raises(PlaybookError) as refused:
        parse(yaml.safe_dump(data, allow_unicode=True))
    return refused.value.errors


def test_phases_and_gates_are_those_of_the_90_days() -> None:
    assert [(p.first_day, p.last_day) for p in CALLING.phases] == [(1, 10), (11, 30), (31, 60), (61, 90)]
    assert [(gate.code, gate.day, gate.deliverable) for gate in CALLING.gates] == [
        ("day-10", 10, "day-10"),
        ("day-30", 30, "day-30"),
        ("day-60", 60, "day-60"),
        ("day-90", 90, "day-90"),
    ]  # fmt: skip
    assert all(
        dict(g.signers) == {"client": "client_lead", "operator": "campaign_manager"} for g in CALLING.gates
    )


def test_technical_work_is_what_days_3_to_9_build_and_test() -> None:
    technical = {spec.code for spec in CALLING.milestones if spec.technical}
    assert technical == {
        "crm-link", "dialer-built", "messaging-loaded", "dashboard-built", "stack-ready", "live-test",
    }  # fmt: skip
    assert all(3 <= CALLING.milestone(code).start <= CALLING.milestone(code).day <= 9 for code in technical)


@pytest.mark.parametrize(
    ("code", "day", "role"),
    [
        ("kickoff", 1, "campaign_manager"),
        ("brief-signed", 3, "client_lead"),
        ("timeline-locked", 3, "campaign_manager"),
        ("script-draft", 5, "campaign_manager"),
        ("script-review", 7, "client_lead"),
        ("stack-ready", 7, "campaign_manager"),
        ("script-final", 8, "campaign_manager"),
        ("live-test", 9, "campaign_manager"),
        ("product-knowledge", 10, "client_lead"),
        ("qa-sample", 14, "qa_lead"),
        ("floor-supervision", 14, "supervisor"),
        ("review-day-14", 14, "campaign_manager"),
        ("patterns", 21, "qa_lead"),
        ("closer-feedback", 29, "closer_lead"),
        ("baseline", 30, "campaign_manager"),
        ("bottleneck-plan", 31, "campaign_manager"),
        ("review-day-45", 45, "campaign_manager"),
        ("scaling-assessed", 60, "campaign_manager"),
        ("forward-targets", 90, "client_lead"),
    ],
)
def test_milestones_have_their_day_and_owner(code: str, day: int, role: str) -> None:
    spec = CALLING.milestone(code)
    assert (spec.day, spec.role) == (day, role)


def test_every_item_has_an_owner_role_and_asks_for_evidence() -> None:
    assert all(item.evidence and item.role for item in CALLING.owned())
    assert {item.role for item in CALLING.owned()} == {
        "client_lead",
        "campaign_manager",
        "supervisor",
        "qa_lead",
        "closer_lead",
    }


def test_readiness_checks_cover_every_area_before_launch_and_are_hard() -> None:
    assert {check.area for check in CALLING.checks} == {area.code for area in CALLING.areas}
    assert [area.title for area in CALLING.areas] == [
        "CRM", "Dialer", "SMS and voicemail", "Reporting", "Live test", "Script",
    ]  # fmt: skip
    assert all(check.hard and check.day <= 10 for check in CALLING.checks)
    technical = [
        check for check in CALLING.checks if check.area in {"crm", "dialer", "messaging", "reporting"}
    ]
    assert max(check.day for check in technical) == 7
    assert {check.day for check in CALLING.checks if check.area == "live_test"} == {8, 9}


def test_reviews_are_held_on_five_days_with_the_people_they_need() -> None:
    assert [review.day for review in CALLING.reviews] == [14, 30, 45, 60, 90]
    assert {"campaign_manager", "supervisor", "qa_lead"} <= set(CALLING.reviews[0].attendees)


def test_the_phase_of_a_day() -> None:
    assert [CALLING.phase_of(day).code for day in (-3, 10, 11, 60, 61, 90, 400)] == [
        "setup", "setup", "launch", "optimisation", "steady", "steady", "steady",
    ]  # fmt: skip


def test_every_milestone_belongs_to_the_gate_that_closes_its_phase() -> None:
    for spec in CALLING.milestones:
        assert CALLING.gate(spec.gate).day == CALLING.phase_of(spec.day).last_day


def test_missing_parts_are_named() -> None:
    errors = broken(lambda data: data.pop("gates"))
    assert errors == ["gates: this part is missing or empty."]


def test_several_mistakes_are_named_at_once() -> None:
    def change(data: dict[str, Any]) -> None:
        data["milestones"][0].pop("evidence")
        data["milestones"][1]["day"] = "first"
        data["checks"][0]["colour"] = "red"
        data["title"] = None

    assert broken(change) == [
        "“title” is missing.",
        "milestones, kickoff: “evidence” is missing.",
        "milestones, teams: “day” cannot be 'first'.",
        "checks, crm-connected: “colour” is unknown.",
    ]


def test_true_is_not_a_day() -> None:
    assert broken(lambda data: data["reviews"][0].update(day=True)) == [
        "reviews, day-14: “day” cannot be True."
    ]


@pytest.mark.parametrize(
    ("part", "index", "change", "error"),
    [
        ("milestones", 0, {"role": "wizard"}, "milestones, kickoff: role “wizard” is unknown."),
        (
            "milestones",
            0,
            {"side": "client"},
            "milestones, kickoff: a campaign_manager belongs to the operator, not to the client.",
        ),
        ("milestones", 0, {"start": 5}, "milestones, kickoff: it starts on day 5, after its due day 1."),
        ("milestones", 0, {"needs": ["luck"]}, "milestones, kickoff: need “luck” is unknown."),
        (
            "milestones",
            0,
            {"after": ["moon"]},
            "milestones, kickoff: it waits for “moon”, which is no milestone.",
        ),
        (
            "milestones",
            0,
            {"after": ["brief-signed"]},
            "milestones, kickoff: it is due on day 1, before “brief-signed” of day 3, which it waits for.",
        ),
        (
            "milestones",
            0,
            {"after": ["kickoff"]},
            "milestones, kickoff: it waits for itself: kickoff → kickoff.",
        ),
        ("milestones", 1, {"code": "kickoff"}, "milestones, kickoff: this code appears 2 times."),
        ("checks", 0, {"area": "cellar"}, "checks, crm-connected: area “cellar” is unknown."),
        (
            "checks",
            2,
            {"day": 7},
            "milestones, crm-link: it is due on day 5, before its check crm-dispositions of day 7.",
        ),
        ("checks", 0, {"day": 91}, "checks, crm-connected: day 91 lies outside days 1 to 90."),
        ("gates", 0, {"day": 9}, "gates: each phase ends with exactly one gate on its last day."),
        (
            "gates",
            0,
            {"signers": {"client": "client_lead"}},
            "gates, day-10: it needs one signing role for each side.",
        ),
        ("phases", 1, {"first_day": 12}, "phases, launch: it should begin on day 11, not on day 12."),
        ("reviews", 0, {"attendees": ["wizard"]}, "reviews, day-14: role “wizard” is unknown."),
    ],
)
def test_nonsense_is_named(part: str, index: int, change: dict[str, object], error: str) -> None:
    assert error in broken(lambda data: data[part][index].update(change))


def test_a_circle_of_waiting_is_named_once() -> None:
    def change(data: dict[str, Any]) -> None:
        data["milestones"][0]["after"] = ["teams"]
        data["milestones"][1]["after"] = ["kickoff"]

    assert broken(change) == ["milestones, kickoff: it waits for itself: kickoff → teams → kickoff."]


def test_what_builds_on_something_waits_for_it() -> None:
    after = {spec.code: spec.after for spec in CALLING.milestones}
    assert after["script-final"] == ("script-review",) and after["script-review"] == ("script-draft",)
    assert set(after["roster-cleared"]) == {"product-knowledge", "script-certification", "system-skills"}
    assert all(
        "brief-signed" in after[spec.code] or set(spec.after) & {"crm-link", "stack-ready"}
        for spec in CALLING.milestones
        if spec.technical
    )


@pytest.mark.parametrize(
    ("part", "change", "error"),
    [
        ("checks", {"day": 11}, "so the day-10 gate waits for it, but it is due on day 11."),
        ("checks", {"role": "executive", "side": "client"}, "cannot complete anything and so owns nothing."),
        (
            "gates",
            {"signers": {"client": "executive", "operator": "campaign_manager"}},
            "may not sign gates.",
        ),
        ("gates", {"deliverable": "day-30"}, "each signed on the deliverable of its name."),
        ("phases", {"code": "start"}, "phases: the four phases are setup 1–10"),
        ("milestones", {"title": "t" * 161}, "“title” is longer than 160 characters."),
        ("milestones", {"code": "Kick off"}, "a code is made of small letters, digits and single hyphens."),
        ("milestones", {"after": [3]}, "“after” holds 3, which is no text."),
        ("reviews", {"agenda": ["a" * 201]}, "“agenda” is longer than 200 characters."),
    ],
)
def test_what_the_program_could_not_act_on_is_refused(
    part: str, change: dict[str, object], error: str
) -> None:
    assert any(error in each for each in broken(lambda data: data[part][0].update(change)))


def test_a_playbook_is_written_as_it_is_read() -> None:
    for code in playbook.shipped():
        book = playbook.load(code)
        assert read(as_data(book)) == book
        assert parse(as_yaml(book)) == book


def test_what_a_plan_keeps_is_read_whatever_later_rules_say() -> None:
    data = as_data(CALLING)
    data["phases"][0]["code"] = "begin"
    data["milestones"][0] |= {"role": "wizard", "added_later": True}
    assert built(data).milestones[0].role == "wizard"


def test_a_mistake_says_where_it_stands() -> None:
    data = as_data(CALLING)
    data["checks"][3]["area"] = "cellar"
    assert mistakes_of(data) == [Mistake("area “cellar” is unknown.", "checks", "dialer-rules", "area")]


def test_aliases_and_endless_text_are_refused() -> None:
    with pytest.raises(PlaybookError, match="aliases"):
        parse("a: &a [x, x]\nb: [*a, *a]")
    with pytest.raises(PlaybookError, match="longer than"):
        parse("#" * 200_001)
    with pytest.raises(PlaybookError, match="deep in each other"):
        parse("title: " + "[" * 100_000)  # read to its end it would take hours
    with pytest.raises(PlaybookError, match="deep in each other"):
        parse("- " * 50_000)


def test_a_title_is_one_line_for_it_becomes_the_subject_of_a_mail() -> None:
    data = as_data(CALLING)
    data["reviews"][0]["title"] = "Day-14 review\nBcc: everybody@example.org"
    assert [(one.part, one.entry, one.key) for one in mistakes_of(data)] == [("reviews", "day-14", "title")]


def test_unreadable_text_is_refused() -> None:
    for text in ("a: [", "- 1", ""):
        with pytest.raises(PlaybookError):
            parse(text)


def test_an_unknown_playbook_is_refused() -> None:
    with pytest.raises(PlaybookError, match="There is no playbook"):
        playbook.load("../settings")


@pytest.mark.parametrize(
    ("need", "said"),
    [
        (
            "plan_locked",
            "no milestone up to day 10 needs “plan_locked” (both sides have locked the timeline)",
        ),
        ("brief_signed", "up to day 10 needs “brief_signed”"),
        ("script_final", "up to day 10 needs “script_final”"),
        ("roster_cleared", "up to day 10 needs “roster_cleared”"),
        ("baseline_frozen", "up to day 30 needs “baseline_frozen”"),
    ],
)
def test_what_a_gate_asks_for_by_itself_has_an_owner_and_a_date(need: str, said: str) -> None:
    def without(data: dict[str, Any]) -> None:
        for item in data["milestones"]:
            item["needs"] = [each for each in item.get("needs") or () if each != need]

    assert any(said in text for text in broken(without))


def test_hard_checks_prove_what_milestones_wait_for_and_the_whole() -> None:
    def soft_dialer(data: dict[str, Any]) -> None:
        for check in data["checks"]:
            check["hard"] = check["area"] != "dialer"

    def nothing_technical(data: dict[str, Any]) -> None:
        for item in data["milestones"]:
            item["technical"] = False

    def early(data: dict[str, Any]) -> None:
        for check in data["checks"]:
            check["hard"] = check["day"] <= 7

    assert any(
        "waits for the checks of “dialer”, none of which is hard" in text for text in broken(soft_dialer)
    )
    assert any("no technical milestone waits for checks" in text for text in broken(nothing_technical))
    assert any("no hard check is due on days 8 to 10" in text for text in broken(early))
    assert playbook.load("back-office-90-days").checks  # work that is not calling meets all of it


def test_a_playbook_whose_gate_could_never_pass_is_refused() -> None:
    def without_optimisation(data: dict[str, Any]) -> None:
        data["milestones"] = [item for item in data["milestones"] if not 31 <= item["day"] <= 60]

    def all_soft(data: dict[str, Any]) -> None:
        for check in data["checks"]:
            check["hard"] = False

    assert any("no milestone is due from day 31 to 60" in text for text in broken(without_optimisation))
    assert any("no check is hard" in text for text in broken(all_soft))
