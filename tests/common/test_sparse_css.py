"""Of a vendor's style sheet those rules stay that a page of ours may need."""

import pytest

from common.sparse_css import Words, sparse

WORDS = Words.of(['<p class="card btn-{{ kind }} p-2">', 'f"tg-{state}"'])


@pytest.mark.parametrize(
    "css",
    [
        ".card{color:red}",
        ".card>.p-2:hover,p{color:red}",
        ".btn-primary{color:red}",
        ".tg-late{color:red}",
        "a{color:red}",
        "[data-bs-theme=dark] .card{color:red}",
        ":root{--a:\";}\";--b:url('data:image/svg+xml,%3csvg{}')}",
        "@media (min-width:1px){.card{color:red}}",
        "@keyframes turn{from{opacity:0}to{opacity:1}}",
        '@charset "UTF-8";',
        ".card:not(.unknown){color:red}",
        '.card[href*="{"]::after{content:"\\"}"}',
    ],
)
def test_what_a_page_may_need_stays_as_it_is(css: str) -> None:
    assert sparse(css, WORDS) == css


@pytest.mark.parametrize(
    ("css", "left"),
    [
        (".carousel{color:red}", ""),
        (".card .carousel{color:red}", ""),
        (".carousel,.card{color:red}", ".card{color:red}"),
        ("@media print{.carousel{color:red}}", ""),
        ("@media print{.carousel{color:red}.card{top:0}}", "@media print{.card{top:0}}"),
        ("/*! a note */.card{top:0}", ".card{top:0}"),
        (".p-2\\.5{top:0}.card{top:0}", ".card{top:0}"),
    ],
)
def test_what_no_page_can_match_goes(css: str, left: str) -> None:
    assert sparse(css, WORDS) == left
