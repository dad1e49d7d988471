"""Days 31 to 90: one plan against the bottleneck, its verdict, scaling, the four questions, the last gates."""

import re

from .launch import answer_findings, hold_review
from .stage import Person, fill, words


def plan_against_the_bottleneck(mara: Person, clara: Person) -> None:
    """One plan, proposed by the operator and agreed by both."""
    mara.go("kpis/optimisation/")
    form = mara.form("/optimisation/propose/")
    form.locator("[name=finding]").select_option(index=0)
    fill(form, "expected", "75")
    mara.press("Propose", form)
    for person in (mara, clara):
        person.go("kpis/optimisation/")
        if person.main.get_by_role("button", name="Agree").count():
            person.press("Agree")
    clara.done("agreed by both sides")


def finish_the_fixes(person: Person) -> None:
    """Every fix that is planned is marked as done."""
    person.go("kpis/findings/")
    links = person.main.locator("h2 a").evaluate_all("all => all.map(one => one.href)")
    for link in links:
        person.page.goto(link)
        while (
            person.main.get_by_role("button", name=re.compile("^Mark as done")).count()
            or person.main.locator("form[action*='/done/']").count()
        ):
            person.press(re.compile("^Mark as done"), person.form("/done/"))


def record_the_verdict(mara: Person) -> None:
    """Day 45: whether it moved, from the figures alone; and its paper."""
    mara.go("kpis/optimisation/")
    mara.press("Record the verdict")
    mara.done("Moved")
    assert "show rate" in words(mara.build("Day-45")).lower()


def scaling_is_decided_by_figures(mara: Person) -> None:
    """While a target is missed, nothing can be proposed, and the page says which."""
    mara.go("kpis/optimisation/")
    locked = mara.main.get_by_text("Scaling is locked:")
    offered = mara.main.locator("form[action*='/scaling/']")
    assert bool(locked.count()) != bool(offered.count())


def answer_the_four_questions(mara: Person, clara: Person) -> None:
    """Both sides say what was learned, agree on what changes and on the targets for days 91 to 180."""
    for person, side in ((mara, "operator"), (clara, "client")):
        person.go("kpis/next/")
        form = person.form("/next/save/")
        for box in form.locator("textarea").all():
            if not box.input_value():
                box.fill(f"What the {side} has seen in ninety days, in a sentence.")
        person.press("Save", form)
    for person in (clara, mara):
        person.go("kpis/next/")
        person.press("Agree")
    mara.done("Both sides have agreed")


def close_the_phase(people: dict[str, Person], day: int) -> None:
    """Targets held against the figures, what misses is answered, the review held, the report signed by both."""
    mara, clara = people["campaign_manager"], people["client_lead"]
    mara.go("kpis/findings/")
    if mara.main.get_by_role("button", name=re.compile("^Open the findings")).count():
        mara.press(re.compile("^Open the findings"))
    answer_findings(mara, day, day)
    if day == 90:
        answer_the_four_questions(mara, clara)
    hold_review(mara, f"day-{day}", day, text="Every metric was held against its target.")
    for _ in range(2):  # some of it waits for somebody else's
        for person in people.values():
            person.finish(day - 29, day)
    assert f"{day - 29} to {day}" in words(mara.build(f"Day-{day}"))
    for person in (mara, clara):
        person.sign_gate(day)
    clara.done("Passed")
