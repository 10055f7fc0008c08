"""The rules of `doctor`: what it calls well, and what helps where it does not."""

from datetime import UTC, datetime, timedelta

import pytest

from tui.domain import check as doctor
from tui.domain.check import Check, Grade, Trouble
from tui.domain.checks.terminal_checks import TerminalFacts, terminal_checks
from tui.domain.checks.tls import TlsFacts, tls_check

GOOD = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "de_DE.UTF-8"}
IN_TMUX = GOOD | {"TERM": "tmux-256color", "TMUX": "/tmp/tmux-0/default,1,0"}
NOW = datetime(2026, 11, 25, tzinfo=UTC)


def checks(
    environment: dict[str, str], size: tuple[int, int] = (80, 24), tmux: dict[str, str] | None = None
) -> dict[str, Check]:
    return {one.name: one for one in terminal_checks(TerminalFacts(environment, size, tmux))}


def test_a_good_terminal_is_well_and_its_clipboard_is_said_to_be_untestable() -> None:
    found = checks(GOOD)
    assert {name: one.grade for name, one in found.items()} == {
        "TERM": "ok",
        "colours": "ok",
        "UTF-8": "ok",
        "size": "ok",
        "session": "ok",
        "OSC 52": "skipped",
    }
    assert "not testable" in found["OSC 52"].finding
    assert found["colours"].finding == "16 million (COLORTERM)"


def test_without_a_terminal_nothing_is_judged() -> None:
    [only] = terminal_checks(TerminalFacts({}, None))
    assert (only.grade, only.trouble) == (Grade.SKIPPED, None)


@pytest.mark.parametrize("term", ["", "dumb", "unknown"])
def test_a_terminal_that_only_prints_lines_fails(term: str) -> None:
    found = checks(GOOD | {"TERM": term})["TERM"]
    assert found.grade is Grade.FAIL
    assert "export TERM=" in found.remedy


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"NO_COLOR": "1"}, "off by NO_COLOR"),
        ({"TERM": "linux"}, "16,"),
        ({"COLORTERM": ""}, "256 or fewer"),
    ],
)
def test_fewer_colours_are_no_fault(environment: dict[str, str], words: str) -> None:
    found = checks(GOOD | environment)["colours"]
    assert found.grade is Grade.OK
    assert found.finding.startswith(words)


@pytest.mark.parametrize(
    ("environment", "grade"),
    [
        ({"LANG": "C.utf8"}, Grade.OK),
        ({"LANG": "de_DE.UTF-8@euro"}, Grade.OK),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, Grade.WARN),
        ({"LANG": "de_DE.ISO-8859-15"}, Grade.WARN),
        ({"LANG": ""}, Grade.WARN),
    ],
)
def test_the_locale_that_counts_is_judged(environment: dict[str, str], grade: Grade) -> None:
    assert checks(GOOD | environment)["UTF-8"].grade is grade


@pytest.mark.parametrize(
    ("size", "grade"),
    [
        ((80, 24), Grade.OK),
        ((60, 15), Grade.OK),
        ((59, 24), Grade.WARN),
        ((80, 14), Grade.WARN),
        ((0, 0), Grade.WARN),
    ],
)
def test_sixty_by_fifteen_is_the_least(size: tuple[int, int], grade: Grade) -> None:
    assert checks(GOOD, size)["size"].grade is grade


def test_a_tmux_as_it_comes_is_told_of_with_the_lines_that_change_it() -> None:
    options = {"escape-time": "500", "set-clipboard": "external", "allow-passthrough": "off"}
    found = checks(IN_TMUX, tmux=options)
    assert "tmux set -s escape-time 10" in found["tmux escape-time"].remedy
    assert "tmux set -s set-clipboard on" in found["tmux clipboard"].remedy
    assert found["session"].finding == "local, in tmux"


@pytest.mark.parametrize(
    "options",
    [
        {"escape-time": "10", "set-clipboard": "on", "allow-passthrough": "off"},
        {"escape-time": "0", "set-clipboard": "off", "allow-passthrough": "on"},
        {"escape-time": "50", "set-clipboard": "external"},
    ],
)
def test_a_tmux_that_hands_on_what_is_copied_is_well(options: dict[str, str]) -> None:
    found = checks(IN_TMUX, tmux=options)
    assert found["tmux escape-time"].grade is found["tmux clipboard"].grade is Grade.OK


def test_a_tmux_that_does_not_answer_and_a_wrong_term_inside_of_it_are_told() -> None:
    found = checks(IN_TMUX | {"TERM": "xterm-256color"}, tmux=None)
    assert found["tmux"].grade is found["TERM"].grade is Grade.WARN


