"""The campaign brief as a paper: what was agreed, and by whom."""

from common.wording import joined, plural
from reports import plan_parts, source_parts
from reports import sentences as say
from reports.paper import (
    Ask,
    Block,
    Figure,
    Heading,
    Paper,
    Section,
    Table,
    Text,
    Track,
    columns,
    row,
)
from reports.snapshots import Brief, Snapshot, Term


def paper(snapshot: Snapshot, track: Track | None = None) -> Paper:
    """One version of the brief with its terms, metrics and signatures."""
    del track  # a brief has no drawing: its terms are words
    brief = snapshot.brief
    if brief is None:
        raise ValueError("a brief paper needs a brief")
    missing = _missing_sides(brief)
    return Paper(
        title=f"Campaign brief, version {brief.version}",
        verdict=_verdict(brief, missing),
        verdict_state="open" if missing else "passed",
        second_sentence=_open_terms(brief),
        figures=_figures(brief, missing),
        picture=plan_parts.metrics_table(brief) if brief.metrics else None,
        decided=tuple(
            f"{signature.name} signed for the {signature.side} on {say.moment(signature.at, snapshot.zone)}."
            for signature in brief.signatures
        ),
        asks=tuple(
            Ask(f"Sign version {brief.version}", f"the {side}", "before technical work starts")
            for side in missing
        ),
        sections=(
            *(Section(section, _terms(terms)) for section, terms in _by_section(brief).items()),
            Section("Metrics", (plan_parts.metrics_table(brief, full=True),)),
            source_parts.sources_section(
                snapshot, ("A later change makes a new version, which both sides sign again.",), numbers=False
            ),
        ),
    )


def _missing_sides(brief: Brief) -> list[str]:
    signed = {signature.side for signature in brief.signatures}
    return [side for side in ("client", "operator") if side not in signed]


def _verdict(brief: Brief, missing: list[str]) -> str:
    if not missing:
        return f"Version {brief.version} of the campaign brief is signed by both sides."
    return f"Version {brief.version} of the campaign brief is not signed by the {joined(missing)} yet."


def _open_terms(brief: Brief) -> str:
    empty = [term for term in brief.terms if not term.filled]
    if not empty:
        return f"All {len(brief.terms)} terms are filled in." if brief.terms else "No term is filled in."
    verb = "is" if len(empty) == 1 else "are"
    names = joined([say.lower_first(term.label) for term in empty])
    return (
        f"{say.capital(say.spelled(len(empty)))} of {plural(len(brief.terms), 'term')} {verb} open: {names}."
    )


def _figures(brief: Brief, missing: list[str]) -> tuple[Figure, ...]:
    filled = sum(term.filled for term in brief.terms)
    aimed = sum(metric.target is not None for metric in brief.metrics)
    return (
        Figure("Version", str(brief.version), brief.content_hash[:12]),
        Figure("Terms", f"{filled} of {len(brief.terms)}", "filled in"),
        Figure("Metrics with a target", f"{aimed} of {len(brief.metrics)}"),
        Figure(
            "Signatures",
            f"{2 - len(missing)} of 2",
            "sides",
            state="open" if missing else "passed",
            state_text="waiting" if missing else "signed",
        ),
    )


def _by_section(brief: Brief) -> dict[str, list[Term]]:
    groups: dict[str, list[Term]] = {}
    for term in brief.terms:
        groups.setdefault(term.section, []).append(term)
    return groups


def _terms(terms: list[Term]) -> tuple[Block, ...]:
    """The terms that are texts in one table, then each of the others with its own."""
    texts = [term for term in terms if not term.rows]
    blocks: list[Block] = []
    if texts:
        blocks.append(
            Table(
                "",
                columns(("Term", 28), ("Agreed", 72)),
                tuple(row(term.label, term.text or "not agreed yet") for term in texts),
            )
        )
    for term in terms:
        if term.rows:
            blocks += [Heading(term.label), _rows(term)]
            if term.text:
                blocks.append(Text((term.text,)))
    return tuple(blocks)


def _rows(term: Term) -> Table:
    count = len(term.heads)
    shares = list(term.shares) if sum(term.shares) == 100 else _shares(count)
    return Table(
        "",
        columns(*zip(term.heads, shares, strict=True)),
        tuple(row(*cells) for cells in term.rows),
    )


def _shares(count: int) -> list[int]:
    """Widths that fill the line; the first column, which names the row, is the wider one where there are many."""
    first = 16 if count > 6 else 100 - 100 // count * (count - 1)
    rest = [(100 - first) // (count - 1)] * (count - 1) if count > 1 else []
    return [100 - sum(rest), *rest]
