"""A tenant whose every page has something to show, and whose every text carries its name: its canary."""

import hashlib
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db.models import F, Value
from django.db.models.functions import Concat, Left

from accounts import trail
from accounts.models import ApiToken, Invitation, Logo, Organisation, SavedView
from accounts.roles import OrganisationRole, ParticipantRole, Side
from accounts.seat import Seat
from common import clock
from common.hashing import content_hash, token_hash
from engagements.masking import Mask
from engagements.masks import full_mask
from engagements.models import (
    Agent,
    BriefMetric,
    BriefSignature,
    CampaignBrief,
    Certification,
    Comment,
    Mention,
    RosterEntry,
    Script,
    ScriptFile,
)
from engagements.services import mask_agents
from kpis import selectors
from kpis.funnel_json import to_json
from kpis.models import (
    Baseline,
    Breach,
    BreachAnswer,
    CallRecord,
    Cause,
    CloserFeedback,
    CloserLink,
    DailyFact,
    Disposition,
    Finding,
    FindingEvent,
    FindingEvidence,
    Fix,
    ForwardPlan,
    Import,
    LeadSource,
    MetricTotal,
    OptimisationPlan,
    OutsideReview,
    QaCall,
    QaDraw,
    QaReview,
    QaRound,
    QaSample,
    QaScorecard,
    SaidTotal,
    ScalingProposal,
    Sheet,
    ToldOutcome,
    TransferCheck,
    UnitPrices,
    WindowAnswer,
    WindowChange,
    WindowCount,
    WindowDay,
    WindowRules,
    WindowVerdict,
)
from kpis.windows.rules import rule_json, shipped
from milestones import playbook
from milestones.models import (
    ActionItem,
    Addendum,
    CheckResult,
    DateProposal,
    Decision,
    Evidence,
    Gate,
    GateEvent,
    Milestone,
    Minutes,
    OwnPlaybook,
    PlaybookVersion,
    ReadinessCheck,
    Review,
    ReviewPoint,
    TransferLine,
)
from milestones.services.plans import create_plan
from reports.models import Cadence, Deliverable, Kind, ReportMail, ReportReading, ReportSubscription
from reports.services import request_deliverable
from tenancy import context
from tenancy.models import Job, JobState
from tests.briefs import whole_brief
from tests.stage import backstage
from tests.tenancy.scenes import NOON, Scene

# What stands in the private notes of a side, and nowhere else.
PRIVATE = {Side.CLIENT: "Whisperclient", Side.OPERATOR: "Whisperoperator"}
CALLED_ON = date(2026, 3, 14)
AGENT = "Quokka"
PDF = b"%PDF-1.7 "


