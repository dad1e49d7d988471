"""The forms of the playbook editor: one per part, each of which reads and writes one entry."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from accounts.roles import SIDE_OF_ROLE, SIGNING_ROLES, ParticipantRole, Side
from common.days import LAST_DAY, SETUP_DAYS
from common.wording import capital
from engagements.terms import Unit
from milestones.playbook import NEEDS, OWNERS, PARTS, TOP, Mistake, Playbook


def _text(part: str, key: str, **options: Any) -> forms.CharField:
    """A field for a text of a part, no longer than the part allows."""
    return forms.CharField(max_length=PARTS[part][key].longest, **options)


def _roles(roles: Any, side: Side | None = None) -> list[tuple[str, str]]:
    return [
        (role, f"{ParticipantRole(role).label} ({SIDE_OF_ROLE[ParticipantRole(role)][0]})" if side is None
         else ParticipantRole(role).label)
        for role in roles
        if side is None or side in SIDE_OF_ROLE[ParticipantRole(role)]
    ]  # fmt: skip


def _day(label: str, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=LAST_DAY, **options)


def _evidence(part: str) -> forms.CharField:
    return _text(
        part, "evidence", label="Evidence asked for", widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What proves that it is done, such as “Minutes with who attended”.",
    )  # fmt: skip


class EntryForm(forms.Form):
    """One entry. `entry()` is what the playbook writes down; mistakes come back beside the fields they are about."""

    part: ClassVar[str] = ""
    noun: ClassVar[str] = ""
    # A playbook's key, where the field has another name or none.
    field_of: ClassVar[Mapping[str, str]] = {}
    fixed: ClassVar[bool] = False  # entries of this part are neither added nor removed

    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None = None, *, book: Playbook, item: Any = None, revision: int
    ) -> None:
        held = self.initial_of(item) if item is not None else {}
        super().__init__(data, initial={**held, "seen": revision})
        self.offer(book, item)

    def initial_of(self, item: Any) -> dict[str, Any]:
        """What stands in the form of an entry that is there already."""
        return {name: getattr(item, name) for name in self.base_fields if hasattr(item, name)}

    def offer(self, book: Playbook, item: Any) -> None:
        """Give fields the choices that the playbook has."""

    def entry(self) -> dict[str, Any]:
        """The entry as data, once the form is valid; None means that a key is not written."""
        return {key: value for key, value in self.cleaned_data.items() if key != "seen"}

    def say(self, mistakes: list[Mistake]) -> None:
        """Put each mistake beside the field that it is about."""
        for mistake in mistakes:
            name = self.field_of.get(mistake.key, mistake.key)
            self.add_error(name if name in self.fields else None, capital(mistake.text))


class AboutForm(forms.Form):
    """The title of a playbook, and what it is for."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(max_length=TOP["title"].longest)
    line = forms.CharField(
        label="What it is for", max_length=TOP["line"].longest, required=False,
        help_text="One line, read by whoever opens a new engagement.",
    )  # fmt: skip


class PhaseForm(EntryForm):
    part, noun, fixed = "phases", "phase", True
    title = _text("phases", "title", help_text="The days of the phases are the same in every playbook.")


