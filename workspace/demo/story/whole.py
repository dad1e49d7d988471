"""The demo's engagements, played through the same services as real use, day by day on a moved clock."""

from collections.abc import Collection

from common.days import LAST_DAY, LAUNCH_DAY
from kpis.selectors.qa import SUPERVISED_LAST_DAY
from reports.snapshots import Kind

from .. import listening
from ..cast import Person
from .afterwards import Afterwards
from .agreement import Agreement
from .dialing import Dialing
from .figures import Figures
from .work import Work


class Story(Agreement, Dialing, Work, Figures, Afterwards):
    """One engagement from its creation to a given day."""

    def agree(self) -> None:
        """Days 1 to 3: the timeline locked, the brief signed."""
        self.lock(1, self.manager, self.client)
        self.work(1, 1)
        self.deliver(1, Kind.LAUNCH_PLAN)
        self.draft_brief(2)
        self.work(2, 2)
        self.sign_brief(3, self.manager, self.client)

    def pass_setup(self) -> None:
        """Days 1 to 10, to the signed day-10 gate."""
        self.agree()
        self.work(3, 3)
        self.write_script(4, self.script.words[0])
        self.work(4, 6)
        self.talk(6)
        self.approve_script(7)
        self.work(7, 7)
        self.put_on_roster(8, self._names - self.script.late)
        self.work(8, 8)
        self.certify(9, self._names - self.script.late, stumbles=self.script.stumbles)
        slipped = self.script.slipped
        if slipped:
            self.work(9, 9, leave={slipped.check, "live-test"})
            self.fail(9, slipped.check, slipped.failed, hour=17)
            self.work(10, 10)
            self.slip(10)
            self.repair(10, slipped.check, slipped.repaired)
            self.finish(10, "live-test")
        else:
            self.work(9, 10)
        self.deliver(10, Kind.DAY_10)
        self.sign_gate(10, self.manager, self.client, gate=10)

    @property
    def _floor(self) -> listening.Floor:
        return listening.Floor(
            self.engagement, self.acting, self.qa_lead, self.supervisor, self.client, self.script.seed
        )

    def write_scorecard(self, day: int) -> None:
        """The QA lead writes by what calls are scored, and puts it in use."""
        with self.at(day, 9):
            listening.write_card(self._floor)

    def listen(self, day: int, hour: int = 15) -> None:
        """The sample of the first live days is drawn or topped up, and most of it heard."""
        with self.at(day, hour):
            listening.listen(self._floor)

    def verify_transfers(self, day: int, hour: int = 15, *, but: int = 0) -> None:
        """The supervisor says of every transfer of the supervised launch but the last few what was seen."""
        with self.at(day, hour):
            listening.verify(self._floor, but=but)

    def go_live(self) -> None:
        """Days 11 to 15: the supervised launch, to the review of day 14, and until the first live days are heard."""
        self.write_scorecard(11)
        self.work(11, 13)
        self.talk(13)
        self.import_calls(14, 11, 14, hour=20, of=(11, 30))
        if self.script.behaviour.early:
            self.answer_windows(14, hour=20)
        self.listen(14, hour=20)
        self.verify_transfers(14, hour=20)
        third = self._third_live_day
        self.work(14, 14, hour=20, leave={"qa-sample"} if third > SUPERVISED_LAST_DAY else ())
        self.deliver(14, Kind.DAY_14, hour=21)
        if self.script.late:
            self.admit_late(14)
        if third > SUPERVISED_LAST_DAY:
            self.import_calls(third, 15, third, hour=20, of=(11, 30))
            self.listen(third, hour=20)
            self.finish(third, "qa-sample", hour=20)

    @property
    def _third_live_day(self) -> int:
        """The third day with calls: where a weekend lies in the first ones, it comes after the supervised launch."""
        days = self.script.behaviour.days
        live = [day for day in range(LAUNCH_DAY, 31) if self.calendar.date_of(day).weekday() in days]
        return live[2]

    def calibrate(self) -> None:
        """Days 15 to 26: patterns, and the first two weekly reviews."""
        self.work(15, 26)

    def freeze(self) -> None:
        """Days 30 and 31: the frozen baseline, its review, and findings answered."""
        since = max(self._third_live_day, SUPERVISED_LAST_DAY) + 1
        self.import_calls(30, since, 30, hour=20, of=(11, 30))
        self.review(30, hour=21)
        self.work(30, 30, hour=22)
        self.answer(31, review=30)
        self.talk(31)

    def go_on(self, *until: int, since: int, of: tuple[int, int]) -> None:
        """Week by week from the day `since` on: what falls due, and each time the calls of the days so far.

        `of` is the whole period that the calls belong to.
        """
        for day in until:
            self.work(since, day - 1)
            self.import_calls(day, since, day, hour=20, of=of)
            self.work(day, day, hour=20)
            since = day + 1

    def pass_later(
        self, day: int, *, since: int, of: tuple[int, int], declined: str = "", told: Collection[Person] = ()
    ) -> None:
        """The days from `since` to the signed gate of day 60 or 90, which is declined first where a reason is given.

        `of` is the whole period that the calls belong to; who is `told` has the evening's report from here on.
        """
        self.work(since, day - 1)
        self.subscribe(day, *told)
        self.import_calls(day, since, day, hour=20, of=of)
        self.work(day, day, hour=20)
        self.review(day, hour=21)
        self.answer(day, review=day, hour=22)
        if day == LAST_DAY:
            self.look_forward(day, hour=22)
        self.deliver(day, Kind(f"day-{day}"), hour=22)
        if declined:
            self.about_gate(day, self.client, "decline_gate", gate=day, hour=22, reason=declined)
            self.deliver(day, Kind(f"day-{day}"), hour=23)
        self.sign_gate(day, self.manager, self.client, gate=day, hour=23)
