"""What one call came to, in the funnel's words, whatever the dialler calls it."""

from collections.abc import Mapping

from django.db.models import TextChoices

from engagements.stages import Stage


class Outcome(TextChoices):
    """The canonical results of a call. A raw code becomes one of them by an explicit map, never by its duration."""

    NO_ANSWER = "no_answer", "No answer"
    BUSY = "busy", "Busy"
    MACHINE = "machine", "Answering machine or fax"
    BAD_NUMBER = "bad_number", "Number out of service"
    FAILED = "failed", "Call failed"
    ABANDONED = "abandoned", "Abandoned: answered, but no agent was there"
    WRONG_NUMBER = "wrong_number", "Wrong number or person"
    OTHER = "other", "Other, no contact told"
    DNC = "dnc", "Asked not to be called"
    CALLBACK = "callback", "Call back later"
    NOT_INTERESTED = "not_interested", "Not interested"
    NOT_QUALIFIED = "not_qualified", "Spoken to, does not qualify"
    CONTACTED = "contacted", "Spoken to, nothing more told"
    QUALIFIED = "qualified", "Qualified"
    TRANSFER_SET = "transfer_set", "Transfer set"
    NO_SHOW = "no_show", "Transfer set, no show"
    SHOWN = "shown", "Showed: spoke with the closer"
    CLOSED = "closed", "Closed"

    @property
    def stage(self) -> Stage:
        """The deepest stage that a call with this outcome reached."""
        return STAGE_OF.get(self, Stage.DIAL)

    @property
    def tells(self) -> frozenset[Stage]:
        """The stages on which a system that uses this outcome keeps books: reached, or said not to be."""
        return frozenset({self.stage, *MISSED_STAGE_OF.get(self, ())})


# Everything that is not named here is a dial and no more. ABANDONED is an answer, but nobody spoke with the lead.
STAGE_OF: Mapping[Outcome, Stage] = {
    Outcome.DNC: Stage.CONTACT,
    Outcome.CALLBACK: Stage.CONTACT,
    Outcome.NOT_INTERESTED: Stage.CONTACT,
    Outcome.NOT_QUALIFIED: Stage.CONTACT,
    Outcome.CONTACTED: Stage.CONTACT,
    Outcome.QUALIFIED: Stage.QUALIFIED,
    Outcome.TRANSFER_SET: Stage.TRANSFER,
    Outcome.NO_SHOW: Stage.TRANSFER,
    Outcome.SHOWN: Stage.SHOW,
    Outcome.CLOSED: Stage.CLOSE,
}

# "Does not qualify" says nothing less about qualification than "qualified" does.
MISSED_STAGE_OF: Mapping[Outcome, tuple[Stage, ...]] = {
    Outcome.NOT_QUALIFIED: (Stage.QUALIFIED,),
    Outcome.NO_SHOW: (Stage.SHOW,),
}