@pytest.mark.parametrize(
    ("environment", "is_off"),
    [
        ({"STY": "1.pts-0.host"}, True),
        ({"TERM": "screen-256color"}, True),
        ({"TERM": "screen-256color", "TMUX": "/tmp/tmux-0/default,1,0"}, False),
        ({}, False),
    ],
)
def test_x4_the_mouse_is_said_to_be_off_within_screen(environment: dict[str, str], is_off: bool) -> None:
    found = checks(GOOD | environment, tmux={"escape-time": "10"})
    assert ("mouse" in found) == is_off
    assert ("in GNU screen" in found["session"].finding) == is_off


def test_x5_exported_sizes_are_named() -> None:
    found = checks(GOOD | {"COLUMNS": "12\x1b0", "LINES": "50"})["COLUMNS LINES"]
    assert "COLUMNS=12" in found.finding
    assert "LINES=50 are set; the console uses the window's own size" in found.finding
    assert "\x1b" not in found.finding
    assert "LINES" in checks(GOOD | {"LINES": "50"})


def test_what_the_environment_holds_is_cleaned() -> None:
    assert "\x1b" not in checks(GOOD | {"TERM": "xterm\x1b[2J"})["TERM"].finding


# Certificates.


def tls(**facts: object) -> Check:
    return tls_check("TLS", TlsFacts("erp.example:443", **facts), NOW)  # type: ignore[arg-type]


def test_an_accepted_certificate_is_told_with_its_issuer_and_its_end() -> None:
    found = tls(version="TLSv1.3", issuer="Acme CA", expires=NOW + timedelta(days=90))
    assert found.grade is Grade.OK
    assert found.finding == "TLSv1.3, certificate accepted, issued by Acme CA, until 2027-02-23"


def test_a_certificate_that_ends_soon_is_warned_of() -> None:
    found = tls(version="TLSv1.3", expires=NOW + timedelta(days=1, hours=2))
    assert (found.grade, found.trouble) == (Grade.WARN, Trouble.ATTENTION)
    assert found.finding.endswith("1 day left")


@pytest.mark.parametrize(
    ("code", "finding", "remedy"),
    [
        (10, "has expired", "renewed"),
        (9, "is not valid yet", "date"),
        (18, "is self-signed", "Set ca_bundle"),
        (20, "from an authority that is unknown here", "Set ca_bundle"),
        (62, "is for another host", "instead of erp.example"),
        (23, "was not accepted: revoked", "replaced"),
    ],
)
def test_a_refused_certificate_names_its_cause(code: int, finding: str, remedy: str) -> None:
    found = tls(refused=code, words="revoked")
    assert found.trouble is Trouble.UNREACHABLE
    assert finding in found.finding
    assert remedy in found.remedy


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        ("wrong version number", "does not speak TLS"),
        ("tlsv1 alert protocol version", "no TLS version or cipher in common"),
        ("sslv3 alert handshake failure", "no TLS version or cipher in common"),
        ("tlsv13 alert certificate required", "a client certificate"),
        ("no handshake within 4 s", "whether this port speaks https"),
    ],
)
def test_a_handshake_that_failed_without_a_certificate_names_what_to_look_at(
    words: str, remedy: str
) -> None:
    assert remedy in tls(words=words).remedy


def test_an_authority_that_is_not_in_the_bundle_either_is_told() -> None:
    assert "and not in /etc/acme.pem" in tls(refused=19, bundle="/etc/acme.pem").finding


# Clocks, latency, rate.


@pytest.mark.parametrize(
    ("offset", "grade", "words"),
    [
        (None, Grade.SKIPPED, "not known"),
        (-29.0, Grade.OK, "29 s apart"),
        (31.0, Grade.WARN, "31 s ahead of ours"),
        (-400.0, Grade.WARN, "400 s behind ours"),
    ],
)
def test_clocks_that_are_more_than_half_a_minute_apart(
    offset: float | None, grade: Grade, words: str
) -> None:
    found = doctor.clock(offset)
    assert found.grade is grade
    assert words in found.finding


def test_latency_is_the_median_and_slow_from_two_seconds_on() -> None:
    assert doctor.latency([0.030, 0.5, 0.034]).finding == "34 ms, the median of 3 reads (30–500 ms)"
    assert doctor.latency([2.5, 2.5, 0.1]).grade is Grade.WARN
    assert doctor.latency([]).grade is Grade.SKIPPED


def test_the_rate_counts_every_page_of_a_list() -> None:
    every = {"workers": 5.0, "status": 5.0, "extensions": 60.0}
    assert doctor.request_rate(every, {}).finding == (
        "about 25 a minute: workers 12, status 12, extensions 1"
    )
    assert doctor.request_rate(every, {"extensions": 36}).grade is Grade.OK
    found = doctor.request_rate(every, {"extensions": 37})
    assert found.grade is Grade.WARN
    assert "Raise extensions" in found.remedy


def test_the_summary_counts_the_gravest_first() -> None:
    found = [doctor.ok("a", ""), doctor.fail("b", "", ""), doctor.ok("c", ""), doctor.skipped("d", "")]
    assert doctor.summary(found) == "1 fail · 2 ok · 1 skipped"
