"""What people enter about QA: a share, a scorecard, what they heard in a call, what they saw of transfers."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.safestring import SafeString

from common.form_renderer import laid_out
from common.forms import blame, date_input
from common.gaps import filled, gap
from kpis.models import Disposition, QaReview, QaScorecard
from kpis.periods import period_gaps
from kpis.qa.scoring import MOST_ITEMS, MOST_POINTS, Item
from kpis.qa.transfers import check_gaps
from kpis.selectors.transfers import Transfer
from kpis.services.qa import Said
from kpis.services.transfers import Check

BAD_DATE = {"invalid": "Write the date as 2026-04-10."}
NOT_ASKED = "none"
SPARE_ITEMS = 3


class ShareForm(forms.Form):
    """The share of the launch sample, in percent."""

    share = forms.DecimalField(
        label="Share of the calls, in percent",
        min_value=25,
        max_value=30,
        max_digits=4,
        decimal_places=1,
        initial=Decimal("27.5"),
        help_text="Between 25 and 30.",
    )

    def fraction(self) -> Decimal:
        share: Decimal = self.cleaned_data["share"]
        return share / 100


class FreeSampleForm(forms.Form):
    """A sample of any days."""

    name = forms.CharField(label="What it is for", max_length=120)
    first = forms.DateField(label="First day", widget=date_input(), error_messages=BAD_DATE)
    last = forms.DateField(label="Last day", widget=date_input(), error_messages=BAD_DATE)
    share = forms.DecimalField(
        label="Share of the calls, in percent", min_value=Decimal("0.1"), max_value=100, max_digits=4,
        decimal_places=1, initial=5,
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not {"first", "last"} & set(self.errors):
            blame(self, "last", period_gaps(cleaned.get("first"), cleaned.get("last")))
        return cleaned

    def fraction(self) -> Decimal:
        share: Decimal = self.cleaned_data["share"]
        return share / 100


class ItemForm(forms.Form):
    """One line of a scorecard; a line without words is none."""

    text = forms.CharField(label="What is asked for", max_length=200, required=False)
    points = forms.IntegerField(label="Points", min_value=1, max_value=MOST_POINTS, required=False)
    auto_fail = forms.BooleanField(label="Nothing earned fails the call", required=False)


ItemSet = forms.formset_factory(ItemForm, extra=SPARE_ITEMS, max_num=MOST_ITEMS, absolute_max=MOST_ITEMS)


class ScorecardForm(forms.Form):
    """A scorecard with its items, a few empty lines at the end."""

    name = forms.CharField(label="Name", max_length=120)
    pass_mark = forms.IntegerField(
        label="Pass mark, in percent of the points", min_value=1, max_value=100, initial=80
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, card: QaScorecard | None) -> None:
        initial = {"name": card.name, "pass_mark": card.pass_mark} if card else {}
        initial["seen"] = card.content_hash if card else ""
        super().__init__(data, initial=initial, auto_id="id_card_%s")
        kept = [{k: v for k, v in item.items() if k != "key"} for item in card.items] if card else None
        self.lines = ItemSet(data, initial=kept, prefix="items")

    def is_valid(self) -> bool:
        return super().is_valid() and self.lines.is_valid()

    def items(self) -> list[Item]:
        """The lines with words; without points a line is worth 5."""
        told = [line for line in self.lines.cleaned_data if line.get("text", "").strip()]
        return [
            Item(f"i{number}", line["text"].strip(), line.get("points") or 5, bool(line.get("auto_fail")))
            for number, line in enumerate(told, start=1)
        ]


class ReviewForm(forms.Form):
    """What was heard in one call: item by item, and the disposition. `kept` is the review that is corrected."""

    what = forms.ChoiceField(
        label="The recording",
        choices=[
            ("scored", "Heard, scored below"),
            ("nothing", "Heard: nobody was reached, nothing to score"),
            ("unheard", "Cannot be heard"),
        ],
        widget=forms.RadioSelect,
        initial="scored",
    )
    code = forms.ChoiceField(label="Disposition that you heard", required=False)
    comment = forms.CharField(
        label="Comment", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Why, where the recording cannot be heard.",
    )  # fmt: skip
    card = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    seen = forms.UUIDField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(label="Why it is corrected", max_length=500, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        card: QaScorecard | None,
        codes: Sequence[Disposition],
        kept: QaReview | None = None,
        place: str = "review",
        blind: bool = False,
    ) -> None:
        self.items = [Item.of(item) for item in card.items] if card else []
        super().__init__(data, initial=_initial(kept, card), auto_id=f"id_{place}_%s")
        listed = [(code.code, f"{code.code}: {code.get_outcome_display()}") for code in codes]
        self.fields["code"].choices = [("", "Choose what you heard"), *listed]  # type: ignore[attr-defined]
        if not self.items:
            self.fields["what"].choices = self.fields["what"].choices[1:]  # type: ignore[attr-defined]
            self.fields["what"].initial = "nothing"
        if blind:
            self.fields["what"].choices = self.fields["what"].choices[:2]  # type: ignore[attr-defined]
        if kept is None:
            del self.fields["reason"]
        for item in self.items:
            points = [(str(n), f"{n} of {item.points}") for n in range(item.points, -1, -1)]
            self.fields[f"item_{item.key}"] = forms.ChoiceField(
                label=item.text,
                choices=[("", "Choose"), *points, (NOT_ASKED, "Did not come up")],
                required=False,
                help_text="Nothing earned fails the call." if item.auto_fail else "",
            )
            self.fields[f"note_{item.key}"] = forms.CharField(
                label="Note", max_length=300, required=False, widget=forms.TextInput()
            )

    def lines(self) -> list[tuple[BoundField, BoundField]]:
        """Points and note of each item."""
        return [(self[f"item_{item.key}"], self[f"note_{item.key}"]) for item in self.items]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        what = cleaned.get("what")
        if what in ("scored", "nothing") and not cleaned.get("code") and "code" not in self.errors:
            self.add_error("code", "Choose the disposition that was heard.")
        if what == "unheard" and not cleaned.get("comment", "").strip():
            self.add_error("comment", "Say why the recording cannot be heard.")
        if what == "scored":
            for item in self.items:
                name = f"item_{item.key}"
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, "Give points, or “Did not come up”.")
        return cleaned

    def said(self) -> Said:
        """What the form says, for the service."""
        told = self.cleaned_data
        given: Mapping[str, int | None] = {}
        if told["what"] == "scored":
            points = {item.key: told[f"item_{item.key}"] for item in self.items}
            given = {key: None if text == NOT_ASKED else int(text) for key, text in points.items()}
        return Said(
            heard=told["what"] != "unheard",
            given=given,
            notes={item.key: told[f"note_{item.key}"] for item in self.items},
            code=told["code"] if told["what"] != "unheard" else "",
            comment=told["comment"],
            card=told["card"] if given else "",
        )


def _initial(kept: QaReview | None, card: QaScorecard | None) -> dict[str, Any]:
    told: dict[str, Any] = {"card": card.content_hash if card else ""}
    if kept is None:
        return told
    told |= {"seen": kept.public_id, "code": kept.heard_code, "comment": kept.comment}
    told["what"] = "unheard" if not kept.heard else "scored" if kept.scores else "nothing"
    for line in kept.scores:
        told[f"item_{line['key']}"] = NOT_ASKED if line["points"] is None else str(line["points"])
        told[f"note_{line['key']}"] = line["note"]
    return told


class SeenForm(forms.Form):
    """What is said of a transfer."""

    seen_as = forms.ChoiceField(
        label="What was seen",
        choices=[
            ("", "Not verified"),
            ("good", "Connected, closer briefed"),
            ("unbriefed", "Connected, closer not briefed"),
            ("failed", "Did not connect"),
        ],
        required=False,
    )
    note = forms.CharField(label="Note", max_length=500, required=False)
    before = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


class TransferForm(SeenForm):
    """What was seen of one transfer; left alone, it says nothing."""

    def __init__(self, data: Any = None, *, transfer: Transfer) -> None:
        self.transfer = transfer
        check = transfer.check
        shown = {"before": check.pk if check else 0, "note": check.note if check else ""}
        shown["seen_as"] = _seen_as(check.connected, check.briefed) if check else ""
        super().__init__(data, initial=shown, prefix=f"t{transfer.call.pk}")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen = cleaned.get("seen_as", "")
        if seen:
            connected, briefed = _STATES[seen]
            blame(
                self, "note", check_gaps(connected=connected, briefed=briefed, note=cleaned.get("note", ""))
            )
        elif cleaned.get("note", "").strip():
            self.add_error("seen_as", "Say what was seen, beside the note.")
        return cleaned

    def check(self) -> Check | None:
        """The verification, where the form says something else than what stands."""
        seen = self.cleaned_data.get("seen_as", "")
        if not seen or not self.has_changed():
            return None
        connected, briefed = _STATES[seen]
        before: int = self.cleaned_data.get("before") or 0
        return Check(self.transfer.call.call_key, connected, briefed, self.cleaned_data["note"], before)


def transfer_fields(transfer: Transfer) -> tuple[SafeString, SafeString]:
    """The form of a transfer that nobody has sent, as HTML: what stood before, hidden, and its two fields.

    The same as those of `TransferForm`, which takes most of a page of fifty.
    """
    check = transfer.check
    seen_as = _seen_as(check.connected, check.briefed) if check else ""
    note = check.note if check else ""
    told = {"pk": transfer.call.pk, "before": check.pk if check else 0, "note": note}
    hidden, fields = _blank_transfer(seen_as, bool(note))
    return filled(hidden, **told), filled(fields, **told)


@lru_cache(maxsize=16)
def _blank_transfer(seen_as: str, noted: bool) -> tuple[str, str]:
    shown = {"seen_as": seen_as, "note": gap("note") if noted else "", "before": gap("before")}
    form = SeenForm(initial=shown, prefix=f"t{gap('pk')}")
    return str(form["before"]), f"{laid_out(form['seen_as'])}{laid_out(form['note'])}"


_STATES: dict[str, tuple[bool, bool | None]] = {
    "good": (True, True),
    "unbriefed": (True, False),
    "failed": (False, None),
}


def _seen_as(connected: bool, briefed: bool | None) -> str:
    return next(name for name, told in _STATES.items() if told == (connected, briefed))


class DaysForm(forms.Form):
    """Which days of transfers to show."""

    first = forms.DateField(label="First day", widget=date_input(), error_messages=BAD_DATE)
    last = forms.DateField(label="Last day", widget=date_input(), error_messages=BAD_DATE)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not {"first", "last"} & set(self.errors):
            blame(self, "last", period_gaps(cleaned.get("first"), cleaned.get("last")))
        return cleaned
