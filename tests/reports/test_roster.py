"""The cleared roster on paper: who may dial on which version of the script, who may not, and why."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest

from common.errors import Refused
from engagements.services import NewAgent
from reports.models import Deliverable
from reports.render import compose
from reports.rules import ReportFacts, report_blockers
from reports.snapshots import Kind, Snapshot, thaw
from tests.engagements.test_agents import PRODUCT, SYSTEMS, attempt, certified, listed
from tests.engagements.test_masking import mask
from tests.engagements.test_scripts import approved
from tests.factories import Cast
from tests.milestones.scene import as_person, on_day, planned
from tests.reports import samples
from tests.reports.scene import asked, reloaded


def cells(snapshot: Snapshot, section: int) -> list[list[str]]:
    """What stands in the first table of a section."""
    blocks = compose(snapshot).sections[section].blocks
    table = next(block for block in blocks if block.block == "table")
    return [[cell.text for cell in line] for line in table.rows]


def test_page_one_says_how_many_may_dial_on_which_version_and_who_may_not() -> None:
    paper = compose(samples.roster())
    assert paper.verdict == "9 of 10 agents may dial on version 2 of the script."
    assert (paper.verdict_state, paper.second_sentence) == ("blocked", "Jonas Weber may not.")
    assert [ask.what for ask in paper.asks] == ["Assess script certification on version 2: Jonas Weber"]
    assert len(paper.picture.rows) == 10


def test_every_cleared_agent_stands_with_days_scores_assessors_and_version() -> None:
    rows = cells(samples.roster(), 0)
    assert len(rows) == 9
    assert rows[0][1] == "9 Mar 2026\n82 of 100, pass mark 80\nMaya Lindqvist (client)"
    assert rows[0][2].startswith("27 Mar 2026, version 2\n84 of 100")


def test_who_is_not_cleared_stands_with_the_reason() -> None:
    made = samples.roster()
    why = "passed on 9 Mar 2026 by Ifeoma Balogun on version 1; version 2 is asked for"
    assert cells(made, 1) == [["Jonas Weber", "Script certification", why]]
    failed = samples.attempt("systems", 60, passed=False, counts=False)
    worse = replace(made.agents[-1], product=None, system=None, newest=(*made.agents[-1].newest[1:2], failed))
    told = cells(replace(made, agents=(worse,)), 1)
    assert [line[0] for line in told] == ["Jonas Weber", "", ""]
    assert [line[2] for line in told][::2] == [
        "not assessed yet",
        "failed on 9 Mar 2026 by Ifeoma Balogun: 60 of 100, pass mark 80",
    ]


@pytest.mark.parametrize(
    ("cleared", "of", "words"),
    [
        (2, 2, "Both agents on the roster may dial on version 2 of the script."),
        (1, 1, "The one agent on the roster may dial on version 2 of the script."),
        (0, 1, "The one agent on the roster may not dial on version 2 of the script."),
        (0, 2, "None of 2 agents may dial on version 2 of the script."),
        (0, 0, "Nobody is on the roster, so nobody may dial."),
    ],
)
def test_the_verdict_agrees_with_its_numbers(cleared: int, of: int, words: str) -> None:
    made = samples.roster()
    agents = (*made.agents[:cleared], *(made.agents[-1],) * (of - cleared))
    paper = compose(replace(made, agents=agents))
    assert paper.verdict == words
    assert paper.verdict_state == ("passed" if cleared == of and of else "blocked")


def test_before_the_launch_and_before_a_script_the_paper_says_so() -> None:
    made = replace(samples.roster(), launch_actual=None, script=None)
    nobody = tuple(replace(agent, script=None, newest=agent.newest[::2]) for agent in made.agents)
    paper = compose(replace(made, agents=nobody))
    assert paper.verdict == "None of 10 agents may dial yet: no version of the script is in use."
    assert "Nobody dials before the day-10 gate has passed" in paper.second_sentence


def test_more_agents_than_fit_leave_page_one_to_those_who_may_not() -> None:
    made = samples.roster()
    paper = compose(replace(made, agents=(*made.agents[:9] * 4, made.agents[-1])))
    assert paper.picture.caption == "Who may not dial"
    assert [line[0].text for line in paper.picture.rows] == ["Jonas Weber"]


def test_a_change_of_wording_and_a_version_to_come_are_said() -> None:
    made = samples.roster()
    assert made.script is not None
    said = compose(replace(made, script=replace(made.script, required=1, coming=3))).decided
    assert "changed wording only: certifications from version 1 on count" in said[1]
    assert said[2].startswith("Version 3 is final")


def test_there_is_no_roster_before_a_plan_and_before_somebody_is_on_it() -> None:
    day = date(2026, 3, 2)
    facts = ReportFacts(Kind.ROSTER, day, 1, day, has_plan=True, has_brief=False, has_roster=True)
    assert report_blockers(facts) == []
    assert "Make the plan first" in report_blockers(replace(facts, has_plan=False))[0]
    assert "Put the agents on it first" in report_blockers(replace(facts, has_roster=False))[0]


@pytest.fixture
def _day_8() -> Iterator[None]:
    with on_day(8):
        yield


@pytest.mark.django_db
@pytest.mark.usefixtures("_day_8")
def test_the_roster_is_frozen_as_it_stands_and_masked_for_both_sides(
    cast: Cast, run_jobs: Callable[[], list[str]]
) -> None:
    planned(cast)
    with pytest.raises(Refused, match="Put the agents on it first"):
        asked(cast, Kind.ROSTER)
    approved(cast)
    zoe, abe = listed(cast, NewAgent("Zoe Quokka", ("zq",)), NewAgent("Abe Numbat", ("an",)))
    certified(cast, zoe)
    attempt(cast, abe, PRODUCT)
    attempt(cast, abe, SYSTEMS, passed=False, score=60, note="Wrong disposition twice.")
    made = asked(cast, Kind.ROSTER)
    mask(cast, cast.campaign_manager)
    veiled = asked(cast, Kind.ROSTER) if run_jobs() == ["done"] else made
    run_jobs()
    first, second = (thaw(reloaded(cast, each).snapshot) for each in (made, veiled))
    assert [agent.name for agent in first.agents] == ["Abe Numbat", "Zoe Quokka"]
    assert [agent.cleared for agent in first.agents] == [False, True]
    assert first.script is not None
    assert (first.script.version, first.script.required) == (1, 1)
    assert [(each.kind, each.passed, each.counts) for each in first.agents[0].newest] == [
        ("product", True, True),
        ("systems", False, False),
    ]
    assert {agent.name for agent in second.agents} == {"Agent 1", "Agent 2"}
    assert "Quokka" not in str(reloaded(cast, veiled).summary) + str(second)
    assert compose(first).verdict == "1 of 2 agents may dial on version 1 of the script."
    with as_person(cast, cast.client_lead):
        assert [each.sha256 != "" for each in Deliverable.objects.filter(kind="roster")] == [True, True]
