"""The demo's reports and gates."""

from collections.abc import Collection

from milestones import services as milestones
from milestones.models import Gate, GateEvent
from reports import services as reports
from reports.evenings import Slot
from reports.models import Cadence
from reports.snapshots import Kind

from ..cast import Person
from .scene import Scene


class Gates(Scene):
    """Reports, and the gates that are signed on them."""

    def deliver(self, day: int, kind: Kind, hour: int = 17) -> None:
        with self.at(day, hour):
            with self.acting(self.manager) as by:
                deliverable = reports.request_deliverable(engagement=self.engagement, kind=kind, by=by)
            self._run(deliverable.job_id)

    def subscribe(self, day: int, *people: Person) -> None:
        """From this morning on they have the report of each evening."""
        for person in people:
            with self.at(day, 9), self.acting(person) as by:
                reports.choose(engagement=self.engagement, by=by, cadence=Cadence.DAILY)

    def evening(self, day: int, *, of: Person, read_by: Collection[Person], hour: int = 10) -> None:
        """The report of the evening before, made in the name of one who has it; some read it."""
        with self.at(day, hour - 1):
            with self.acting(of) as by:
                made = reports.hold_round(
                    engagement=self.engagement, by=by, day=self.calendar.date_of(day - 1), slot=Slot.EVENING
                )
            for report in made:
                self._run(report.job_id)
        for person in read_by:
            with self.at(day, hour), self.acting(person) as by:
                for report in made:
                    reports.note_reading(deliverable=report, by=by)

    def sign_gate(self, day: int, *people: Person, gate: int, hour: int = 18) -> None:
        for person in people:
            with self.at(day, hour), self.acting(person) as by:
                shut = Gate.objects.get(engagement=self.engagement, day=gate)
                milestones.sign_off(gate=shut, by=by, seen=shut.document_sha256)

    def about_gate(
        self, day: int, person: Person, verb: str, *, gate: int, hour: int = 18, **said: object
    ) -> None:
        """Something that a signer does about a gate besides signing it."""
        with self.at(day, hour), self.acting(person) as by:
            row = Gate.objects.get(engagement=self.engagement, day=gate)
            if verb in ("decline_gate", "send_back", "request_signatures"):
                said["seen"] = row.document_sha256
            getattr(milestones, verb)(gate=row, by=by, **said)

    def find(self, day: int, person: Person, text: str, *, gate: int) -> None:
        """Something comes out after a gate has passed; two days later the supervisor has settled it."""
        self.about_gate(day, person, "note_found", gate=gate, text=text)
        with self.at(day + 2, 15), self.acting(self.supervisor) as by:
            found = GateEvent.objects.filter(gate__day=gate, engagement=self.engagement, kind="found").latest(
                "at"
            )
            text = "The queue was rebuilt; three test calls each reached a closer within 20 seconds."
            milestones.settle_found(found=found, by=by, text=text)
