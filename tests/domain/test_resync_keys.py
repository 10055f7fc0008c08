"""Keys as people write them: every line is accounted for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.resync_keys import (
    LARGEST_KEY,
    MOST_KEYS,
    as_lines,
    compressed,
    external_keys,
    internal_keys,
    span,
)

JUNK = ("abc", "12x", "0", "-5", "2147483648", "9-3", "1.5", "670;Acme", "\udcff7", "7\x0012")


def file_of(count: int, bad: int) -> tuple[str, list[int]]:
    """Lines with so many good keys, bad ones spread among them, and the numbers of the bad lines."""
    lines = [str(1000 + number) for number in range(count)]
    for number in range(bad):
        lines.insert(7 + number * (count // bad), JUNK[number % len(JUNK)])
    return "\n".join(lines), [place for place, text in enumerate(lines, 1) if text in JUNK]


def test_5000_keys_with_37_bad_ones_are_told_by_line() -> None:
    text, wrong = file_of(4_963, 37)
    report = internal_keys(text)
    assert report.keys == tuple(range(1000, 5963))
    assert [note.line for note in report.bad] == wrong
    assert len(wrong) == 37
    assert report.told == "4,963 keys · 37 bad lines"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("", ()),
        ("\ufeff670, 47, 100-103", (670, 47, 100, 101, 102, 103)),
        ("670\r\n47\r100-101\n\n# all of Monday\n5 # the one from the mail", (670, 47, 100, 101, 5)),
        ("5-5 6", (5, 6)),
        (f"{LARGEST_KEY}", (LARGEST_KEY,)),
    ],
)
def test_lists_ranges_lines_and_comments_are_read(text: str, keys: tuple[int, ...]) -> None:
    report = internal_keys(text)
    assert (report.keys, report.bad, report.repeats) == (keys, (), ())


def test_a_repeat_is_told_with_the_line_it_first_stood_on_and_given_once() -> None:
    report = internal_keys("1\n2\n670\n3, 3\n600-680")
    assert report.keys == (1, 2, 670, 3, *range(600, 670), *range(671, 681))
    assert [note.told for note in report.repeats] == [
        "line 4: 3 again, on this line",
        "line 5: 670 again, first on line 3",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1\n7, abc", "line 2: 'abc' is no key"),
        ("9-3", "line 1: 9-3 runs backwards: write 3-9"),
        ("0", "line 1: 0: keys are numbers from 1 to 2147483647"),
        ("99999999999", "keys are numbers from 1"),
        ("1-999999999", "line 1: 1-999999999 makes more than 100,000 keys"),
        (f"1-{MOST_KEYS}\n{MOST_KEYS + 1}", "line 2: more than 100,000 keys"),
        ("1-100000 " * 50, "line 1: more than 100,000 keys"),
        ("4\n\udcff", "line 2: it is not UTF-8 text"),
        ("4\x00", "line 1: it holds a control character"),
        ("x" * 500, "…' is no key"),
        ("٣", "is no key"),
    ],
)
def test_a_bad_line_is_named_and_gives_no_key(text: str, told: str) -> None:
    (note,) = internal_keys(text).bad
    assert told in note.told
    assert len(note.told) < 200


def test_nothing_of_a_line_with_something_bad_in_it_is_taken() -> None:
    assert internal_keys("670 Acme 12\n5").keys == (5,)


def test_external_keys_are_any_text_alone_on_its_line() -> None:
    report = external_keys(" A1 \n# the rest, all of it\nB 2\nC#3\nÄ-4,,\nA1\nZ" + "z" * 300)
    assert report.keys == ("A1", "B 2", "C#3", "Ä-4")
    assert [note.told for note in report.repeats] == ["line 6: A1 again, first on line 1"]
    assert "is longer than 254 characters" in report.bad[0].told


@pytest.mark.parametrize("around", ["{}", "# from Monday, by mail\n\n{}\n"])
def test_external_keys_on_a_single_line_are_separated_by_commas(around: str) -> None:
    report = external_keys(around.format(" A1 , B 2,1,234"))
    assert (report.keys, report.bad) == (("A1", "B 2", "1", "234"), ())


def test_of_several_lines_one_with_a_comma_may_be_one_external_key_or_two() -> None:
    report = external_keys("A1,\n1,234\n,#B\nC2, C3, C4")
    assert report.keys == ("A1", "#B")
    assert [note.told for note in report.bad] == [
        "line 2: '1,234' may be 2 keys or one with a comma, which cannot be sent from here:"
        " write one key a line",
        "line 4: 'C2, C3, C4' may be 3 keys or one with a comma, which cannot be sent from here:"
        " write one key a line",
    ]


@given(st.lists(st.integers(1, LARGEST_KEY), max_size=200), st.sampled_from([", ", ",", " ", "\n"]))
def test_keys_come_out_once_each_in_the_order_given(keys: list[int], between: str) -> None:
    assert internal_keys(between.join(map(str, keys))).keys == tuple(dict.fromkeys(keys))


@given(st.text() | st.text("0123456789-, \n#"))
def test_any_text_gives_keys_and_notes(text: str) -> None:
    report = internal_keys(text)
    assert len(report.keys) == len(set(report.keys)) <= MOST_KEYS
    assert all(note.sentence and note.line >= 1 for note in (*report.bad, *report.repeats))


@given(st.lists(st.integers(1, 400), unique=True, max_size=300))
def test_keys_that_are_written_out_are_read_back(keys: list[int]) -> None:
    assert internal_keys(as_lines(keys)).keys == internal_keys(compressed(keys)).keys == tuple(keys)


@pytest.mark.parametrize(
    ("keys", "told"),
    [((670,), "670"), ((7, 8, 9), "7-9"), ((9, 670, 4), "9 … 4"), (("A1", "B2"), "A1 … B2")],
)
def test_a_span_tells_which_keys_they_are(keys: tuple[int, ...], told: str) -> None:
    assert span(keys) == told


@given(st.lists(st.text("AB#1 -", min_size=1).map(str.strip).filter(bool), unique=True))
def test_external_keys_that_are_written_out_are_read_back(keys: list[str]) -> None:
    assert external_keys(as_lines(keys)).keys == tuple(keys)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("A1\tA2", "line 1: 'A1\\tA2' holds a tab"),
        ("A1\nA\u200b2", "line 2: 'A\\u200b2' holds a character that cannot be seen"),
        ("\u202eA1", "holds a character that cannot be seen"),
        ("A1\ufeff", "holds a character that cannot be seen"),
    ],
)
def test_an_external_key_with_what_cannot_be_seen_is_refused(text: str, told: str) -> None:
    (note,) = external_keys(text).bad
    assert told in note.told
