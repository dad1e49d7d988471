"""The brief as a paper: every term in its shape, an older one as the text that it was."""

from dataclasses import replace
from itertools import pairwise

from engagements.terms import TERMS
from engagements.terms.words import shown
from reports.paper import Heading, Table, Text
from reports.render import compose
from reports.selectors.snapshot import _term
from tests.briefs import whole_brief
from tests.reports import samples


def test_every_term_stands_on_paper_in_its_shape() -> None:
    terms = tuple(_term(each) for each in shown(whole_brief().terms))
    sample = samples.brief()
    paper = compose(replace(sample, brief=replace(sample.brief, terms=terms)))
    blocks = [block for section in paper.sections for block in section.blocks]
    tables = {
        title.text: table
        for title, table in pairwise(blocks)
        if isinstance(title, Heading) and isinstance(table, Table)
    }
    assert set(tables) >= {term.label for term in TERMS if term.shape != "text"}
    hours = tables["Calling hours"]
    assert [column.label for column in hours.columns[:2]] == ["Region", "Mon"]
    assert hours.rows[0][1].text == "09:00–12:00\n13:00–20:00"
    steps = tables["Escalation path"]
    assert steps.columns[0].width < steps.columns[1].width
    assert "About Calling hours" in [block.paragraphs[0] for block in blocks if isinstance(block, Text)]
    assert paper.second_sentence == "All 11 terms are filled in."


def test_a_brief_of_texts_stands_on_paper_as_it_was_signed() -> None:
    terms = tuple(_term(each) for each in shown({term.key: f"Old {term.label}" for term in TERMS}))
    sample = samples.brief()
    paper = compose(replace(sample, brief=replace(sample.brief, terms=terms)))
    told = [
        cell.text
        for section in paper.sections
        for block in section.blocks
        if isinstance(block, Table)
        for row in block.rows
        for cell in row
    ]
    assert {f"Old {term.label}" for term in TERMS} <= set(told)
