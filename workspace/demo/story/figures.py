"""The demo's figures: calls, findings and what is done about them."""

from datetime import date, timedelta
from decimal import Decimal

from accounts.roles import ParticipantRole
from engagements.services.proofs import Proof
from kpis.imports import service as imports
from kpis.models import AgentFact, Finding, ForwardPlan, SheetKind
from kpis.optimisation import scaling_blockers
from kpis.prices import Prices
from kpis.selectors import baseline as baseline_of
from kpis.selectors.optimisation import baseline_prices, computed, current_plan, scaling_facts
from kpis.selectors.window_days import answer_days
from kpis.services import agent_hours, baseline, findings, forward, optimisation, sheets, windows
from kpis.services.prices import set_prices
from kpis.windows.launch import OutsideDay
from reports.snapshots import Kind
from tenancy.models import Job, JobState

from ..calls import call_log
from ..hours import hours_file, time_report
from ..plot import Answer
from .gates import Gates


class Figures(Gates):
    """Calls and what follows from them: baseline, findings, the plan against the bottleneck, the next ninety days."""

    def import_calls(
        self, day: int, first: int, last: int, hour: int = 8, of: tuple[int, int] | None = None
    ) -> None:
        """The supervisor's export of these days, read by the worker's code; `of` is the whole period."""
        whole = of or (first, last)
        log = call_log(
            self.script.behaviour,
            self.calendar.date_of(whole[0]),
            self.calendar.date_of(whole[1]),
            self.script.seed + whole[0],
            keep=(self.calendar.date_of(first), self.calendar.date_of(last)),
            turns=[(self.calendar.date_of(since), turned) for since, turned in self.script.turns],
        )
        name = f"calls-{_days(log)}.csv"
        with self.at(day, hour):
            with self.acting(self.supervisor) as by:
                batch, _ = imports.upload(engagement=self.engagement, by=by, data=log, file_name=name)
                batch = imports.start(batch=batch, by=by, preset="tollgate", source_zone=self.engagement.zone)
            self._run(batch.job_id)
            self._judge_windows()

    def _judge_windows(self) -> None:
        """What the worker does after an import: hold its calls against the calling windows."""
        with self.acting(self.manager):
            waiting = Job.objects.filter(
                engagement_id=self.engagement.pk, handler=windows.HANDLER, state=JobState.QUEUED
            )
            found = list(waiting.values_list("pk", flat=True))
        for job_id in found:
            self._run(job_id)

    def answer_windows(self, day: int, hour: int = 16) -> None:
        """The supervisor answers for the days on which somebody was called outside of the window."""
        with self.at(day, hour), self.acting(self.supervisor) as by:
            found = [each for each in answer_days(self.engagement) if each.state == "open"]
            for each in sorted(found, key=lambda one: one.day):
                windows.answer_day(
                    engagement=self.engagement, by=by, day=each.day, seen=each.outside.calls, done_on=each.day,
                    **_said_of(each.outside),
                )  # fmt: skip

    def review(self, day: int, hour: int = 9) -> None:
        """Hold the numbers against the targets: the frozen baseline at day 30, the period later."""
        with self.at(day, hour), self.acting(self.manager) as by:
            if day == 30:
                baseline.freeze_baseline(engagement=self.engagement, by=by)
            else:
                baseline.review_targets(engagement=self.engagement, by=by, day=day)

    def answer(self, day: int, *, review: int, hour: int = 11) -> None:
        """Give every finding of this review its root cause and a dated fix."""
        with self.at(day, hour), self.acting(self.manager) as by:
            people = {p.role: p for p in self.engagement.participants.all()}
            for finding in Finding.objects.filter(engagement=self.engagement, review_day=review):
                answer = self.script.answers.get(finding.metric_key)
                if answer is None:
                    continue
                due_on = self.calendar.date_of(day) + timedelta(days=6)
                fix = findings.FixDraft(action=answer.action, owner=people[answer.owner], due_on=due_on)
                findings.answer(finding=finding, by=by, root_cause=answer.cause, side=answer.side, fix=fix)
                for side, looked in answer.cleared.items():
                    findings.answer(finding=finding, by=by, root_cause=looked, side=side, found=False)

    def set_prices(self, day: int, prices: Prices, note: str) -> None:
        """The campaign manager says what the work costs from the launch on."""
        with self.at(day, 9), self.acting(self.manager) as by:
            set_prices(
                engagement=self.engagement, by=by, prices=prices, from_on=self.calendar.launch, note=note
            )

    def report_hours(self, day: int, first: int, last: int, *, together: bool = False) -> None:
        """The supervisor’s file of the hours of these days; `together`: the dialer’s one figure for all of them."""
        with self.at(day, 9), self.acting(self.supervisor) as by:
            dials: dict[date, dict[str, int]] = {}
            period = self.calendar.date_of(first), self.calendar.date_of(last)
            facts = AgentFact.objects.filter(
                engagement=self.engagement, day__range=period, agent__isnull=False
            )
            for on, agent, number in facts.values_list("day", "agent__name", "dials"):
                dials.setdefault(on, {})[agent] = number or 0
            made = (time_report if together else hours_file)(dials, self.script.seed + first)
            sheet, _ = sheets.upload_sheet(
                engagement=self.engagement, by=by, data=made, kind=SheetKind.HOURS,
                file_name=f"agent-{'time' if together else 'hours'}-day-{first}-to-{last}.csv",
            )  # fmt: skip
            agent_hours.take_in_hours(sheet=sheet, by=by)

    def hear_closers(self, day: int, text: str) -> None:
        """The closer lead writes down what the closers say."""
        with self.at(day, 17), self.acting(self.team[ParticipantRole.CLOSER_LEAD]) as by:
            forward.hear_closers(engagement=self.engagement, by=by, text=text)

    def plan_against_bottleneck(self, day: int) -> None:
        """The plan against the computed bottleneck; both sides agree to it."""
        with self.at(day, 14), self.acting(self.manager) as by:
            frozen = baseline_of(self.engagement)
            first = computed(frozen, baseline_prices(self.engagement, frozen)).first if frozen else None
            if first is None:
                return
            finding = Finding.objects.get(engagement=self.engagement, review_day=30, metric_key=first.key)
            plan = optimisation.propose_plan(
                engagement=self.engagement, by=by, finding=finding, expected=Decimal(str(first.target))
            )
        for person in (self.manager, self.client):
            with self.at(day, 15), self.acting(person) as by:
                optimisation.agree_to_plan(plan=plan, by=by, seen=plan.content_hash)

    def finish_fix(self, day: int, metric: str) -> None:
        """The fix of a finding of day 30 is done."""
        with self.at(day, 16), self.acting(self.manager) as by:
            finding = Finding.objects.get(engagement=self.engagement, review_day=30, metric_key=metric)
            for fix in finding.fixes.filter(done_on=None):
                findings.mark_done(fix=fix, by=by, done_on=self.calendar.date_of(day))

    def answer_again(self, day: int, metric: str, answer: Answer) -> None:
        """Another root cause for a finding whose plan did not move it, with another fix."""
        with self.at(day, 12), self.acting(self.manager) as by:
            finding = Finding.objects.get(engagement=self.engagement, review_day=30, metric_key=metric)
            owner = self.engagement.participants.get(role=answer.owner, ended_at=None)
            due_on = self.calendar.date_of(day) + timedelta(days=3)
            fix = findings.FixDraft(action=answer.action, owner=owner, due_on=due_on)
            findings.answer(finding=finding, by=by, root_cause=answer.cause, side=answer.side, fix=fix)

    def judge_plan(self, day: int) -> None:
        """The verdict on the plan, and the paper that tells it."""
        with self.at(day, 10), self.acting(self.manager) as by:
            plan = current_plan(self.engagement)
            if plan is not None:
                optimisation.record_verdict(plan=plan, by=by)
        self.deliver(day, Kind.DAY_45, hour=11)

    def notice(self, day: int, observation: str, shown: str) -> Finding:
        """The QA lead notices something that no metric tells."""
        with self.at(day, 11), self.acting(self.qa_lead) as by:
            return findings.open_finding(
                engagement=self.engagement, by=by, observation=observation, proof=Proof(text=shown)
            )

    def answer_noticed(self, day: int, finding: Finding, answer: Answer) -> None:
        """Its cause is named, its fix done the same day."""
        with self.at(day, 12), self.acting(self.manager) as by:
            owner = self.engagement.participants.get(role=answer.owner, ended_at=None)
            fix = findings.FixDraft(action=answer.action, owner=owner, done_on=self.calendar.date_of(day))
            findings.answer(finding=finding, by=by, root_cause=answer.cause, side=answer.side, fix=fix)

    def judge_noticed(self, day: int, finding: Finding, why: str, *, holds: bool) -> None:
        """What was done about it holds, or does not and another cause is asked for."""
        with self.at(day, 12), self.acting(self.manager) as by:
            (findings.confirm if holds else findings.reopen)(finding=finding, by=by, why=why)

    def propose_scaling(self, day: int, why: str, answer: str) -> None:
        """Two agents more, where every target holds by then; the client accepts."""
        with self.at(day, 15), self.acting(self.manager) as by:
            if scaling_blockers(scaling_facts(self.engagement)):
                return
            proposal = optimisation.propose_scaling(
                engagement=self.engagement, by=by, agents=2, leads_a_day=40, campaign_type="", why=why
            )
        with self.at(day + 1, 10), self.acting(self.client) as by:
            optimisation.answer_scaling(proposal=proposal, by=by, accepted=True, why=answer)

    def look_forward(self, day: int, hour: int) -> None:
        """Both sides answer the four questions and agree on the next targets."""
        if not self.script.learned:
            return
        for person, side in ((self.manager, "operator"), (self.client, "client")):
            with self.at(day, hour), self.acting(person) as by:
                earlier = ForwardPlan.objects.filter(engagement=self.engagement).first()
                plan = forward.save_forward(
                    engagement=self.engagement, by=by, learned=self.script.learned[side],
                    changes=self.script.changes,
                    targets={key: Decimal(value) for key, value in self.script.next_targets.items()},
                    next_steps=self.script.next_steps, seen=earlier.content_hash if earlier else "",
                )  # fmt: skip
        for person in (self.client, self.manager):
            with self.at(day, hour), self.acting(person) as by:
                forward.agree_forward(engagement=self.engagement, by=by, seen=plan.content_hash)


def _said_of(outside: OutsideDay) -> dict[str, str]:
    """How calls outside of their windows came about, and what was done."""
    found = []
    if outside.violations:
        found.append(
            (
                "The dialer’s first list went out by the server’s clock, nine minutes ahead of the hour.",
                "The list now waits for nine o’clock in the lead’s own zone; the clock was set.",
            )
        )
    if outside.excluded:
        found.append(
            (
                "A lead had moved since its form was filled in; the list still named the old state.",
                f"Numbers in {outside.where} are taken off every list before it is loaded.",
            )
        )
    causes, actions = zip(*found, strict=True)
    return {"cause": " ".join(causes), "action": " ".join(actions)}


def _days(log: bytes) -> str:
    """The first and the last day with calls in an export."""
    on = sorted({line.split(",")[1][:10] for line in log.decode().splitlines()[1:]})
    return f"{on[0]}-to-{on[-1]}" if len(on) > 1 else on[0]
