"""The trail of the ninety days, read from end to end on its page."""

from .stage import Person

# Who did what, in this order; whatever else happened in between may stand in between.
WHAT_HAPPENED = (
    ("Mara Voss", "opened the engagement"),
    ("Mara Voss", "made the launch plan"),
    ("Mara Voss", "had the PDF made of Launch plan"),
    ("Clara Lind", "joined the team"),
    ("Erin Vale", "joined the team"),
    ("Mara Voss", "locked the timeline for the operator"),
    ("Clara Lind", "locked the timeline for the client"),
    ("Clara Lind", "froze the contracted dates"),
    ("Clara Lind", "commented on"),
    ("Mara Voss", "signed Campaign brief, version 1"),
    ("Clara Lind", "signed Campaign brief, version 1"),
    ("Clara Lind", "put Campaign brief, version 1, in force"),
    ("Clara Lind", "sent back Script, version 1"),
    ("Clara Lind", "approved Script, version 2"),
    ("Samuel Reyes", "put Ana Ruiz on the roster"),
    ("Clara Lind", "certified Wren Hall: product knowledge"),
    ("Quinn Adler", "did not certify Ana Ruiz: script certification"),
    ("Quinn Adler", "certified Ana Ruiz: script certification"),
    ("Samuel Reyes", "certified Wren Hall: system skills"),
    ("Samuel Reyes", "tested and failed Daily volume caps hold"),
    ("Samuel Reyes", "tested and passed Daily volume caps hold"),
    ("Mara Voss", "presented the report Launch clearance, version 1"),
    ("Mara Voss", "signed the gate Launch clearance"),
    ("Mara Voss", "asked for a signature under Launch clearance"),
    ("Clara Lind", "signed the gate Launch clearance"),
    ("Clara Lind", "passed, by the second signature, the gate Launch clearance"),
    ("Samuel Reyes", "brought in the calls of calls-11-14.csv"),
    ("Mara Voss", "closed the minutes of the Day-14 review"),
    ("Mara Voss", "had the PDF made of Day-14 review"),
    ("Mara Voss", "froze the baseline"),
    ("Mara Voss", "answered the finding Show rate at day 30"),
    ("Mara Voss", "closed the minutes of the Day-30 review"),
    ("Clara Lind", "declined to sign Baseline"),
    ("Caleb Ross", "wrote down what the closers say"),
    ("Mara Voss", "presented the report Baseline, version 2"),
    ("Clara Lind", "passed, by the second signature, the gate Baseline"),
    ("Mara Voss", "proposed Plan 1 against Show rate"),
    ("Clara Lind", "put Plan 1 against Show rate into force"),
    ("Mara Voss", "finished the fix"),
    ("Mara Voss", "checked a fix against the figures: Show rate: moved"),
    ("Mara Voss", "closed the minutes of the Day-45 checkpoint"),
    ("Clara Lind", "passed, by the second signature, the gate Optimisation"),
    ("Clara Lind", "saved the forward plan"),
    ("Mara Voss", "put the forward plan into force"),
    ("Mara Voss", "closed the minutes of the Day-90 strategic review"),
    ("Clara Lind", "passed, by the second signature, the gate Summary and forward plan"),
)


def read_the_trail(person: Person, expected: tuple[tuple[str, str], ...]) -> None:
    """All lines, the oldest first, hold what is expected, in its order, and no number is missing."""
    lines = _lines(person)
    numbers = [int(number) for number, _, _ in lines]
    assert numbers == list(range(1, len(lines) + 1))
    rest = iter(lines)
    for who, what in expected:
        assert any(who in actor and what in said for _, actor, said in rest), f"{who}: {what}"


def _lines(person: Person) -> list[tuple[str, str, str]]:
    person.go("trail/")
    found: list[tuple[str, str, str]] = []
    while True:
        found += person.main.locator("tbody tr").evaluate_all(
            """rows => rows.map(row => [row.querySelector('th').innerText.trim(),
                row.querySelector('[data-label=Who]').innerText.trim(),
                row.querySelector('[data-label=What]').firstChild.textContent.trim()])"""
        )
        older = person.main.locator("a[rel=next]")
        if not older.count():
            return [tuple(line) for line in reversed(found)]
        person.go(f"trail/{older.first.get_attribute('href')}")
