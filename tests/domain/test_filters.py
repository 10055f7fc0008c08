"""Filters: what is typed narrows the list, what is half typed hides nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.filters import Record, parse_filter

FIELDS = ("state", "sync", "channel", "message")
TEMU = Record(
    {"state": "error", "sync": "Temu", "channel": "Temu DE", "message": "401 from marketplace"},
    {"age": 240.0},
)
OUTLET = Record(
    {"state": "locked", "sync": "Ebay", "channel": "Outlet Straße", "message": "account locked"},
    {"age": 7_200.0},
)
NEVER = Record({"state": "ok", "sync": "Shop", "channel": "Hauptshop", "message": ""}, {"age": None})
ALL = {"temu": TEMU, "outlet": OUTLET, "never": NEVER}


def found(text: str) -> list[str]:
    filter_ = parse_filter(text, FIELDS)
    return [name for name, record in ALL.items() if filter_.matches(record)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["temu", "outlet", "never"]),
        ("TEMU", ["temu"]),
        ("temu 401", ["temu"]),
        ("temu locked", []),
        ("strasse", ["outlet"]),
        ('"temu de"', ["temu"]),
        ('"de 401"', []),
        ("state:ok", ["never"]),
        ("STATE:Err", ["temu"]),
        ('message:"from market"', ["temu"]),
        ("channel:account", []),
        ("!locked", ["temu", "never"]),
        ("!state:ok !state:error", ["outlet"]),
        ("age>5m", ["outlet"]),
        ("age>=2h", ["outlet"]),
        ("age<5m", ["temu"]),
        ("age<=240s", ["temu"]),
        ("age>0.5h", ["outlet"]),
        ("!age>5m", ["temu", "never"]),
        ("age<1d market", ["temu"]),
    ],
)
def test_a_filter_finds(text: str, names: list[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("every:5m", ["5m"]),
        ("every:300s", ["5m"]),
        ("every:90s", ["1m 30s"]),
        ('every:"1m 30s"', ["1m 30s"]),
        ("every:15m", ["15m"]),
        ("!every:5m", ["15m", "1m 30s", "not reported", "12"]),
        ("every:5", ["5m", "15m"]),
        ("every:reported", ["not reported"]),
        ("every:1", ["15m", "1m 30s"]),
        ("every:12", ["12"]),
        ("5m", ["5m", "15m"]),
    ],
)
def test_amounts_are_compared_and_words_are_searched(text: str, found: list[str]) -> None:
    shown = ("5m", "15m", "1m 30s", "not reported", "12")
    filter_ = parse_filter(text, ("every",))
    assert [one for one in shown if filter_.matches(Record({"every": one}))] == found


@pytest.mark.parametrize("text", ["age>", "age>=", "!", "state:", "!state:", '"', '!"', 'state:"', "  "])
def test_a_half_typed_term_hides_nothing_and_complains_of_nothing(text: str) -> None:
    assert found(text) == ["temu", "outlet", "never"]
    assert parse_filter(text, FIELDS).problem is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("foo:bar", "no field 'foo': state, sync, channel, message"),
        ("age>5", "age>5: write a number and a unit"),
        ("age>soon", "age>5m"),
        ("size>5m", "no age 'size'"),
    ],
)
def test_a_term_that_cannot_be_taken_says_why_and_hides_nothing(text: str, named: str) -> None:
    assert named in (parse_filter(text, FIELDS).problem or "")
    assert found(text) == ["temu", "outlet", "never"]
    assert found(f"{text} locked") == ["outlet"]


def test_a_time_of_day_is_a_word_and_no_field() -> None:
    filter_ = parse_filter("12:30", FIELDS)
    assert filter_.problem is None
    assert filter_.matches(Record({"message": "since 12:30"}))


@given(st.text() | st.text('ab!:"<>=5mage '))
def test_any_typing_is_a_filter(text: str) -> None:
    filter_ = parse_filter(text, FIELDS)
    assert filter_.text == text
    assert filter_.matches(TEMU) in (True, False)


@given(st.text(st.characters(categories=["L", "N"]), min_size=1))
def test_a_word_and_its_opposite_divide_the_list(word: str) -> None:
    plain, opposite = parse_filter(f'"{word}"'), parse_filter(f'!"{word}"')
    assert all(plain.matches(record) != opposite.matches(record) for record in ALL.values())


@given(st.dictionaries(st.sampled_from(FIELDS), st.text(min_size=1), min_size=1))
def test_the_text_of_a_row_finds_that_row(fields: dict[str, str]) -> None:
    record = Record(fields)
    for name, text in fields.items():
        assert parse_filter('"' + text.replace('"', "") + '"').matches(record) or '"' in text
        assert parse_filter(f'{name}:"' + text.replace('"', "") + '"').matches(record) or '"' in text


@given(st.text('ab !:"<9', max_size=6), st.text('ab !:"<9', max_size=6), st.text("ab9", max_size=4))
def test_what_narrows_lets_nothing_through_that_the_wider_one_stops(
    text: str, more: str, shown: str
) -> None:
    wide, narrow = parse_filter(text), parse_filter(text + more)
    record = Record({"a": shown}, {"age": 9.0})
    if narrow.narrows(wide) and narrow.matches(record):
        assert wide.matches(record)
    assert list(wide.among([record], lambda one: one)) == [record] * wide.matches(record)