class MilestoneForm(EntryForm):
    part, noun = "milestones", "milestone"
    field_of = {"side": "role"}

    title = _text("milestones", "title", help_text="What is true once it is done, such as “Timeline locked”.")
    todo = _text(
        "milestones", "todo", label="As something to do", required=False,
        help_text="Read by whoever still has to do it, such as “Lock the timeline”.",
    )  # fmt: skip
    start = _day(
        "Starts on day", required=False, help_text="Only where the work takes several days; empty otherwise."
    )
    day = _day(
        "Due on day", help_text=f"Days 1 to {SETUP_DAYS} count from the kickoff, later ones from the launch."
    )
    role = forms.ChoiceField(label="Owner", choices=_roles(OWNERS))
    evidence = _evidence("milestones")
    technical = forms.BooleanField(
        label="Technical work", required=False,
        help_text="It cannot begin before both sides have signed the campaign brief.",
    )  # fmt: skip
    needs = forms.MultipleChoiceField(
        label="What the program must find true before it can be completed", required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    after = forms.MultipleChoiceField(
        label="Waits for these milestones", required=False, widget=forms.CheckboxSelectMultiple
    )

    def offer(self, book: Playbook, item: Any) -> None:
        areas = [
            (f"checks:{area.code}", f"The hard checks of “{area.title}” are passed") for area in book.areas
        ]
        _choices(self, "needs", [*((need, capital(text)) for need, text in NEEDS.items()), *areas], item)
        others = [
            (spec.code, f"Day {spec.day}: {spec.title}")
            for spec in book.milestones
            if item is None or spec.code != item.code
        ]
        _choices(self, "after", others, item)

    def initial_of(self, item: Any) -> dict[str, Any]:
        return {**super().initial_of(item), "start": item.start if item.start != item.day else None}

    def entry(self) -> dict[str, Any]:
        data = super().entry()
        return {
            **data,
            "todo": data["todo"] or None,
            "start": data["start"],
            "side": _side_of(data["role"]),
            "technical": data["technical"] or None,
            "needs": data["needs"] or None,
            "after": data["after"] or None,
        }


class AreaForm(EntryForm):
    part, noun = "areas", "area"
    title = _text("areas", "title")


class CheckForm(EntryForm):
    part, noun = "checks", "check"
    field_of = {"side": "role"}

    title = _text("checks", "title")
    area = forms.ChoiceField()
    day = _day("Due on day")
    role = forms.ChoiceField(label="Owner", choices=_roles(OWNERS))
    hard = forms.BooleanField(
        label="Hard", required=False, help_text=f"The day-{SETUP_DAYS} gate waits until it is passed."
    )
    evidence = _evidence("checks")

    def offer(self, book: Playbook, item: Any) -> None:
        _choices(self, "area", [(area.code, area.title) for area in book.areas], item)

    def entry(self) -> dict[str, Any]:
        data = super().entry()
        return {**data, "side": _side_of(data["role"])}


class ReviewForm(EntryForm):
    part, noun = "reviews", "review"

    title = _text("reviews", "title")
    day = _day("Takes place on day")
    attendees = forms.MultipleChoiceField(
        label="Who attends", choices=ParticipantRole.choices, widget=forms.CheckboxSelectMultiple
    )
    agenda = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 8}), max_length=6000, help_text="One point a line."
    )

    def initial_of(self, item: Any) -> dict[str, Any]:
        return {**super().initial_of(item), "agenda": "\n".join(item.agenda)}

    def entry(self) -> dict[str, Any]:
        data = super().entry()
        return {**data, "agenda": [line.strip() for line in data["agenda"].splitlines() if line.strip()]}


class MetricForm(EntryForm):
    part, noun = "metrics", "metric"

    title = _text("metrics", "title")
    numerator = _text("metrics", "numerator", label="Counted", help_text="Such as “Cases closed in time”.")
    denominator = _text("metrics", "denominator", label="Taken of", required=False)
    unit = forms.ChoiceField(choices=Unit.choices)
    direction = forms.ChoiceField(label="Better is", choices=[("up", "more"), ("down", "less")])
    minimum = forms.IntegerField(label="Judged from so many cases on", min_value=1, max_value=100_000)
    source = _text("metrics", "source", label="System whose figures count")


class GateForm(EntryForm):
    part, noun, fixed = "gates", "gate", True
    field_of = {"signers": "client"}

    title = _text("gates", "title")
    client = forms.ChoiceField(label="Signs for the client", choices=_roles(SIGNING_ROLES, Side.CLIENT))
    operator = forms.ChoiceField(label="Signs for the operator", choices=_roles(SIGNING_ROLES, Side.OPERATOR))

    def initial_of(self, item: Any) -> dict[str, Any]:
        return {**super().initial_of(item), **item.signers}

    def entry(self) -> dict[str, Any]:
        data = super().entry()
        return {"title": data["title"], "signers": {"client": data["client"], "operator": data["operator"]}}


FORMS: dict[str, type[EntryForm]] = {
    form.part: form
    for form in (PhaseForm, MilestoneForm, AreaForm, CheckForm, ReviewForm, GateForm, MetricForm)
}


def _side_of(role: str) -> str:
    return SIDE_OF_ROLE[ParticipantRole(role)][0].value


def _choices(form: forms.Form, name: str, choices: list[tuple[str, str]], item: Any) -> None:
    """Offer what the playbook has, and what the entry names although it is not there any more: to be taken away."""
    held = getattr(item, name, ()) if item is not None else ()
    gone = [code for code in ((held,) if isinstance(held, str) else held) if code not in dict(choices)]
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = [*choices, *((code, f"{code} (not there any more)") for code in gone)]


class TextForm(forms.Form):
    """A whole playbook as YAML."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label="Playbook as YAML", strip=False,
        widget=forms.Textarea(attrs={"rows": 34, "class": "font-monospace", "spellcheck": "false", "wrap": "off"}),
    )  # fmt: skip


class CopyForm(forms.Form):
    """The title of a copy."""

    key = forms.CharField(max_length=60, widget=forms.HiddenInput)
    title = forms.CharField(label="Title of your copy", max_length=TOP["title"].longest)


class PublishForm(forms.Form):
    """What is new in a version."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    news = forms.CharField(
        label="What is new in it", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Read beside the version by your colleagues.",
    )  # fmt: skip
