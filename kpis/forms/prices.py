"""Unit prices and the cost of an agent hour, from a date on."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from common.forms import date_input
from kpis.prices import LABELS, Prices


class PricesForm(forms.Form):
    """What each costs; left empty: nothing is paid for it."""

    from_on = forms.DateField(
        label="From", widget=date_input(), error_messages={"invalid": "Write a date such as 2026-03-15."}
    )
    currency = forms.CharField(label="Currency", max_length=3, help_text="Three letters, such as USD.")
    note = forms.CharField(
        label="Note", max_length=300, required=False, help_text="Where the prices come from."
    )

    def __init__(self, data: Any = None, *, now: Prices | None = None, from_on: date | None = None) -> None:
        initial: dict[str, Any] = {"from_on": from_on, "currency": now.currency if now else "USD"}
        for name in LABELS:
            value = getattr(now, name) if now else Decimal(0)
            initial[name] = f"{value.normalize():f}" if value else ""
        super().__init__(data, initial=initial)
        for name, label in LABELS.items():
            self.fields[name] = forms.DecimalField(
                label=label, min_value=0, max_digits=8 if name == "dials_an_hour" else 12,
                decimal_places=2 if name == "dials_an_hour" else 4, required=False,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
                error_messages={"invalid": "Write an amount such as 0.12."},
            )  # fmt: skip
        self.order_fields(["from_on", "currency", *LABELS, "note"])

    def prices(self) -> Prices:
        """What was entered. Call it on a valid form."""
        figures = {name: self.cleaned_data[name] or Decimal(0) for name in LABELS}
        return Prices(self.cleaned_data["currency"].upper(), **figures)
