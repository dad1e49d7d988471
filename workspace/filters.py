"""How the portfolio is filtered and sorted; what was chosen stays in the address."""

from collections.abc import Callable, Iterable

from django import forms

from workspace.selectors.portfolio import Row

SHOW: dict[str, tuple[str, Callable[[Row], bool]]] = {
    "": ("all", lambda row: True),
    "blocked": ("blocked", lambda row: row.blocked),
    "us": ("waiting on us", lambda row: row.on_us > 0),
    "them": ("waiting on them", lambda row: row.on_them > 0),
    "slipped": ("launch later than contracted", lambda row: row.slip > 0),
}
SORT: dict[str, tuple[str, Callable[[Row], tuple[object, ...]]]] = {
    "": ("newest kickoff", lambda row: (-row.engagement.kickoff_on.toordinal(),)),
    "gate": ("next gate", lambda row: (row.gate_date is None, row.gate_date or row.today)),
    "campaign": ("campaign", lambda row: (row.engagement.campaign.lower(),)),
    "slip": ("longest slip", lambda row: (-row.slip,)),
    "open": ("most open items", lambda row: (-sum(row.waiting.values()),)),
}


class PortfolioForm(forms.Form):
    """Which engagements are shown, in which order; anything unknown in the address shows all."""

    q = forms.CharField(label="Search", max_length=80, required=False)
    show = forms.ChoiceField(
        label="Show", required=False, choices=[(key, label) for key, (label, _) in SHOW.items()]
    )
    sort = forms.ChoiceField(
        label="Sort by", required=False, choices=[(key, label) for key, (label, _) in SORT.items()]
    )

    def chosen(self, rows: Iterable[Row]) -> list[Row]:
        """The rows that match, in their order."""
        data = self.cleaned_data if self.is_valid() else {}
        _, shown = SHOW[data.get("show", "")]
        _, order = SORT[data.get("sort", "")]
        words = data.get("q", "").lower().split()
        found = [row for row in rows if shown(row) and _matches(row, words)]
        return sorted(found, key=order)


def _matches(row: Row, words: list[str]) -> bool:
    text = f"{row.engagement.campaign} {row.engagement.client} {row.engagement.operator}".lower()
    return all(word in text for word in words)
