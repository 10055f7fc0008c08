"""Keys as people write them: every line is accounted for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.superoffice.key_header import NO_HEADER
from tui.domain.superoffice.key_lines import LARGEST_KEY
from tui.domain.superoffice.resync_keys import (
    MOST_KEYS,
    Header,
    Report,
    as_lines,
    compressed,
    key_list,
    span,
)
from tui.domain.superoffice.resync_request import Scope

JUNK = ("abc", "12x", "0", "-5", "2147483648", "9-3", "1.5", "670;Acme", "\udcff7", "7\x0012")


def internal_keys(text: str) -> Report:
    return key_list(text, Scope.INTERNAL, in_file=False)


def internal_keys_in_file(text: str, header: Header = Header.UNSAID, *, ranges: bool = False) -> Report:
    return key_list(text, Scope.INTERNAL, header, in_file=True, ranges=ranges)


def external_keys(text: str) -> Report:
    return key_list(text, Scope.EXTERNAL, in_file=False)


def external_keys_in_file(text: str, header: Header = Header.UNSAID) -> Report:
    return key_list(text, Scope.EXTERNAL, header, in_file=True)


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
    assert report.summary == "5,000 lines · 4,963 keys · 37 bad lines"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("", ()),
        ("\ufeff670, 47, 100-103", (670, 47, 100, 101, 102, 103)),
        ("670\r\n47\r100-101\n\n# all of Monday\n5 # the one from the mail", (670, 47, 100, 101, 5)),
        ("5-5 6", (5, 6)),
        ('670;47; "12"', (670, 47, 12)),
        (f"{LARGEST_KEY}", (LARGEST_KEY,)),
    ],
)
def test_lists_ranges_lines_and_comments_are_read(text: str, keys: tuple[int, ...]) -> None:
    report = internal_keys(text)
    assert (report.keys, report.bad, report.repeats) == (keys, (), ())


def test_a_repeat_is_told_with_the_line_it_first_stood_on_and_given_once() -> None:
    report = internal_keys("1\n2\n670\n3, 3\n600-680")
    assert report.keys == (1, 2, 670, 3, *range(600, 670), *range(671, 681))
    assert [note.text for note in report.repeats] == [
        "line 4: 3 again, on this line",
        "line 5: 670 again, first on line 3",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1\n7, abc", "line 2: 'abc' is not a number"),
        ("9-3", "line 1: 9-3 runs backwards: write 3-9"),
        ("0", "line 1: 0: keys are numbers from 1 to 2147483647"),
        ("99999999999", "keys are numbers from 1"),
        ("1-999999999", "line 1: 1-999999999 makes more than 100,000 keys"),
        (f"1-{MOST_KEYS}\n{MOST_KEYS + 1}", "line 2: more than 100,000 keys"),
        ("1-100000 " * 50, "line 1: more than 100,000 keys"),
        ("4\n\udcff", "line 2: it is not UTF-8 text"),
        ("4\x00", "line 1: it has a control character"),
        ("x" * 500, "…' is not a number"),
        ("٣", "has digits other than 0-9"),
        ("0221-4711", "line 1: '0221' has a leading zero"),
        ("10003\t2", "line 1: '10003\\t2' has a tab, a column separator"),
    ],
)
def test_a_bad_line_is_named_and_gives_no_key(text: str, told: str) -> None:
    (note,) = internal_keys(text).bad
    assert told in note.text
    assert len(note.text) < 200


def test_nothing_of_a_line_with_something_bad_in_it_is_taken() -> None:
    assert internal_keys("670 Acme 12\n5").keys == (5,)


def test_external_keys_are_any_text_alone_on_its_line() -> None:
    report = external_keys(" A1 \n# the rest, all of it\nB 2\nC#3\nÄ-4\nA1\nZ" + "z" * 300)
    assert report.keys == ("A1", "B 2", "C#3", "Ä-4")
    assert [note.text for note in report.repeats] == ["line 6: A1 again, first on line 1"]
    assert "is longer than 254 characters" in report.bad[0].text


@pytest.mark.parametrize("around", ["{}", "# from Monday, by mail\n\n{}\n"])
def test_external_keys_on_a_single_line_are_separated_by_commas(around: str) -> None:
    report = external_keys(around.format(' A1 , B 2,1,234, "C, D"'))
    assert (report.keys, report.bad) == (("A1", "B 2", "1", "234", "C, D"), ())


def test_of_several_lines_one_with_a_comma_may_be_one_external_key_or_two() -> None:
    report = external_keys('A1,\n1,234\n"#B"\nC2, C3, C4')
    assert report.keys == ("#B",)
    assert [note.text.partition(": write")[0] for note in report.bad] == [
        "line 1: 'A1,' has a separator beside the key: one line is one key",
        "line 2: '1,234' may be 2 keys or one with a comma",
        "line 4: 'C2, C3, C4' may be 3 keys or one with a comma",
    ]


# A file: one key a line (D1).

NOT_ONE_KEY = {
    "0221-4711": "'0221-4711' is a range or a phone number, not one key",
    "100-120": "'100-120' is a range or a phone number, not one key",
    "100–120": "'100–120' is a range or a phone number, not one key",
    "10003\t2": "'10003\\t2' has a tab, a column separator: one line is one key",
    "10003\t": "'10003\\t' has a tab, a column separator: one line is one key",
    "1,234": "'1,234' is a number with separators or several keys, not one key",
    "1.234.567": "'1.234.567' is a number with separators or several keys, not one key",
    "1 234": "'1 234' is a number with separators or several keys, not one key",
    "1'234": '"1\'234" is a number with separators or several keys, not one key',
    "47 12": "'47 12' has 2 values or columns: one line is one key",
    "47;12": "'47;12' has 2 values or columns: one line is one key",
    "670;Acme": "'670;Acme' has 2 values or columns: one line is one key",
    "670;": "'670;' has a separator beside the key: one line is one key",
    "1.0": "'1.0' is a decimal number, not a key",
    "1,0": "'1,0' is a decimal number, not a key",
    "1e5": "'1e5' is a number with an exponent: a spreadsheet may have shortened it",
    "+670": "'+670' has a sign: keys are numbers without one",
    "-670": "'-670' has a sign: keys are numbers without one",
    "000670": "'000670' has a leading zero: not an ErpInternalKey id",
    "٣٤": "'٣٤' has digits other than 0-9",
    "67²": "'67²' is not a number",
    "6\x0070": "it has a control character",
    "6\x1a": "it has a control character",
    "6\ufeff70": "'6\\ufeff70' has an invisible character",
    "670\u00a0": "'670\\xa0' has an invisible character",
    "\udcff": "it is not UTF-8 text",
    "0": "0: keys are numbers from 1 to 2147483647",
    "2147483648": "2147483648: keys are numbers from 1 to 2147483647",
    '""': "an empty value is not a key",
    '"670': "'\"670' has a quote at one end only",
    '"670";"Acme"': '\'"670";"Acme"\' has 2 columns: keep the one column with the keys',
    "670#2": "'670#2' is not a number",
    "??": "'??' is not a number",
}


@pytest.mark.parametrize(("line", "told"), NOT_ONE_KEY.items())
def test_d1_in_a_file_a_line_that_is_not_one_whole_key_gives_none_and_says_why(
    line: str, told: str
) -> None:
    report = internal_keys_in_file(f"10001\n{line}\n10002\n")
    assert report.keys == (10001, 10002)
    assert [note.text for note in report.bad] == [f"line 2: {told}"]
    assert (report.lines, report.is_more) == (3, False)


@pytest.mark.parametrize(
    ("text", "keys", "told"),
    [
        ("\ufeff670\r\n47\r\n", (670, 47), "2 lines · 2 keys"),
        ("670\r47\r", (670, 47), "2 lines · 2 keys"),
        (" 670 \n\n \n\t\n47\n670", (670, 47), "3 lines · 2 keys · 1 repeated"),
        ("# of Monday\n670 # by mail\n47", (670, 47), "2 lines · 2 keys"),
        ("\"670\"\n '47' \n„12“\n", (670, 47, 12), "3 lines · 3 keys"),
    ],
)
def test_d1_blank_lines_comments_quotes_and_line_ends_of_a_file_are_not_keys(
    text: str, keys: tuple[int, ...], told: str
) -> None:
    report = internal_keys_in_file(text)
    assert (report.keys, report.summary, report.bad) == (keys, told, ())


def test_d1_ranges_in_a_file_are_read_where_they_are_asked_for_and_each_such_line_is_named() -> None:
    text = "670\n100-120\n47, 12; 13\n"
    assert internal_keys_in_file(text).keys == (670,)
    report = internal_keys_in_file(text, ranges=True)
    assert report.keys == (670, *range(100, 121), 47, 12, 13)
    assert [note.text for note in report.several] == [
        "line 2: '100-120' gives 21 keys",
        "line 3: '47, 12; 13' gives 3 keys",
    ]
    assert report.summary == "3 lines · 25 keys"
    assert report.is_more


@pytest.mark.parametrize(
    ("text", "more"),
    [("670, 47, 100-120", False), ("670\n47", False), ("670\n47 12", True), ("100-102\nabc\n7", True)],
)
def test_d1_more_keys_than_lines_are_the_rule_on_one_typed_line_only(text: str, more: bool) -> None:
    assert internal_keys(text).is_more is more


# Quotes and headers (D2).


def test_d2_quotes_around_a_key_are_no_part_of_it_and_a_header_is_asked_about() -> None:
    text = '"ErpKey"\r\n"10001"\r\n"10002"\r\n'
    report = external_keys_in_file(text)
    assert report.keys == ("10001", "10002")
    assert report.header is not None
    assert report.header.text == "line 1: 'ErpKey'"
    skipping = external_keys_in_file(text, Header.SKIP)
    assert (skipping.keys, skipping.header) == (("10001", "10002"), None)
    assert skipping.skipped is not None
    assert external_keys_in_file(text, Header.KEY).keys == ("ErpKey", "10001", "10002")


@pytest.mark.parametrize(
    ("header", "others", "asks"),
    [
        ("ErpKey", "10001", True),
        ("Kundennummer", "Miller", True),
        ("Kunden-Nr.", "A1", True),
        ("Customer No.", "A1", True),
        ("contact_id", "A1", True),
        ("Externe ID", "A1", True),
        ("'Id'", "A1", True),
        ("Firma", "Miller", True),
        ("ACME", "10001", True),
        ("Spalte7", "10001", True),
        ("A0", "A1", False),
        ("Meier", "Miller", False),
        ("007", "10001", False),
        ("10000", "A1", False),
    ],
)
def test_d2_a_first_line_that_names_a_column_or_is_unlike_the_others_is_asked_about(
    header: str, others: str, asks: bool
) -> None:
    report = external_keys_in_file(f"{header}\n{others}\n{others}2\n")
    assert (report.header is not None) is asks
    assert (header.strip("'") in report.keys) is not asks


def test_d2_a_key_among_numbers_is_not_skipped_as_a_header() -> None:
    assert internal_keys_in_file("Id\n670").header is not None
    assert internal_keys_in_file("Id\n670", Header.SKIP).keys == (670,)
    assert internal_keys_in_file("12x\n670").bad[0].line == 1
    (note,) = internal_keys_in_file("671\n670", Header.SKIP).bad
    assert note.text == "line 1: '671' cannot be skipped as a header: it has no letter"


def test_d13_a_file_that_says_so_has_no_header_to_skip() -> None:
    text = f"{NO_HEADER}\nACME\n10001\n"
    for header in Header:
        report = external_keys_in_file(text, header)
        assert (report.keys, report.header) == (("ACME", "10001"), None)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('"10001"', "10001"),
        ('  "10001"  ', "10001"),
        ('"say ""hi"""', 'say "hi"'),
        ('"Acme; Berlin"', "Acme; Berlin"),
        ('"#7"', "#7"),
        ("'10001'", "10001"),
        ("“10001”", "10001"),
        ("„10001“", "10001"),
        ("»10001«", "10001"),
        ("0010", "0010"),
        ("O'Neill", "O'Neill"),
    ],
)
def test_d2_enclosing_quotes_are_removed_by_the_rules_of_csv(line: str, key: str) -> None:
    report = external_keys_in_file(f"10000\n{line}\n")
    assert (report.keys, report.bad) == (("10000", key), ())


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("A1;Acme", "has 2 columns or keys"),
        ("A1,A2", "may be 2 keys or one with a comma"),
        ("A1|Acme", "has 2 columns or keys"),
        ("A1   Acme", "has 2 columns or keys"),
        ('"A1";"Acme"', "has 2 columns: keep the one column with the keys"),
        ("A1;", "has a separator beside the key"),
        ('"A1', "has a quote at one end only"),
        ('="A1"', "has a quote at one end only"),
        ("'A1", "has a quote at one end only"),
        ('" A1 "', "has blanks inside of its quotes"),
        ('""', "an empty value is not a key"),
        ("x" * 255, "is longer than 254 characters"),
    ],
)
def test_d2_a_line_that_is_not_one_whole_key_of_the_erp_gives_none(line: str, told: str) -> None:
    report = external_keys_in_file(f"A0\n{line}\n")
    assert report.keys == ("A0",)
    assert told in report.bad[0].text
    assert len(report.bad[0].text) < 250


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no key: it is empty"),
        ("# x\n\n", "no key: every line is empty or a comment"),
        ("ErpKey\n", "no key: 1 line, which is a header ('ErpKey')"),
        (
            "Name\nMüller\nMeier\n1-2",
            "no key on 4 lines: 2 × not a number, 1 × a range or phone number, and a header ('Name');"
            " line 2: 'Müller' is not a number",
        ),
    ],
)
def test_d2_a_list_without_any_key_says_how_many_lines_and_why(text: str, told: str) -> None:
    report = internal_keys_in_file(text)
    assert (report.keys, report.nothing) == ((), told)


