"""The demo's agents, their script and their certifications."""

from collections.abc import Collection
from dataclasses import replace

from engagements.clearance import CertificationKind
from engagements.models import Agent
from engagements.models import Script as SpokenScript
from engagements.services import (
    NewAgent,
    Result,
    add_agents,
    approve_script,
    certify,
    save_script,
    send_script,
    use_script,
)
from kpis.selectors.breaches import breaches as found_breaches
from kpis.selectors.breaches import state_of
from kpis.services.breaches import answer_breaches, settle_breaches

from .scene import Scene


class Dialing(Scene):
    """Who may dial, on which script; and who did without."""

    @property
    def _names(self) -> frozenset[str]:
        """The dialer codes of everybody who dials for this campaign from its first day."""
        return frozenset(self.script.behaviour.agents)

    def write_script(self, day: int, text: str) -> None:
        """The campaign manager writes a version and sends it to the client."""
        with self.at(day, 11), self.acting(self.manager) as by:
            newest = SpokenScript.objects.filter(engagement=self.engagement).first()
            seen = newest.content_hash if newest else ""
            draft = save_script(engagement=self.engagement, by=by, text=text, seen=seen)
            send_script(script=draft, by=by, seen=draft.content_hash)

    def approve_script(self, day: int) -> None:
        with self.at(day, 10), self.acting(self.client) as by:
            script = SpokenScript.objects.filter(engagement=self.engagement).latest("version")
            approve_script(script=script, by=by, seen=script.content_hash)

    def use_script(self, day: int) -> None:
        """From this morning on everybody speaks the newest version."""
        with self.at(day, 8), self.acting(self.manager) as by:
            use_script(
                script=SpokenScript.objects.filter(engagement=self.engagement).latest("version"), by=by
            )

    def put_on_roster(self, day: int, codes: Collection[str], hour: int = 9) -> None:
        named = [NewAgent(code.replace(".", " ").title(), (code,)) for code in sorted(codes)]
        with self.at(day, hour), self.acting(self.supervisor) as by:
            add_agents(engagement=self.engagement, by=by, agents=named, joined_on=self.calendar.date_of(day))

    def certify(
        self,
        day: int,
        codes: Collection[str],
        *,
        stumbles: str = "",
        kinds: Collection[CertificationKind] = tuple(CertificationKind),
    ) -> None:
        """Everybody passes these certifications; who stumbles fails the systems test at first."""
        assessors = {
            CertificationKind.PRODUCT: self.client,
            CertificationKind.SCRIPT: self.qa_lead,
            CertificationKind.SYSTEMS: self.supervisor,
        }
        for kind in kinds:
            with self.at(day, 17), self.acting(assessors[kind]) as by:
                agents = list(Agent.objects.filter(engagement=self.engagement, name__in=codes))
                version = SpokenScript.objects.filter(engagement=self.engagement).latest("version").version
                for place, agent in enumerate(agents):
                    result = Result(
                        kind, True, 84 + 3 * place, self.calendar.date_of(day), frozenset(kind.parts),
                        version=version if kind is CertificationKind.SCRIPT else None,
                    )  # fmt: skip
                    if agent.name == stumbles and kind is CertificationKind.SYSTEMS:
                        note = "Two of five calls got the wrong disposition in the CRM."
                        certify(agent=agent, by=by, result=replace(result, passed=False, score=60, note=note))
                    certify(agent=agent, by=by, result=result)

    def answer_breaches(self, day: int, cause: str, action: str, *, accepted: str = "") -> None:
        """The campaign manager answers what dialed uncleared; the client accepts where there are words for it."""
        with self.at(day, 10), self.acting(self.manager) as by:
            owed = [each for each in found_breaches(self.engagement) if state_of(each) == "open"]
            chosen = [each.public_id for each in owed]
            answer_breaches(
                engagement=self.engagement, by=by, chosen=chosen, cause=cause, action=action,
                done_on=self.calendar.date_of(day - 1),
            )  # fmt: skip
        if accepted:
            with self.at(day, 15), self.acting(self.client) as by:
                settle_breaches(
                    engagement=self.engagement, by=by, chosen=chosen, accepted=True, note=accepted
                )

    def admit_late(self, day: int) -> None:
        """Who dialed without being on the roster comes onto it and is certified; their calls are answered."""
        cause, action, accepted = self.script.late_answer
        self.put_on_roster(day, self.script.late, hour=16)
        self.certify(day, self.script.late)
        self.answer_breaches(day + 1, cause, action, accepted=accepted)