class World(Scene):
    """A scene with a signed brief, a plan, calls, a baseline, a finding with its fix, and files on disk."""

    def __init__(self, name: str, *, operator: Organisation | None = None) -> None:
        super().__init__(name, operator=operator)
        self.sessions: dict[int, str] = {}  # of people who stay logged in, by their ids
        self.of = f" of {name} {AGENT}"  # people name agents in what they write
        self.ex_member = self._person("gone", self.operator, OrganisationRole.ADMIN)
        self.ex_member.memberships.update(ended_at=NOON)
        self.seat = Seat(
            self.manager, self.operator, OrganisationRole.MEMBER, "192.0.2.1", Side.OPERATOR,
            frozenset({ParticipantRole.CAMPAIGN_MANAGER}),
        )  # fmt: skip
        self.lead_token, self.revoked_token = f"{name}-token-{uuid4()}", f"{name}-revoked-{uuid4()}"
        self.invitation_token = f"{name}-invitation-{uuid4()}"
        self.closer_token = f"{name}-closer-{uuid4()}"
        self._letters()
        self._agree()
        self._playbooks()
        self._plan()
        self._review()
        self._dial()
        self._judge()
        self._hand_over()
        self._talk()
        self._name_the_agent()

    def _keep(self, row: object) -> None:
        self._rows[type(row)] = row

    def _letters(self) -> None:
        """The operator's logo, an invitation, and two API tokens of the client lead."""
        self.row(Logo)
        later = clock.now() + timedelta(days=14)
        self._keep(
            Invitation.objects.create(
                organisation=self.operator, invited_by_organisation=self.operator, name=f"{self.name} newcomer",
                email=f"{self.name}.new@example.org".lower(), invited_by=self.leader, expires_at=later,
                token_hash=token_hash(self.invitation_token),
            )
        )  # fmt: skip
        for text, revoked in [(self.lead_token, None), (self.revoked_token, NOON)]:
            self._keep(
                ApiToken.objects.create(
                    user=self.client_lead, organisation=self.client, name=f"{self.name} program", prefix="tg_",
                    token_hash=token_hash(text), expires_at=later, revoked_at=revoked,
                )
            )  # fmt: skip

        self._keep(
            SavedView.objects.create(
                user=self.manager, organisation=self.operator, page="portfolio", name=f"{self.name} view",
                query="show=us",
            )
        )  # fmt: skip

    def _agree(self) -> None:
        """Version 1 of the brief in force, version 2 waiting."""
        content = whole_brief(self.name)
        metrics = content.metrics
        for version, signed_at in [(2, None), (1, NOON)]:
            brief = CampaignBrief.objects.create(
                engagement=self.engagement, version=version, terms=content.terms, created_by=self.manager,
                content_hash=content_hash([version, content.as_data()]), signed_at=signed_at,
            )  # fmt: skip
            for position, metric in enumerate(metrics):
                self._keep(
                    BriefMetric.objects.create(
                        engagement=self.engagement, brief=brief, position=position, key=metric.key, label=metric.label,
                        numerator=metric.numerator, denominator=metric.denominator, target=Decimal("0.5"),
                    )
                )  # fmt: skip
        self._keep(brief)
        for side, user in [(Side.CLIENT, self.client_lead), (Side.OPERATOR, self.manager)]:
            self._keep(
                BriefSignature.objects.create(
                    engagement=self.engagement, brief=brief, side=side, user=user, name=user.name, consent="c",
                    organisation_name=f"{self.name} {side}", signed_at=NOON, content_hash=brief.content_hash,
                )
            )  # fmt: skip

    def _playbooks(self) -> None:
        """The operator's own playbook: version 1 published, version 2 a draft."""
        book = playbook.load(playbook.USUAL)
        own = OwnPlaybook.objects.create(
            organisation=self.operator,
            code=f"{self.name}-way".lower(),
            created_by=self.leader,
            created_at=NOON,
        )
        self._keep(own)
        for version, at in [(1, NOON), (2, None)]:
            content = playbook.as_data(
                replace(book, code=own.code, version=version, title=f"{self.name} way")
            )
            self._keep(
                PlaybookVersion.objects.create(
                    organisation=self.operator, playbook=own, version=version, content=content, created_at=NOON,
                    state="published" if at else "draft", published_at=at, made_from=f"{self.name} source",
                    created_by_name=self.leader.name, news=f"{self.name} news" if at else "",
                )
            )  # fmt: skip

    def _plan(self) -> None:
        with context.entered(user_id=self.manager.pk):
            self._keep(create_plan(engagement=self.engagement, by=self.seat))
            trail.record(
                by=self.seat,
                action="test.done",
                subject=f"{self.name} trail",
                engagement_id=self.engagement.pk,
            )
        for model in (Milestone, ReadinessCheck, Gate):
            rows = model.objects.filter(engagement=self.engagement)
            rows.update(title=Left(Concat(Value(f"{self.name} "), F("title")), 160))
            self._keep(rows.order_by("pk").first())
        self._keep(
            TransferLine.objects.create(
                engagement=self.engagement, name=f"{self.name} line", number=f"{self.name} queue", created_at=NOON,
                team=f"{self.name} closers", created_by=self.manager, by_name=self.manager.name,
            )
        )  # fmt: skip
        self._keep(
            GateEvent.objects.create(
                engagement=self.engagement, gate=self.row(Gate), kind="found", side=Side.OPERATOR, user=self.manager,
                name=self.manager.name, organisation_name=f"{self.name} operator", at=NOON,
                text=f"{self.name} found{self.of}",
            )
        )  # fmt: skip
        self._keep(
            DateProposal.objects.create(
                engagement=self.engagement, item="launch", title=f"{self.name} launch", from_on=CALLED_ON,
                to_on=CALLED_ON + timedelta(days=2), reason=f"{self.name} delay", side="client", by_side="operator",
                by=self.manager, by_name=self.manager.name, at=NOON,
            )
        )  # fmt: skip
        result = CheckResult.objects.create(
            engagement=self.engagement, check_tested=self.row(ReadinessCheck), passed=False,
            note=f"{self.name} failed{self.of}",
            tester=self.manager, tester_name=self.manager.name, tested_at=NOON,
        )  # fmt: skip
        self._keep(result)
        body = f"{self.name} evidence in a file".encode()
        self._keep(
            Evidence.objects.create(
                engagement=self.engagement, milestone=self.row(Milestone), text=f"{self.name} evidence{self.of}",
                file_name=f"{self.name} proof.txt", path=self._file("evidence.txt", body), content_type="text/plain",
                sha256=hashlib.sha256(body).hexdigest(), size=len(body), by=self.manager, by_name=self.manager.name,
                at=NOON,
            )
        )  # fmt: skip

    def _review(self) -> None:
        """The review of day 14 held, with an action; that of day 30 with a date and a draft."""
        own = {"engagement": self.engagement}
        Review.objects.filter(**own).update(title=Left(Concat(Value(f"{self.name} "), F("title")), 160))
        held = Review.objects.get(**own, code="day-14")
        minutes = Minutes.objects.create(**own, review=held, text=f"{self.name} minutes{self.of}")
        Decision.objects.create(**own, review=held, text=f"{self.name} decision{self.of}")
        owner = self.engagement.participants.get(user=self.client_lead)
        self._keep(
            ActionItem.objects.create(
                **own, review=held, text=f"{self.name} action{self.of}", owner=owner, due_on=CALLED_ON
            )
        )
        Review.objects.filter(pk=held.pk).update(held_on=CALLED_ON)
        minutes.closed_at, minutes.closed_by, minutes.closed_by_name = NOON, self.manager, self.manager.name
        minutes.content_hash = content_hash(self.name)
        minutes.save()
        said = {"by": self.manager, "by_name": self.manager.name, "side": Side.OPERATOR, "at": NOON}
        Addendum.objects.create(**own, **said, review=held, text=f"{self.name} addendum{self.of}")
        review = Review.objects.get(**own, code="day-30")
        review.starts, review.place = time(10), f"{self.name} place"
        review.save()
        self._keep(review)
        self._keep(Minutes.objects.create(**own, review=review, text=f"{self.name} draft{self.of}"))
        self._keep(Decision.objects.create(**own, review=review, text=f"{self.name} draft decision{self.of}"))
        self._keep(
            ReviewPoint.objects.create(**own, **said, review=review, text=f"{self.name} point{self.of}")
        )

    def _dial(self) -> None:
        source = LeadSource.objects.create(engagement=self.engagement, name=f"{self.name} source")
        code = Disposition.objects.create(
            engagement=self.engagement, system="tollgate", code=f"{self.name} code", outcome="shown"
        )
        agent = Agent.objects.create(engagement=self.engagement, name=f"{self.name} {AGENT}")
        batch = Import.objects.create(
            engagement=self.engagement, preset="tollgate", source_zone="UTC", measures=["dial", "contact"],
            file_name=f"{self.name} calls.csv", path=self._file("calls.csv", b"call_id\n"), sha256=self.name, size=8,
            accepted=40, rejected=1, duplicates=0, dials=40, first_day=CALLED_ON, last_day=CALLED_ON,
            rejected_path=self._file("rejected.csv", f"{self.name} rejected\n".encode()), rejected_summary=[["x", 1]],
            created_by=self.manager, finished_at=NOON,
        )  # fmt: skip
        for number in range(40):
            call = CallRecord.objects.create(
                engagement=self.engagement, batch=batch, call_key=number, row_no=number + 2, called_at=NOON,
                day=CALLED_ON, hour=9, source=source, agent=agent, disposition=code, depth=number % 2,
                lead_ref=f"{self.name} lead {number}", phone=f"{self.name} phone",
            )  # fmt: skip
        fact = DailyFact.objects.create(
            engagement=self.engagement, day=CALLED_ON, source=source, dials=40, contacts=20
        )
        for row in (source, code, agent, batch, call, fact):
            self._keep(row)
        self._clear(agent)
        self._call_late(call)

    def _call_late(self, call: CallRecord) -> None:
        """A call outside of the calling window, by a rule that was changed here, and the answer for its day."""
        own = {"engagement": self.engagement}
        said = {"by": self.manager, "by_name": self.manager.name, "at": NOON}
        change = WindowChange.objects.create(
            **own, **said, code="us-wy", version=1, reason=f"{self.name} reason", by_side=Side.OPERATOR
        )
        kept = rule_json(next(rule for rule in shipped() if rule.code == "us-tcpa"))
        rules = WindowRules.objects.create(
            **own, digest="w" * 64, content={"rules": [{**kept, "title": f"{self.name} rule"}]}, at=NOON
        )
        day = WindowDay.objects.create(
            **own, day=CALLED_ON, rules=rules, calls=40, answered=20, abandoned=1, judged_at=NOON
        )
        count = WindowCount.objects.create(
            **own,
            day=CALLED_ON,
            place="US-NY",
            allowed=39,
            violations=1,
            possibles=0,
            unknowns=0,
            exempt=0,
            conflicts=0,
        )
        verdict = WindowVerdict.objects.create(
            **own, day=CALLED_ON, call=call.pk, verdict=2, why=1, rules=rules, broken=["us-tcpa"],
            local=["America/New_York 2026-03-12 22:00:00"], zone_source=4, place="US-NY", said=f"{self.name} said",
        )  # fmt: skip
        answer = WindowAnswer.objects.create(
            **own, **said, day=CALLED_ON, calls=1, cause=f"{self.name} clock", action=f"{self.name} set it",
            done_on=CALLED_ON,
        )  # fmt: skip
        for row in (change, rules, day, count, verdict, answer):
            self._keep(row)

    def _clear(self, agent: Agent) -> None:
        """The agent on the roster, certified on a script with a file that waits for the client."""
        body = f"{self.name} script in a file".encode()
        file = ScriptFile.objects.create(
            engagement=self.engagement, file_name=f"{self.name} script.txt", path=self._file("script.txt", body),
            content_type="text/plain", sha256=hashlib.sha256(body).hexdigest(), size=len(body), by=self.manager,
            by_name=self.manager.name, at=NOON,
        )  # fmt: skip
        script = Script.objects.create(
            engagement=self.engagement, version=1, text=f"{self.name} words", file=file, content_hash="s" * 64,
            created_by=self.manager, created_by_name=self.manager.name, created_at=NOON, sent_at=NOON,
        )  # fmt: skip
        entry = RosterEntry.objects.create(
            engagement=self.engagement, agent=agent, move="joined", on=CALLED_ON, by=self.manager,
            by_name=f"{self.name} manager", at=NOON,
        )  # fmt: skip
        passed = Certification.objects.create(
            engagement=self.engagement, agent=agent, kind="product", passed=True, score=90, pass_mark=80,
            parts=["product"], note=f"{self.name} note", assessed_on=CALLED_ON, assessor=self.client_lead,
            assessor_name=self.client_lead.name, assessor_side="client", at=NOON,
        )  # fmt: skip
        breach = Breach.objects.create(
            engagement=self.engagement, agent=agent, day=CALLED_ON, reason=1, calls=40, first_at=NOON, last_at=NOON,
            found_at=NOON,
        )  # fmt: skip
        answer = BreachAnswer.objects.create(
            engagement=self.engagement, breach=breach, cause=f"{self.name} cause of it{self.of}",
            action=f"{self.name} action{self.of}",
            done_on=CALLED_ON, calls=40, by=self.manager, by_name=self.manager.name, at=NOON,
        )  # fmt: skip
        total = MetricTotal.objects.create(
            engagement=self.engagement, metric_key="backlog", day=CALLED_ON, numerator=40, by=self.manager,
            by_name=self.manager.name, at=NOON,
        )  # fmt: skip
        prices = UnitPrices.objects.create(
            engagement=self.engagement, from_on=CALLED_ON, currency="USD", dial="0.12", by=self.manager,
            by_name=self.manager.name, at=NOON,
        )  # fmt: skip
        for row in (file, script, entry, passed, breach, answer, total, prices):
            self._keep(row)
        self._listen(agent)

    def _listen(self, agent: Agent) -> None:
        """A sample of the calls with one reviewed, one in a calibration, and a transfer that was verified."""
        own = {"engagement": self.engagement}
        wrote = {"by": self.manager, "by_name": f"{self.name} reviewer", "at": NOON}
        card = QaScorecard.objects.create(
            **own, **wrote, version=1, name=f"{self.name} scorecard", pass_mark=80, content_hash="c" * 64,
            items=[{"key": "i1", "text": f"{self.name} item", "points": 5, "auto_fail": True}], used_at=NOON,
        )  # fmt: skip
        sample = QaSample.objects.create(
            **own, **wrote, launch=True, name=f"{self.name} sample", share="0.275"
        )
        draw = QaDraw.objects.create(
            **own, **wrote, sample=sample, number=1, method="sha256-strata-1", seed="0" * 32,
            by_day={CALLED_ON.isoformat(): 40}, by_agent={str(agent.pk): 40}, calls=40, drawn=2,
            population={str(agent.pk): list(range(40))}, population_sha256="p" * 64,
        )  # fmt: skip
        heard, call = (
            QaCall.objects.create(
                **own, sample=sample, draw=draw, call_key=key, place=key + 1, day=CALLED_ON, called_at=NOON,
                agent=agent, system="tollgate", code=f"{self.name} code", outcome="shown",
                call_ref=f"{self.name} {key}",
                lead_ref=f"{self.name} lead {key}", recording=f"{self.name}-{key}.wav",
                file_name=f"{self.name} calls.csv", row_no=key + 2,
            )
            for key in (0, 1)
        )  # fmt: skip
        said = {**wrote, "by_side": Side.OPERATOR, "started_at": NOON, "heard": True, "scorecard": card}
        scored = {"scores": [{"key": "i1", "points": 5, "of": 5, "note": f"{self.name} note"}]}
        review = QaReview.objects.create(
            **own, **said, **scored, call=heard, earned=5, possible=5, passed=True, heard_code=f"{self.name} code",
            heard_outcome="shown", comment=f"{self.name} comment",
        )  # fmt: skip
        together = QaRound.objects.create(**own, **wrote, call=call)
        check = TransferCheck.objects.create(
            **own, **wrote, call_key=0, day=CALLED_ON, agent=agent, connected=True, briefed=True,
            note=f"{self.name} seen", by_side=Side.OPERATOR,
        )  # fmt: skip
        for row in (card, sample, draw, heard, review, together, check):
            self._keep(row)
        self._tell()

    def _tell(self) -> None:
        """A file of outcomes that was taken in, a closer's link that works, and what was told by it."""
        own = {"engagement": self.engagement, "by": self.manager, "at": NOON}
        text = f"call_id,stage,date\n{self.name} call,show,2026-03-16\n".encode()
        sheet = Sheet.objects.create(
            **own, kind="outcomes", file_name=f"{self.name} outcomes.csv", path=self._file("outcomes.csv", text),
            sha256=hashlib.sha256(text).hexdigest(), size=len(text), by_name=self.manager.name, kept=1, known=0,
            taken_at=NOON, taken_by_name=f"{self.name} keeper", refused=[[3, f"{self.name} reason"]],
            first_day=CALLED_ON, last_day=CALLED_ON,
        )  # fmt: skip
        link = CloserLink.objects.create(
            **own, name=f"{self.name} closer", first_day=CALLED_ON, last_day=CALLED_ON, by_name=self.manager.name,
            by_side="operator", token_hash=token_hash(self.closer_token), expires_at=clock.now() + timedelta(days=9),
        )  # fmt: skip
        told = ToldOutcome.objects.create(
            **own, call_key=0, stage=4, tells_close=True, on=CALLED_ON, value=5, link=link,
            by_name=f"{self.name} closer",
        )  # fmt: skip
        said = SaidTotal.objects.create(
            engagement=self.engagement, sheet=sheet, row_no=2, day=CALLED_ON, dials=41
        )
        elsewhere = OutsideReview.objects.create(
            engagement=self.engagement, sheet=sheet, row_no=2, call_key=0, call_ref=f"{self.name} ref", day=CALLED_ON,
            score=80, items={"greeting": f"{self.name} greeting"}, heard_code=f"{self.name} heard",
            recorded_code=f"{self.name} code", reviewer=f"{self.name} reviewer", on=CALLED_ON,
            comment=f"{self.name} comment{self.of}",
        )  # fmt: skip
        for row in (sheet, link, told, said, elsewhere):
            self._keep(row)

    def _judge(self) -> None:
        brief = self.row(CampaignBrief)
        first, last = self.engagement.launch_on, self.engagement.launch_on + timedelta(days=19)
        with context.entered(user_id=self.manager.pk):
            numbers = {
                "funnel": to_json(selectors.funnel(self.engagement, first, last, brief)),
                "imports": [],
            }
        self._keep(
            Baseline.objects.create(
                engagement=self.engagement, brief=brief, first_day=first, last_day=last, numbers=numbers,
                content_hash=content_hash(numbers), frozen_by=self.manager, frozen_at=NOON,
            )
        )  # fmt: skip
        finding = Finding.objects.create(
            engagement=self.engagement, brief=brief, review_day=30, metric_key="contact_rate",
            metric_label="Contact rate", numerator=20, denominator=40, target=Decimal("0.6"), opened_at=NOON,
            state="answered", answered_at=NOON,
        )  # fmt: skip
        self._keep(finding)
        said = {"engagement": self.engagement, "finding": finding, "by": self.manager, "at": NOON}
        cause = Cause.objects.create(
            **said, text=f"{self.name} cause{self.of}", side="client", by_name=self.name
        )
        self._keep(cause)
        self._keep(
            FindingEvent.objects.create(**said, state="open", why=f"{self.name} why", by_name=self.name)
        )
        body = f"{self.name} finding in a file".encode()
        self._keep(
            FindingEvidence.objects.create(
                **said, text=f"{self.name} shown{self.of}", by_name=self.name, size=len(body),
                file_name=f"{self.name} shown.txt",
                path=self._file("shown.txt", body), content_type="text/plain", sha256=hashlib.sha256(body).hexdigest(),
            )
        )  # fmt: skip
        self._keep(
            Fix.objects.create(
                engagement=self.engagement, finding=finding, cause=cause, action=f"{self.name} fix{self.of}",
                created_by=self.manager, owner=self.engagement.participants.get(user=self.manager), due_on=CALLED_ON,
            )
        )  # fmt: skip
        self._keep(self.engagement.participants.get(user=self.manager))
        self._look_ahead(finding)

    def _look_ahead(self, finding: Finding) -> None:
        """A plan against the bottleneck, a proposal to scale, a forward plan, and what the closers say."""
        wrote = {"drafted_by": self.manager, "drafted_by_name": self.name, "drafted_at": NOON}
        cause = {"side": "client", "text": f"{self.name} planned", "found": True, "fixes": []}
        content = {"before": {"numerator": 20, "denominator": 40}, "causes": [cause], "expected": "0.6"}
        said = {"client": f"{self.name} learned", "operator": f"{self.name} learned too"}
        forward = {"learned": {"leads": said}, "changes": {"volume": f"{self.name} volume"}, "targets": {}}
        for row in (
            OptimisationPlan(
                engagement=self.engagement, number=1, finding=finding, metric_key="contact_rate", content=content,
                metric_label="Contact rate", expected=Decimal("0.6"), content_hash=content_hash(content), **wrote,
            ),
            ScalingProposal(
                engagement=self.engagement, side=Side.CLIENT, campaign_type=f"{self.name} type", why=f"{self.name} why",
                figures=[], proposed_by=self.manager, proposed_by_name=self.name, proposed_at=NOON,
            ),
            ForwardPlan(
                engagement=self.engagement, content=forward, content_hash=content_hash(forward), **wrote
            ),
            CloserFeedback(
                engagement=self.engagement, text=f"{self.name} closers{self.of}", by=self.manager,
                by_name=self.name, at=NOON
            ),
        ):  # fmt: skip
            row.save()
            self._keep(row)

    def _hand_over(self) -> None:
        """A report that was asked for as ever, with a stand-in for its file."""
        with context.entered(user_id=self.manager.pk, organisation_id=self.operator.pk):
            report = request_deliverable(engagement=self.engagement, kind=Kind.BRIEF, by=self.seat)
        body = PDF + self.name.encode()
        self._keep(report.job)
        Job.objects.filter(pk=report.job.pk).update(state=JobState.DONE, note=f"{self.name} note")
        report.path, report.size, report.pages = self._file("report.pdf", body), len(body), 1
        report.sha256, report.built_at = hashlib.sha256(body).hexdigest(), NOON
        report.save()
        self._keep(report)
        for row in (
            ReportSubscription(
                engagement=self.engagement, user=self.manager, side=Side.OPERATOR, cadence=Cadence.DAILY, since=NOON
            ),
            ReportReading(
                engagement=self.engagement, deliverable=report, by=self.client_lead, by_name=f"{self.name} reader",
                by_side=Side.CLIENT, at=NOON,
            ),
            ReportMail(
                user=self.manager, day=CALLED_ON, number=0, items=[str(report.public_id)], taken_at=NOON, sent_at=NOON
            ),
        ):  # fmt: skip
            row.save()
            self._keep(row)

    def _talk(self) -> None:
        """One shared comment on each kind of place, and of each side a private note, withdrawn once."""
        places = [
            ("plan", ""),
            *((f"{m._meta.model_name}", f":{self.row(m).public_id}") for m in (Milestone, Finding)),
        ]
        places += [("check", f":{self.row(ReadinessCheck).public_id}"), ("gate", f":{self.row(Gate).code}")]
        places += [("deliverable", f":{self.row(Deliverable).public_id}")]
        for side, user in [(Side.CLIENT, self.client_lead), (Side.OPERATOR, self.manager)]:
            for kind, key in places:
                for read_by, words in [(side, f"{PRIVATE[side]} of {self.name}"), ("", f"{self.name} says")]:
                    said = Comment.objects.create(
                        engagement=self.engagement, about=kind + key, side=read_by, text=words, by=user,
                        by_name=user.name, by_side=side, at=NOON, page=f"/e/{self.engagement.public_id}/plan/",
                        title=words,
                    )  # fmt: skip
                    Mention.objects.create(
                        engagement=self.engagement, comment=said, side=read_by, user=user, name=words
                    )
            self._keep(said)
        self._keep(said.mentions.get())

    @property
    def agent(self) -> Agent:
        """Somebody who dials, whose name stands in call rows, in the trail and in a comment."""
        found: Agent = self.row(Agent)
        return found

    @property
    def mask(self) -> Mask:
        with backstage():
            return full_mask(self.engagement)

    def mask_agents(self, masked: bool = True) -> None:
        """As the operator asks for it."""
        with context.entered(user_id=self.manager.pk, organisation_id=self.operator.pk):
            mask_agents(engagement=self.engagement, by=self.seat, masked=masked)

    def _name_the_agent(self) -> None:
        """Wherever the program itself writes an agent's name down."""
        with context.entered(user_id=self.manager.pk):
            trail.record(
                by=self.seat,
                action="agent.certified",
                subject=self.agent.name,
                engagement_id=self.engagement.pk,
                after={"agent": self.agent.name, "passed": [f"{self.agent.name}: script"]},
            )
        Comment.objects.create(
            engagement=self.engagement, about="plan", text=f"How does {self.agent.name} do?", by=self.manager,
            by_name=self.manager.name, by_side=Side.OPERATOR, at=NOON, page="/", title=f"{self.agent.name}, agent",
        )  # fmt: skip

    def _file(self, name: str, body: bytes) -> str:
        path = Path(self.name) / name
        target = Path(settings.FILES_ROOT) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
        return str(path)


def build_worlds() -> tuple[World, World]:
    """Two tenants that know nothing of each other."""
    with backstage():
        return World("Amberstone"), World("Cobaltine")
