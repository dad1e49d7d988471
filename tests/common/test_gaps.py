"""A piece that is set once says of each place what is of that place, and nothing that a value brings with it."""

from django.utils.safestring import mark_safe

from common.gaps import filled, gap


def test_values_are_escaped_and_never_read_as_gaps() -> None:
    piece = f'<p title="{gap("title")}">{gap("said")}</p>'
    assert (
        filled(piece, title='a "b" @@said@@', said=mark_safe("<b>c</b>"))
        == '<p title="a &quot;b&quot; @@said@@"><b>c</b></p>'
    )
