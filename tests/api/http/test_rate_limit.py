"""What a server says of its rate limit."""

from typing import Any

import pytest

from tui.api.http.rate_limit import RateLimit, read_rate_limit

NAMES = ("x-ratelimit-limit", "x-ratelimit-interval-length-seconds", "x-ratelimit-remaining")


def headers(*values: str) -> dict[str, str]:
    return dict(zip(NAMES, values, strict=True))


def test_all_three_are_read_with_the_time_that_they_came() -> None:
    assert read_rate_limit(headers("300", " 60 ", "7"), 5.0) == RateLimit(300, 60.0, 7, 5.0)
    assert read_rate_limit(headers("300", "60", "0"), 5.0) == RateLimit(300, 60.0, 0, 5.0)


@pytest.mark.parametrize("missing", NAMES)
@pytest.mark.parametrize("value", [None, "", "x", "-1", "1.5", "²", "٣", "9" * 10, "9" * 5_000])
def test_one_that_cannot_be_read_makes_the_others_worthless(missing: str, value: str | None) -> None:
    told: dict[str, Any] = headers("300", "60", "0") | {missing: value}
    assert read_rate_limit({name: text for name, text in told.items() if text is not None}, 0.0) is None


def test_nine_digits_are_a_number() -> None:
    told = read_rate_limit(headers("9" * 9, "60", "1"), 0.0)
    assert told is not None
    assert told.limit == 999_999_999


@pytest.mark.parametrize(
    ("remaining", "interval", "now", "rest"),
    [
        (1, 60.0, 100.0, 0.0),
        (0, 60.0, 100.0, 60.0),
        (0, 60.0, 159.5, 0.5),
        (0, 60.0, 160.0, 0.0),
        (0, 60.0, 500.0, 0.0),
        (0, 0.0, 100.0, 0.0),
        (0, 300.0, 100.0, 300.0),
        (0, 301.0, 100.0, 300.0),
        (0, 86_400.0, 399.0, 1.0),
    ],
)
def test_how_long_reads_rest(remaining: int, interval: float, now: float, rest: float) -> None:
    assert RateLimit(300, interval, remaining, 100.0).rest(now) == rest


def test_in_words() -> None:
    assert RateLimit(300, 60.0, 0, 0.0).words == "300 requests in 60s"
