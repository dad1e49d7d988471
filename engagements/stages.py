"""The six stages of the funnel, in their order."""

from django.db.models import IntegerChoices


class Stage(IntegerChoices):
    """How deep one call went. A call that reached a stage has reached every stage before it."""

    DIAL = 0, "Dial"
    CONTACT = 1, "Contact"
    QUALIFIED = 2, "Qualified"
    TRANSFER = 3, "Transfer"
    SHOW = 4, "Show"
    CLOSE = 5, "Close"

    @property
    def key(self) -> str:
        """The stage as a lower-case name for columns and JSON: `dial`, `contact`, ..."""
        return self.name.lower()

    @property
    def plural(self) -> str:
        """The stage as a count is headed: "Dials", "Contacts", "Qualified", ..."""
        return self.label if self is Stage.QUALIFIED else f"{self.label}s"

    @property
    def before(self) -> "Stage | None":
        """The stage that this one's rate is taken of; None for dials, of which no rate is taken."""
        return None if self is Stage.DIAL else Stage(self - 1)
