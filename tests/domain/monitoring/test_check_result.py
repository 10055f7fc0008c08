"""Which problem has which code, and what the output of a plugin looks like for any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.drivers.command import Finished
from tests.headless.history.recorded_night import NOW
from tests.headless.monitoring.plugin_parser import parsed
from tui.domain.health.rules import Level, Verdict
from tui.domain.history.records import SubjectKind
from tui.domain.history.since import Since
from tui.domain.monitoring.check_result import (
    Code,
    Failure,
    Observation,
    Row,
    code_of,
    failed,
    judge,
    worst,
)
from tui.domain.monitoring.plugin_output import plugin_text
from tui.domain.monitoring.selection import Selection
from tui.domain.profile import System
from tui.domain.text import clean

SYNC = SubjectKind.SYNC
ANY = st.text(max_size=60) | st.text("|│｜¦'=;\n\r\t \x1b\u202e", max_size=20)


def sync(level: Level, word: str = "word", reason: str = "", name: str = "Ebay · DE") -> Row:
    return Row(SYNC, "id", name, Verdict(level, word, reason))


@pytest.mark.parametrize(
    ("level", "code"),
    [
        (Level.ERROR, Code.CRITICAL),
        (Level.LOCKED, Code.CRITICAL),
        (Level.WARNING, Code.WARNING),
        (Level.RUNNING, Code.OK),
        (Level.OK, Code.OK),
        (Level.OFF, Code.OK),
    ],
)
def test_the_code_of_a_verdict(level: Level, code: Code) -> None:
    assert code_of(Verdict(level, "word", "")) is code


@given(st.lists(st.sampled_from(Code)))
def test_critical_wins_then_unknown_then_warning(codes: list[Code]) -> None:
    order = [Code.CRITICAL, Code.UNKNOWN, Code.WARNING, Code.OK]
    assert worst(codes) is next((code for code in order if code in codes), Code.OK)


def test_since_says_whether_the_beginning_was_seen() -> None:
    row = sync(Level.ERROR, "error", "last run failed: 401 from marketplace")
    for is_known, said in ((True, "(since 08:00)"), (False, "(since 08:00 or earlier)")):
        seen = Row(SYNC, "id", "Temu", row.verdict, since=Since(NOW, is_known))
        text = plugin_text([judge(Observation("acme", (seen,), read=frozenset({SYNC})), NOW)], NOW)
        assert f"error: Temu: 401 from marketplace {said} | attention=1;0;;0" in text


def test_a_failure_without_anything_read_has_no_performance_data() -> None:
    assert plugin_text([failed("acme", "a | b")], NOW) == "ERPSYNC UNKNOWN - acme: a ¦ b"


@given(ANY, ANY, ANY, ANY, st.sampled_from(Level), st.booleans())
def test_any_text_leaves_the_output_readable(
    profile: str, name: str, reason: str, said: str, level: Level, is_one: bool
) -> None:
    rows = tuple(sync(level, "word", clean(reason), clean(name)) for _ in range(30))
    failures = (Failure("JTL-Wawi", clean(said) or "x", Code.UNKNOWN),)
    seen = Observation(
        clean(profile), rows, failures, frozenset({SYNC}), {System.JTL: 0.1234, System.SUPEROFFICE: 1e-7}
    )
    results = [judge(seen, NOW)] if is_one else [judge(seen, NOW), failed("other", said or "x")]
    text = plugin_text(results, NOW, of_all=not is_one)
    code = worst(result.code for result in results)
    lines = 20 if level <= Level.WARNING else 0 if is_one else 2
    assert len(parsed(Finished(code, f"{text}\n", "")).problems) == lines


def test_options_that_exclude_each_other_select_nothing() -> None:
    assert Selection(system=System.SUPEROFFICE, syncs=("x",)).subjects == ()
    assert Selection(system=System.JTL, kind="engine").subjects == ()
    assert Selection(syncs=("x",), kind="engine").subjects == ()
    assert Selection(kind="Ebay").subjects == (SYNC,)
    assert SubjectKind.EXTENSION not in Selection().subjects
