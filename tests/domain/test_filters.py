"""Filters: what is typed narrows the list; what is half typed hides nothing, what cannot be read all."""

from math import inf
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.filters import Record, parse_filter
from tui.domain.text import clean

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


UNFINISHED = [
    *(
        "age>",
        "age>=",
        "age > ",
        "age>5",
        "age>1.",
        "age:",
        "age:5m",
        "age:5m.",
        "age:1h..2",
    ),
    *(
        "!",
        "state:",
        "!state:",
        '"',
        '!"',
        'state:"',
        "temu|",
        "state:ok|",
        "(",
        "(temu",
        "(temu|outlet",
    ),
]


@pytest.mark.parametrize("text", [*UNFINISHED, "  "])
def test_d10_a_half_typed_last_term_hides_nothing_and_complains_of_nothing(text: str) -> None:
    assert found(text) == ["temu", "outlet", "never"]
    assert parse_filter(text, FIELDS).problem is None
    assert found(f"outlet {text}") == ["outlet"]


@pytest.mark.parametrize("text", UNFINISHED)
def test_d10_a_term_that_stays_half_typed_says_so_and_lets_nothing_through(text: str) -> None:
    filter_ = parse_filter(text, FIELDS, finished=True)
    assert filter_.problem
    assert not filter_.is_whole
    assert not any(filter_.matches(record) for record in ALL.values())
    assert not filter_.among(list(ALL.values()), lambda record: record)


@pytest.mark.parametrize(
    "text", ["age> ebay|", "state: temu", "! temu", "(temu outlet", "| temu", "a||b"]
)
def test_d10_a_half_term_with_more_behind_it_is_not_being_typed(text: str) -> None:
    filter_ = parse_filter(f"{text} ok", FIELDS)
    assert filter_.problem
    assert not filter_.matches(NEVER)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("foo:bar", "'foo' is not a field. Fields: state, sync, channel, message, age"),
        ("foo:", "'foo' is not a field"),
        ("!foo:bar", "'foo' is not a field"),
        ("state:ok|foo:bar", "'foo' is not a field"),
        ("age>soon", "such as age>5m"),
        ("age:5m..soon", "age:5m..1h"),
        ("age:later", "age:5m..1h"),
        ("size>5m", "'size' is not a field"),
        ("state>5m", "'state' does not support < and >. Fields that do: age"),
        ("(temu))", "bracket"),
    ],
)
def test_d10_a_filter_that_cannot_be_read_says_why_and_lets_nothing_through(
    text: str, named: str
) -> None:
    assert named in (parse_filter(text, FIELDS).problem or "")
    assert found(text) == []
    assert found(f"{text} locked") == []
    assert found(f"locked {text}") == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("temu|outlet", ["temu", "outlet"]),
        ("temu | outlet", ["temu", "outlet"]),
        ("(temu|outlet) 401", ["temu"]),
        ("state:error|locked", ["temu", "outlet"]),
        ("state:error|sync:shop", ["temu", "never"]),
        ("!state:error|locked", ["never"]),
        ('channel:"temu de"|hauptshop', ["temu", "never"]),
        ('"a|b"', []),
        ("age<5m|>1h", ["temu", "outlet"]),
        ("age:4m..2h", ["temu", "outlet"]),
        ("age:..5m", ["temu"]),
        ("age:1h30m..", ["outlet"]),
        ("age > 5m", ["outlet"]),
        ('age>"1h 30m"', ["outlet"]),
    ],
)
def test_d10_alternatives_and_ranges_find(text: str, names: list[str]) -> None:
    assert found(text) == names


def test_d10_other_names_lead_to_the_field_and_never_is_older_than_anything() -> None:
    never = Record({"status_at": "never"}, {"age": inf, "id": 7.0}, {"health": "overdue warning"})
    fields = {"status_at": "status_at", "status": "status_at", "health": "health"}

    def finds(text: str) -> bool:
        return parse_filter(text, fields, {"status": "age"}, {"id": "id"}).matches(never)

    assert finds("status>24h")
    assert finds("status:never")
    assert finds("health:warning")
    assert finds("health:overdue")
    assert finds("id:3..7")
    assert finds("id>=7")
    assert not finds("status<24h")
    assert not finds("status:1h..24h")
    assert not finds("id<7")
    assert not finds("warning")


COMPOSED = "Müller Çafé"


@pytest.mark.parametrize(
    ("shown", "typed"),
    [
        (normalize("NFD", COMPOSED), COMPOSED),
        (COMPOSED, normalize("NFD", COMPOSED)),
        ("Temu\u00a0DE", '"temu de"'),
        ("Temu DE", '"temu\u00a0de"'),
        ("Temu\u202fDE", '"temu\u2007de"'),
        ("Straße", "STRASSE"),
        ("STRASSE", "straße"),
        ("\u0130STANBUL", "istanbul"),
        ("Istanbul", "\u0131stanbul"),
        ("\uff34\uff45\uff4d\uff55", "temu"),
        ("Temu", "\uff34\uff25\uff2d\uff35"),
        (clean("Te\u200bmu"), "temu"),
        ("Temu", "te\u200bmu"),
        ("Temu", "\ufefftemu"),
        ("Te\ufffdmu", "te\ufffdmu"),
        ("\u03a3\u03afsyphos\u03a3", "\u03c3\u03afsyphos\u03c2"),
    ],
)
def test_x8_text_is_found_however_its_letters_are_encoded(shown: str, typed: str) -> None:
    record = Record({"channel": shown})
    assert parse_filter(typed, ("channel",)).matches(record)
    assert parse_filter(f"channel:{typed}", ("channel",)).matches(record)
    assert not parse_filter(f"!{typed}", ("channel",)).matches(record)


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
