"""The demo's days of work: milestones, checks and reviews."""

from collections.abc import Collection
from datetime import time, timedelta

from accounts.roles import ParticipantRole
from accounts.seat import Seat
from common import clock
from milestones import services as milestones
from milestones.models import Milestone, ReadinessCheck, Review, ReviewKind
from milestones.rules.setup import COMPUTED
from milestones.selectors.reviews import date_of, draft_digest, minutes_of, open_actions
from milestones.services import actions, reviews

from ..plot import ROUTINE
from ..scripts.checked import DONE, SEEN
from .scene import Scene

NO_PROOF = milestones.Proof()


class Work(Scene):
    """What falls due: milestones, checks with their lines and leads, reviews with their actions."""

    def work(
        self, first: int, last: int, hour: int = 16, *, leave: Collection[str] = (), tested: int = 13
    ) -> None:
        """Test, complete and hold everything that falls due on these days but for what is left, each by its owner."""
        for day in range(first, last + 1):
            with self.acting(self.manager):
                checks = list(ReadinessCheck.objects.filter(engagement=self.engagement, day=day))
                due = list(
                    Milestone.objects.filter(engagement=self.engagement, day=day, done_on=None).order_by(
                        "start_day", "pk"
                    )
                )
            for check in checks:
                if check.code not in leave:
                    self._test(check, day, tested)
            for milestone in due:
                if milestone.code in leave:
                    continue
                if milestone.code.startswith("review-"):
                    self.hold(day, milestone.code.removeprefix("review-"), hour=hour)
                    continue
                self._complete(milestone, day, hour)
            with self.acting(self.manager):
                weekly = list(
                    Review.objects.filter(
                        engagement=self.engagement, kind=ReviewKind.WEEKLY, day=day, held_on=None
                    )
                )
            for review in weekly:
                self.hold(day, review.code, hour=hour)

    def finish(self, day: int, code: str, hour: int = 16) -> None:
        """Complete one milestone that was left."""
        with self.acting(self.manager):
            milestone = Milestone.objects.get(engagement=self.engagement, code=code)
        self._complete(milestone, day, hour)

    def _complete(self, milestone: Milestone, day: int, hour: int) -> None:
        with self.at(day, hour), self.acting(self.team[ParticipantRole(milestone.owner_role)]) as by:
            usual = DONE.get(
                milestone.code, f"No file was given: “{milestone.title}” was shown in the daily call."
            )
            proof = milestones.Proof(text=self.script.proofs.get(milestone.code, usual))
            milestones.complete_milestone(milestone=milestone, by=by, proof=proof)

    def fail(self, day: int, code: str, note: str, hour: int = 10) -> None:
        """A check does not pass, and stays so."""
        self._record(day, code, hour, passed=False, note=note)

    def repair(self, day: int, code: str, seen: str, hour: int = 10) -> None:
        """A check that failed is tested again, and passes."""
        self._record(day, code, hour, passed=True, proof=milestones.Proof(text=seen))

    def _record(
        self,
        day: int,
        code: str,
        hour: int,
        *,
        passed: bool,
        note: str = "",
        proof: milestones.Proof = NO_PROOF,
    ) -> None:
        with self.acting(self.manager):
            check = ReadinessCheck.objects.get(engagement=self.engagement, code=code)
        with self.at(day, hour), self.acting(self.team[ParticipantRole(check.owner_role)]) as by:
            milestones.record_check(check=check, by=by, passed=passed, note=note, proof=proof)

    def hold(self, day: int, code: str, hour: int = 16) -> None:
        """Put a review on this day, finish what is due, and close its minutes."""
        meeting = self.script.meetings.get(code, ROUTINE)
        with self.at(day, hour):
            self._finish_actions()
            with self.acting(self.manager) as by:
                found = Review.objects.get(engagement=self.engagement, code=code)
                people = {p.role: p for p in self.engagement.participants.all()}
                if meeting.point:
                    reviews.add_point(review=found, by=by, text=meeting.point)
                reviews.save_minutes(
                    review=found, by=by, text=meeting.text, seen=0,
                    attended={role: people[role].name for role in found.attendee_roles},
                )  # fmt: skip
                for text in meeting.decisions:
                    reviews.add_decision(review=found, by=by, text=text)
                for action in meeting.actions:
                    due_on = clock.today(self.engagement.zone) + timedelta(days=action.days)
                    reviews.add_action(
                        review=found, by=by, text=action.text, owner=people[action.owner], due_on=due_on
                    )
                draft = minutes_of(found)
                today = clock.today(self.engagement.zone)
                reviews.close(review=found, by=by, held_on=today, seen=draft_digest(found, draft))

    def _finish_actions(self) -> None:
        """Whoever undertook something that is due by now has done it, but for what the script leaves open."""
        proofs = {
            a.text: a.proof for meeting in self.script.meetings.values() for a in meeting.actions if a.proof
        }
        with self.acting(self.manager):
            today = clock.today(self.engagement.zone)
            due = [(a, a.owner.role) for a in open_actions(self.engagement).filter(due_on__lte=today)]
        for action, role in due:
            if action.text in proofs:
                with self.acting(self.team[ParticipantRole(role)]) as by:
                    actions.finish(action=action, by=by, proof=proofs[action.text])

    def schedule(self, day: int, code: str, starts: time, place: str) -> None:
        """Put the next review on its own day at a time; whoever must attend is invited."""
        with self.at(day, 12), self.acting(self.manager) as by:
            found = Review.objects.get(engagement=self.engagement, code=code)
            found.engagement = self.engagement
            on = date_of(found)
            reviews.schedule(review=found, by=by, to=reviews.Appointment(on=on, starts=starts, place=place))

    def _test(self, check: ReadinessCheck, day: int, hour: int) -> None:
        if check.code in COMPUTED:
            self._log(check.code, day)
            return
        tester = self.team[ParticipantRole(check.owner_role)]
        if check.code in self.script.failed_first:
            with self.at(day, 10), self.acting(tester) as by:
                milestones.record_check(
                    check=check, by=by, passed=False, note="Calls of the overflow rang out unanswered.",
                    proof=milestones.Proof(text="Test call at 10:00, no answer after 40 seconds."),
                )  # fmt: skip
        with self.at(day, hour), self.acting(tester) as by:
            milestones.record_check(
                check=check, by=by, passed=True, note="",
                proof=milestones.Proof(text=SEEN.get(check.code, f"Tested: {check.evidence_asked}")),
            )  # fmt: skip

    def _log(self, code: str, day: int) -> None:
        """The transfer lines with their test calls, and the real leads of a day; one of each fails first."""
        if code == "dialer-transfers":
            self.lines(day)
            return
        live = {"live-day-8": 8, "live-day-9": 9}[code]
        sources = [row["name"] for row in self.script.terms["lead_sources"]["rows"]]
        with self.at(day, 14), self.acting(self.manager) as by:
            for number, source in enumerate(sources):
                self._lead(
                    by, live, f"CRM {4200 + 10 * live + number}", source, passed=number > 0 or live == 9
                )
        if live == 8:
            with self.at(day, 16), self.acting(self.manager) as by:
                self._lead(by, live, f"CRM {4200 + 10 * live}", sources[0], passed=True)

    def _lead(self, by: Seat, day: int, lead: str, source: str, *, passed: bool) -> None:
        milestones.log_lead(
            engagement=self.engagement, by=by, day=day, lead=lead, source=source,
            steps=[f"{source} to the CRM", "CRM to the dialer within a minute", "answered, qualified, transferred"],
            crm_record=True, transfer_reached=True, written_back=passed, reached=passed,
            outcome="Transfer set, disposition in the CRM" if passed else "Transfer set, CRM still shows new",
            note="" if passed else "The disposition was not written back: the token of the webhook had expired.",
            proof=milestones.Proof(),
        )  # fmt: skip

    def lines(self, day: int, *, rings_out: str = "") -> None:
        """Both lines are built and called; the overflow fails at first, or stays so where it says how it rings out."""
        supervisor = self.supervisor
        closer = self.script.client_team[ParticipantRole.CLOSER_LEAD].name
        with self.at(day, 9), self.acting(supervisor) as by:
            lines = [
                milestones.add_line(
                    engagement=self.engagement, by=by, name=name, number=number, team="Closers of the client",
                    hours="As the calling hours of the brief",
                )
                for name, number in (("Closers, first line", "queue 701"), ("Closers, overflow", "queue 702"))
            ]  # fmt: skip
        calls = [(10, lines[0], True), (10, lines[1], False)]
        for hour, line, passed in calls if rings_out else [*calls, (13, lines[1], True)]:
            with self.at(day, hour), self.acting(supervisor) as by:
                milestones.test_line(
                    line=line, by=by, connected=passed, briefed=passed, answered_by=closer if passed else "",
                    note="" if passed else rings_out or "Rang out unanswered for 40 seconds.",
                    proof=milestones.Proof(text="Test call; the hand-over was announced and understood.")
                    if passed else milestones.Proof(),
                )  # fmt: skip
