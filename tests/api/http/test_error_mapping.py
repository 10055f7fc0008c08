"""The table of failures at its edges: members of sets one by one, limits on both sides."""

import httpx
import pytest

from tui.api import errors
from tui.api.error_body import Words
from tui.api.http.error_mapping import broken, rate_limit_used_up, refused
from tui.api.http.proxies import Proxy
from tui.api.http.request import ApiRequest
from tui.api.http.response_headers import request_id
from tui.domain.profile import System

NOW = 1_772_334_000.0
"""2026-03-01 03:00:00 UTC."""
READ = ApiRequest(System.JTL, "GET", "https://wawi.example/workers", repeatable=True)
WRITE = ApiRequest(System.JTL, "PUT", "https://wawi.example/workers/1")
PROXY = Proxy("http://p.example:8080", "`proxy` in the profile")


def of(
    status: int, request: ApiRequest = READ, words: Words | None = None, **headers: str
) -> errors.ErpError:
    told = httpx.Headers(
        {name.replace("_", "-").encode(): text.encode("latin-1") for name, text in headers.items()}
    )
    return refused(request, status, words or Words(), told, lambda *_: ("", ""), NOW)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("0", 0.0),
        (" 12 ", 12.0),
        ("3599", 3_599.0),
        ("3600", 3_600.0),
        ("3601", 3_600.0),
        ("99999999", 3_600.0),
        ("999999999", None),
        ("12.5", None),
        ("²", None),
        ("", None),
        ("Sun, 01 Mar 2026 03:00:30 GMT", 30.0),
        ("Sun, 01 Mar 2026 03:00:30 -0000", 30.0),
        ("Sun, 01 Mar 2026 03:00:30", 30.0),
        ("Sun, 01 Mar 2026 04:00:30 +0100", 30.0),
        ("Sun, 01 Mar 2026 02:59:00 GMT", 0.0),
        ("Sun, 01 Mar 2026 03:59:59 GMT", 3_599.0),
        ("Mon, 02 Mar 2026 03:00:00 GMT", 3_600.0),
        ("tomorrow", None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_retry_after_in_both_forms_is_capped_at_an_hour(
    status: int, told: str, seconds: float | None
) -> None:
    error = of(status, retry_after=told)
    if status == 503 and seconds is None:
        assert type(error) is errors.ServerFailed
    else:
        assert isinstance(error, errors.Throttled)
        assert error.retry_after == seconds


@pytest.mark.parametrize(
    ("status", "kind", "sent"),
    [
        (400, errors.Rejected, True),
        (401, errors.NotAuthorised, True),
        (402, errors.LicenceRequired, True),
        (403, errors.Forbidden, True),
        (404, errors.NotFound, True),
        (405, errors.NotOffered, True),
        (407, errors.Unreachable, False),
        (408, errors.TimedOut, True),
        (409, errors.Conflict, True),
        (412, errors.PreconditionFailed, True),
        (421, errors.Moved, True),
        (422, errors.Rejected, True),
        (429, errors.Throttled, True),
        (499, errors.Rejected, True),
        (500, errors.ServerFailed, True),
        (502, errors.ServerFailed, True),
        (503, errors.ServerFailed, True),
        (504, errors.ServerFailed, True),
        (511, errors.Unreachable, False),
        (300, errors.BadAnswer, True),
        (399, errors.BadAnswer, True),
    ],
)
def test_what_each_status_is_and_whether_the_server_had_the_write(
    status: int, kind: type[errors.ErpError], sent: bool
) -> None:
    error = of(status, WRITE, x_request_id="r-1")
    assert (type(error), error.sent, error.status, error.request_id) == (kind, sent, status, "r-1")


def test_only_a_503_that_names_a_time_is_one_that_asks_to_slow_down() -> None:
    assert type(of(500, retry_after="5")) is errors.ServerFailed
    assert type(of(503, retry_after="5")) is errors.Throttled


def test_the_fields_are_named_and_kept() -> None:
    words = Words("all of it", {"Interval": ("too short.", "odd"), "": ("no",)})
    error = of(422, WRITE, words)
    assert isinstance(error, errors.Rejected)
    assert error.sentence.endswith(": Interval: too short")
    assert (error.fields, error.detail) == (words.fields, "all of it")
    assert of(422, WRITE, Words("", {"": ("just no",)})).sentence.endswith("(422): just no")


def test_words_on_a_failed_read_are_short_and_on_a_write_whole() -> None:
    words = Words("w" * 250)
    assert "w" * 250 in of(500, WRITE, words).sentence
    assert len(of(500, READ, words).sentence) < 200


def test_a_read_cannot_be_corrected() -> None:
    assert "gave no reason" in of(400, WRITE).next_step
    assert "base_url" in of(400, READ).next_step
    assert "base_url" in of(422, READ).next_step


def test_what_a_system_knows_better_is_said() -> None:
    told = refused(
        READ, 404, Words("gone"), httpx.Headers(), lambda *_: ("it is off", "Turn it on"), NOW
    )
    assert (told.sentence, told.next_step) == ("it is off (404): gone", "Turn it on")


def test_a_proxy_that_fails_without_a_status_is_named() -> None:
    for text in ("", "went away", "99 odd", "4070 odd"):
        error = broken(WRITE, httpx.ProxyError(text), proxy=PROXY)
        assert type(error) is errors.Unreachable
        assert "p.example:8080 did not connect to wawi.example; nothing was sent" in error.sentence
        assert not error.sent
    assert "(502)" in broken(READ, httpx.ProxyError("502 Bad"), proxy=PROXY).sentence


@pytest.mark.parametrize(
    ("failure", "kind", "sent"),
    [
        (httpx.ConnectTimeout(""), errors.TimedOut, False),
        (httpx.PoolTimeout(""), errors.TimedOut, False),
        (httpx.ReadTimeout(""), errors.TimedOut, True),
        (httpx.WriteTimeout(""), errors.TimedOut, True),
        (httpx.ConnectError(""), errors.Unreachable, False),
        (httpx.ProxyError(""), errors.Unreachable, False),
        (httpx.LocalProtocolError(""), errors.Unreachable, False),
        (httpx.ReadError(""), errors.Unreachable, True),
        (httpx.WriteError(""), errors.Unreachable, True),
        (httpx.RemoteProtocolError(""), errors.Unreachable, True),
        (httpx.DecodingError(""), errors.BadAnswer, True),
    ],
)
def test_whether_the_server_may_have_a_write_whose_connection_broke(
    failure: Exception, kind: type[errors.ErpError], sent: bool
) -> None:
    error = broken(WRITE, failure)
    assert (type(error), error.sent) == (kind, sent)
    assert error.in_doubt is sent
    assert ("nothing was sent" in error.sentence) is not sent
    read = broken(READ, failure)
    assert "unknown" not in read.sentence
    assert "nothing was sent" not in read.sentence


@pytest.mark.parametrize(
    "name",
    ["x-request-id", "request-id", "x-correlation-id", "x-ms-request-id", "traceid", "traceparent"],
)
def test_each_header_that_names_a_call_is_read(name: str) -> None:
    assert request_id(httpx.Headers({name: "r-1", "x-other": "no"})) == "r-1"
    assert len(request_id(httpx.Headers({name: "r" * 500}))) == 100


def test_the_first_of_them_counts() -> None:
    headers = httpx.Headers({"traceparent": "last", "request-id": "second", "x-request-id": "first"})
    assert request_id(headers) == "first"
    assert request_id(httpx.Headers()) == ""


def test_a_read_that_rests_says_what_and_for_how_long() -> None:
    error = rate_limit_used_up(READ, "300 requests in 60s", 41.6)
    assert (error.retry_after, error.sent, error.status) == (41.6, False, None)
    assert "is used up (300 requests in 60s)" in error.sentence
    assert "in 42s" in error.next_step