@given(st.lists(st.integers(1, LARGEST_KEY), max_size=200), st.sampled_from([", ", ",", " ", "\n"]))
def test_keys_come_out_once_each_in_the_order_given(keys: list[int], between: str) -> None:
    assert internal_keys(between.join(map(str, keys))).keys == tuple(dict.fromkeys(keys))


@given(st.text() | st.text("0123456789-, \n#"))
def test_any_text_gives_keys_and_notes(text: str) -> None:
    for report in (internal_keys(text), internal_keys_in_file(text), external_keys_in_file(text)):
        assert len(report.keys) == len(set(report.keys)) <= MOST_KEYS
        assert all(note.sentence and note.line >= 1 for note in (*report.bad, *report.repeats))
        lines = len(report.bad) + len(report.repeats) + len(report.keys)
        assert report.is_list or report.several or lines + bool(report.header) == report.lines


@given(st.lists(st.integers(1, 400), unique=True, max_size=300))
def test_keys_that_are_written_out_are_read_back(keys: list[int]) -> None:
    assert internal_keys_in_file(as_lines(keys)).keys == tuple(keys)
    assert internal_keys(compressed(keys)).keys == tuple(keys)


@pytest.mark.parametrize(
    ("keys", "told"),
    [((670,), "670"), ((7, 8, 9), "7-9"), ((9, 670, 4), "9 … 4"), (("A1", "B2"), "A1 … B2")],
)
def test_a_span_tells_which_keys_they_are(keys: tuple[int, ...], told: str) -> None:
    assert span(keys) == told


@given(st.lists(st.text("AB#1 -\"',;|„“", min_size=1).map(str.strip).filter(bool), unique=True))
def test_external_keys_that_are_written_out_are_read_back(keys: list[str]) -> None:
    assert external_keys_in_file(as_lines(keys), Header.KEY).keys == tuple(keys)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("A1\tA2", "line 1: 'A1\\tA2' has a tab"),
        ("A1\nA\u200b2", "line 2: 'A\\u200b2' has an invisible character"),
        ("\u202eA1", "has an invisible character"),
        ("A1\ufeff", "has an invisible character"),
        ("A\u00a01", "has an invisible character"),
    ],
)
def test_an_external_key_with_what_cannot_be_seen_is_refused(text: str, told: str) -> None:
    (note,) = external_keys(text).bad
    assert told in note.text
