"""Versions are compared leniently, hashes whatever their case; what is no number is not judged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.jtl.extension_versions import goes_down, is_hash, same_hash

numbers = st.lists(st.integers(0, 10**6), min_size=1, max_size=5)


@pytest.mark.parametrize(
    ("before", "after", "down"),
    [
        ("1.10.0", "1.9.0", True),
        ("1.9", "1.10", False),
        ("2", "1.99.99", True),
        ("1.0", "1", False),
        ("1", "1.0.0", False),
        ("v1.2", "1.1", True),
        (" 1.2 ", "V1.3", False),
        ("1.2.3", "1.2.3", False),
        ("1.2-beta", "1.1", False),
        ("1.2", "1.1-rc1", False),
        ("", "1", False),
        ("2024a", "2023b", False),
        ("1..2", "1.1", False),
        ("٢.٠", "1.0", False),
    ],
)
def test_only_a_lower_dotted_number_goes_down(before: str, after: str, down: bool) -> None:
    assert goes_down(before, after) is down


@given(numbers, numbers)
def test_of_two_versions_at_most_one_way_goes_down(one: list[int], other: list[int]) -> None:
    first, second = ".".join(map(str, one)), ".".join(map(str, other))
    assert not (goes_down(first, second) and goes_down(second, first))
    assert goes_down(first, first + ".1") is False


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_is_too_odd(one: str, other: str) -> None:
    assert goes_down(one, other) in (True, False)
    assert same_hash(one, one.upper().lower()) in (True, False)


def test_hashes_are_the_same_whatever_their_case_and_blanks() -> None:
    assert same_hash(" ABCDEF\n", "abcdef")
    assert not same_hash("abcdef", "abcdee")


@pytest.mark.parametrize(
    ("text", "is_one"), [("ab" * 64, True), ("AB" * 64, True), ("ab" * 63, False), ("zz" * 64, False)]
)
def test_a_hash_is_128_hexadecimal_digits(text: str, is_one: bool) -> None:
    assert is_hash(text) is is_one
