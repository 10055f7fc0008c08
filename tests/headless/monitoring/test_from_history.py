"""`check --from-history`: the recorder's last values, as long as they hold, and no request at all."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.drivers.command import syncdeck
from tests.drivers.console import write_config
from tests.drivers.simulator import RunningSimulator
from tests.headless.history.recorded_night import FAILED, NOW, OK, RUNNING, TEMU, UP, polls
from tests.headless.monitoring.plugin_parser import parsed
from tui.domain.history.observing import GONE
from tui.domain.history.records import Cause, Change, Named, Poll, State, Subject, SubjectKind
from tui.domain.monitoring.check_result import CheckResult, Code
from tui.domain.monitoring.selection import Selection
from tui.domain.profile import System
from tui.headless.history.recorded import Recorded
from tui.headless.monitoring.recorded_check import check_recorded
from tui.history.memory import MemoryHistory

HOUR = timedelta(hours=1)
BOTH = frozenset(System)
ENGINE = Subject(SubjectKind.ENGINE, "engine", "ErpSync engine")
CONNECTION = Subject(SubjectKind.CONNECTION, "1", "Business Central DE")
ACTIVE = State("active", OK.level)
TOPICS = ("workers", "status", "engine", "connections")


def kept(sync: State = OK, until: datetime = NOW, topics: tuple[str, ...] = TOPICS) -> MemoryHistory:
    """An hour with one sync, which is in that state since half an hour."""
    history = MemoryHistory()
    start = NOW - HOUR
    for subject, state in ((TEMU, OK), (ENGINE, UP), (CONNECTION, ACTIVE)):
        history.add([Change(start, subject, Cause.KEYFRAME, state)])
    history.add(polls(start, until, *topics))
    history.add([Change(NOW - HOUR / 2, TEMU, Cause.POLL, sync, OK)])
    return history


def check(
    history: MemoryHistory,
    now: datetime = NOW,
    systems: frozenset[System] = BOTH,
    selection: Selection | None = None,
    unreachable: Code = Code.UNKNOWN,
) -> CheckResult:
    recorded = Recorded("acme", history)
    return check_recorded(recorded, systems, selection or Selection(), unreachable, now)


def test_the_last_values_are_judged_as_live_ones_and_since_is_known() -> None:
    result = check(kept(FAILED))
    assert (result.code, result.summary) == (Code.CRITICAL, "1 failing of 1 sync; engine running")
    [problem] = result.problems
    assert problem.reason == "401 from marketplace"
    assert problem.since is not None
    assert problem.since.at == NOW - HOUR / 2
    assert check(kept(RUNNING)).code is Code.OK


@pytest.mark.parametrize(("seconds", "code"), [(125, Code.OK), (126, Code.UNKNOWN), (127, Code.UNKNOWN)])
def test_values_hold_for_two_intervals(seconds: int, code: Code) -> None:
    """And for the time until the recorder's last values are on the disk."""
    result = check(kept(), NOW + timedelta(seconds=seconds))
    assert result.code is code
    assert ("more than two intervals" in result.summary) == (code is Code.UNKNOWN)


@pytest.mark.parametrize("later", [0, 1])
def test_the_first_poll_after_a_gap_is_enough(later: int) -> None:
    """`record --once` polls each topic once: nothing was recorded before, and that no longer counts."""
    history = MemoryHistory()
    for subject, state in ((TEMU, OK), (ENGINE, UP), (CONNECTION, ACTIVE)):
        history.add([Change(NOW, subject, Cause.KEYFRAME, state)])
    history.add([Poll(topic, NOW, ok=True, every_s=600, took_s=0.1) for topic in TOPICS])
    assert check(history, now=NOW + timedelta(seconds=later)).code is Code.OK


def test_old_values_are_not_judged() -> None:
    result = check(kept(FAILED), NOW + HOUR)
    assert result.code is Code.UNKNOWN
    assert result.problems == ()
    assert "syncs" not in result.perfdata
    assert check(kept(FAILED), NOW + HOUR, unreachable=Code.CRITICAL).code is Code.UNKNOWN


