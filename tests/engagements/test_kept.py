"""Parts of pages are kept, and never older than the day and the newest line of the trail."""

import json
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from common import clock
from common.code import code_number, number_of
from engagements.kept import PAGE, Parts
from engagements.masking import OPEN, Mask
from engagements.models import Kept
from kpis.models import WindowDay
from kpis.services.windows import Judging
from milestones import services
from milestones.selectors.gate_standing import gate_standing
from milestones.selectors.standing import standing_of
from tenancy import context
from tests.factories import Cast
from tests.kpis import scene as kpis
from tests.milestones.scene import CALENDAR, as_person, locked, on_day, planned
from tests.milestones.test_pages import at, browser
from tests.stage import backstage


def told(cast: Cast, words: str) -> Any:
    """What is said of the engagement where `words` would be said now."""
    with as_person(cast, cast.campaign_manager):
        parts = Parts(cast.engagement, standing_of(cast.engagement).today)
        return parts.of("a part", make=lambda: words)


def test_what_is_kept_is_read_until_the_day_is_over(cast: Cast) -> None:
    with on_day(3):
        planned(cast)
        assert told(cast, "first") == "first"
        assert told(cast, "second") == "first"
    with on_day(4):
        assert told(cast, "third") == "third"


def test_a_line_of_the_trail_makes_a_part_old(cast: Cast) -> None:
    with on_day(3):
        planned(cast)
        told(cast, "first")
        with as_person(cast, cast.campaign_manager):
            services.move_launch(
                engagement=cast.engagement, by=cast.seat(cast.campaign_manager),
                launch=CALENDAR.launch + timedelta(days=4), side="client", reason="The CRM is not ready.",
            )  # fmt: skip
        assert told(cast, "second") == "second"


def test_what_other_code_said_is_not_read(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    planned(cast)
    told(cast, "first")
    monkeypatch.setattr("engagements.kept.code_number", lambda: code_number() ^ 1)
    assert told(cast, "second") == "second"


def test_the_number_of_the_code_is_another_one_for_every_change(tmp_path: Path) -> None:
    page, passed_over = tmp_path / "page.html", tmp_path / "__pycache__" / "page.pyc"
    passed_over.parent.mkdir()
    numbers = []
    for words in ("one", "two", "one"):
        page.write_text(words)
        passed_over.write_text(str(len(numbers)))
        numbers.append(number_of(tmp_path, [tmp_path]))
    page.rename(tmp_path / "other.html")
    numbers.append(number_of(tmp_path, [tmp_path]))
    assert numbers[0] == numbers[2]
    assert len(set(numbers)) == 3


def test_what_has_no_trail_is_not_kept(cast: Cast) -> None:
    assert told(cast, "first") == "first"
    assert told(cast, "second") == "second"
    with backstage():
        assert not Kept.objects.exists()


def test_a_page_is_kept_for_each_mask_and_read_by_no_other_page(cast: Cast) -> None:
    planned(cast)
    by_number = Mask(by_pk={1: "Agent 1"})
    with as_person(cast, cast.campaign_manager):
        for mask, words in ((OPEN, "Ana Ruiz"), (by_number, "Agent 1"), (OPEN, "not made again")):
            parts = Parts(cast.engagement, standing_of(cast.engagement).today)
            said = parts.page("a page", mask, make=lambda words=words: {"who": words})  # type: ignore[misc]
            assert said == {"who": "Agent 1" if mask else "Ana Ruiz"}
    with as_person(cast, cast.campaign_manager):
        Parts(cast.engagement, standing_of(cast.engagement).today).of("a part", make=lambda: "short")
        read = context.read_once()["kept", cast.engagement.pk]
    assert set(read.parts) == {"a part"}


@pytest.mark.parametrize(
    "path",
    [
        "",
        "plan/",
        "setup/",
        "kpis/",
        "kpis/qa/",
        "kpis/windows/",
        "kpis/optimisation/",
        "kpis/signals/",
        "reviews/",
    ],
)
def test_what_is_kept_of_a_page_holds_no_form_and_nobody_who_looks(cast: Cast, path: str) -> None:
    with on_day(5):
        planned(cast)
        kpis.write_facts(cast, kpis.WEAK_DAY, [12])
        first = browser(cast.campaign_manager).get(at(cast, path))
        second = browser(cast.supervisor).get(at(cast, path))
    assert first.status_code == second.status_code == 200
    with backstage():
        pages = list(Kept.objects.filter(part__startswith=PAGE).values_list("facts", flat=True))
    said = json.dumps(pages)
    assert "csrf" not in said
    assert 'method=\\"post' not in said
    assert cast.campaign_manager.email not in said
    assert pages, "each of these keeps its pieces"
    if path == "plan/":
        assert "Move the launch date" in first.text
        assert "Move the launch date" not in second.text, "what one role may do is nobody else's"


def windows_condition(cast: Cast) -> tuple[bool, bool]:
    """Whether the day-30 gate's condition on calling windows is met, and whether its facts were gathered anew."""
    with as_person(cast, cast.campaign_manager):
        standing = standing_of(cast.engagement)
        row = gate_standing(standing, standing.gates[1])
        return next(one.met for one in row.conditions if one.code == "windows"), "milestones" in vars(
            standing
        )


def test_verdicts_leave_no_line_and_make_a_part_old_all_the_same(cast: Cast) -> None:
    with on_day(20):
        locked(cast)
        kpis.write_facts(cast, kpis.WEAK_DAY, [12])
        assert windows_condition(cast) == (False, True)
        assert windows_condition(cast) == (False, False)
        with as_person(cast, cast.campaign_manager):
            rules = Judging.of(cast.engagement.pk).kept
            WindowDay.objects.create(
                engagement=cast.engagement,
                rules=rules,
                day=CALENDAR.date_of(12),
                calls=1,
                judged_at=clock.now(),
            )
        assert windows_condition(cast) == (True, True)


@pytest.mark.django_db(transaction=True)
def test_two_readers_who_keep_in_another_order_never_wait_for_each_other(transactional_db: None) -> None:
    with backstage():
        cast = Cast()
    with on_day(3):
        planned(cast)
    both, faults = threading.Barrier(2), list[BaseException]()

    def read(names: str) -> None:
        try:
            with context.entered(user_id=cast.campaign_manager.pk, engagement_id=cast.engagement.pk):
                parts = Parts(cast.engagement, CALENDAR.date_of(3))
                for name in names:
                    parts.of(f"conditions of {name}", make=lambda name=name: name)  # type: ignore[misc]
                    both.wait(5)
        except BaseException as fault:  # noqa: BLE001  (shown by the test itself)
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=read, args=(names,)) for names in ("ab", "ba")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with backstage():
        kept = Kept.objects.filter(part__startswith="conditions of").order_by("part")
        assert list(kept.values_list("facts", flat=True)) == ["a", "b"]


def test_what_cannot_be_kept_is_shown_all_the_same(cast: Cast) -> None:
    with on_day(3):
        planned(cast)
        with backstage(), connection.cursor() as cursor:
            cursor.execute(
                "CREATE POLICY nothing ON engagements_kept AS RESTRICTIVE FOR INSERT WITH CHECK (false)"
            )
        assert told(cast, "first") == "first"
        assert told(cast, "second") == "second"
