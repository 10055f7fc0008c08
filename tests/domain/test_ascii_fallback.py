"""What stands in on a terminal that shows ASCII alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.ascii_fallback import in_ascii
from tui.headless.output import width


def shown(text: str) -> str:
    return in_ascii(text, width)


@given(st.text())
def test_it_is_ascii_in_as_many_cells(text: str) -> None:
    plain = shown(text)
    assert plain.isascii()
    assert len(plain) == width(text)


@given(st.text(st.characters(max_codepoint=0x7F)))
def test_ascii_stays_as_it_is(text: str) -> None:
    assert shown(text) == text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("acme · PRODUCTION", "acme - PRODUCTION"),
        ("5m → 10m", "5m > 10m"),
        ("Google Shop…", "Google Shop~"),
        ("╭─╮│╰╯", "+-+|++"),
        ("Müller", "M?ller"),
        ("Mu\u0308ller", "M?ller"),
        ("漢字", "????"),
        ("\ufffd\u241b", "??"),
    ],
)
def test_each_has_its_own_place(text: str, plain: str) -> None:
    assert shown(text) == plain


def test_signs_stay_apart_from_each_other_and_from_those_in_ascii() -> None:
    signs = "✖▲●✔○†↶±≈–→!?"
    assert len(set(shown(signs))) == len(signs)