def test_one_topic_that_is_old_is_enough() -> None:
    history = kept(topics=("status", "engine", "connections"))
    history.add(polls(NOW - HOUR, NOW - HOUR / 2, "workers"))
    result = check(history)
    assert result.code is Code.UNKNOWN
    assert "JTL-Wawi: the last recorded values are 30m old" in result.summary
    assert "engine running" in result.summary


def test_polls_that_fail_now_are_a_failure_of_the_system() -> None:
    history = kept(until=NOW - HOUR / 4)
    history.add(polls(NOW - HOUR / 4, NOW, *TOPICS, error="connection refused"))
    result = check(history)
    assert result.code is Code.UNKNOWN
    assert "JTL-Wawi: connection refused" in result.summary
    assert check(history, unreachable=Code.CRITICAL).code is Code.CRITICAL


def test_nothing_was_recorded() -> None:
    result = check(MemoryHistory())
    assert result.code is Code.UNKNOWN
    assert "nothing was recorded" in result.summary


def test_a_system_that_is_not_configured_does_not_count() -> None:
    history = kept(topics=("engine", "connections"))
    assert check(history, systems=frozenset({System.SUPEROFFICE})).code is Code.OK
    assert check(history, selection=Selection(system=System.SUPEROFFICE)).code is Code.OK
    assert check(history).code is Code.UNKNOWN


def test_an_empty_list_is_a_warning() -> None:
    history = MemoryHistory()
    history.add([Change(NOW - HOUR, ENGINE, Cause.KEYFRAME, UP)])
    history.add([Change(NOW - HOUR, CONNECTION, Cause.KEYFRAME, ACTIVE)])
    history.add(polls(NOW - HOUR, NOW, *TOPICS))
    assert check(history).code is Code.WARNING


def test_a_sync_by_name_that_is_not_recorded_is_unknown() -> None:
    assert check(kept(), selection=Selection(syncs=("Temu DE",))).code is Code.OK
    assert check(kept(), selection=Selection(kind="temu")).code is Code.OK
    assert check(kept(), selection=Selection(syncs=("Temu AT",))).code is Code.UNKNOWN


def without_ages(problems: Sequence[str]) -> list[str]:
    """A minute may begin between two looks."""
    return [re.sub(r"\d+m ago", "…", line.partition(" (since")[0]) for line in problems]


def test_over_files_without_a_request(erp: RunningSimulator) -> None:
    seldom = dict.fromkeys(("workers", "engine", "connections"), 600)
    write_config(erp, refresh=seldom, history=True)
    assert syncdeck("record", "--once").code == 0
    live = parsed(syncdeck("check", "--timeout", "20"))
    erp.clear_log()
    erp.stop()
    seen = parsed(syncdeck("check", "--from-history"))
    assert erp.log() == []
    assert (seen.code, seen.first) == (live.code, live.first)
    assert without_ages(seen.problems) == without_ages(live.problems)
    assert "or earlier)" in seen.problems[0]
    assert "or earlier)" in live.problems[0]


def test_an_expected_sync_that_is_recorded_no_longer_is_a_warning() -> None:
    history = kept()
    assert check(history, selection=Selection(expected=(TEMU.key, TEMU.name))).code is Code.OK
    history.add([Change(NOW - HOUR / 4, TEMU, Cause.POLL, GONE, OK)])
    result = check(history, selection=Selection(expected=(TEMU.key,)))
    assert result.code is Code.WARNING
    assert "1 expected sync missing" in result.summary


def test_a_renamed_sync_is_found_by_its_new_name_and_by_an_old_one() -> None:
    history = kept(FAILED)
    history.add([Named(NOW, replace(TEMU, name="Temu · Neu"))])
    for name in ("Neu", TEMU.name, TEMU.key):
        [problem] = check(history, selection=Selection(syncs=(name,))).problems
        assert problem.name == "Temu · Neu"
    assert check(history, selection=Selection(syncs=("Temu FR",))).code is Code.UNKNOWN
