"""Rules on times: what is overdue and why (jtl PROTOCOL §1.4), and times that cannot be right (§6)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from math import isinf

from tui.domain.check import MOST_OFFSET
from tui.domain.health.rules import assess
from tui.domain.health.server_times import ahead_of, ahead_text, hours_behind, is_zoneless
from tui.domain.intervals import short
from tui.domain.jtl.workers import SyncState, Worker
from tui.domain.text import counted
from tui.domain.why.explanation import Evidence, Step
from tui.domain.why.facts import Facts
from tui.domain.why.rule import Found, Rule, beside, by_hand, clock, likely, row_says, some_of, state

_OVERDUE = "overdue"
_ITS_TURN = "it runs, and its status time is new"
_WAITING = (SyncState.FINISHED, SyncState.FAILED)
"""Between two runs."""


def _is_overdue(facts: Facts) -> bool:
    """Also of a sync whose last run failed: then it is not repeated."""
    return facts.worker is not None and _is_late(facts.worker, facts)


def _others(facts: Facts) -> Iterator[Worker]:
    return (one for one in facts.syncs if one.id != facts.subject.key)


def _is_late(worker: Worker, facts: Facts) -> bool:
    """As `health` judges a sync whose last run succeeded."""
    status = worker.status
    if status is None or worker.state not in _WAITING:
        return False
    rested = replace(worker, status=replace(status, state=SyncState.FINISHED))
    return assess(rested, facts.server_now, clock=facts.clock).word == _OVERDUE


def _overdue(facts: Facts) -> Found | None:
    if facts.verdict.word != _OVERDUE:
        return None
    return Found(facts.verdict.reason, row_says(facts, facts.verdict.reason))


def _worker_down(facts: Facts) -> Found | None:
    if not _is_overdue(facts):
        return None
    waiting = [one for one in _others(facts) if one.state in _WAITING]
    late = [one for one in waiting if _is_late(one, facts)]
    runs = any(one.state is SyncState.RUNNING for one in facts.syncs)
    if runs or len(late) < 1 or 2 * len(late) < len(waiting):
        return None
    text = f"{len(late) + 1} of {counted(len(waiting) + 1, 'waiting sync')} are overdue, none runs"
    return Found("the JTL-Worker does not run, or hangs", row_says(facts, text))


def _queue(facts: Facts) -> Found | None:
    running = [one for one in _others(facts) if one.state is SyncState.RUNNING]
    if not _is_overdue(facts) or not running:
        return None
    names = some_of([one.name for one in running])
    verb = "runs" if len(running) == 1 else "run"
    return Found("it waits in the queue of the JTL-Worker", row_says(facts, f"{names} {verb} now"))


def _shortened(facts: Facts) -> Found | None:
    change, status = facts.past.paced, facts.status
    if not _is_overdue(facts) or status is None or change is None:
        return None
    before = change.before.interval_s if change.before is not None else None
    after = change.after.interval_s
    status_at = status.status_at.at
    if before is None or after is None or after >= before or status_at is None:
        return None
    if facts.server_now > status_at + timedelta(seconds=before + after):
        return None
    text = f"interval {short(before)} → {short(after)}"
    return Found(
        f"its interval was shortened at {clock(change.at, facts)}, which applies from the next run on",
        (Evidence(change.at, text),),
    )


def _clock_off(facts: Facts) -> Found | None:
    offset = facts.clock_offset
    if not _is_overdue(facts) or offset is None or abs(offset) <= MOST_OFFSET:
        return None
    side = "ahead of" if offset > 0 else "behind"
    text = f"the server's clock is {abs(offset):.0f} s {side} ours"
    return Found(f"{text}: ages may be wrong", (Evidence(facts.read_at, text),))


def _times_behind(facts: Facts) -> Found | None:
    hours = hours_behind(facts.syncs, facts.server_now) if _is_overdue(facts) else 0
    if not hours:
        return None
    text = f"the times of all frequent syncs are about {hours}h behind"
    return Found("the server writes its times in another time zone", row_says(facts, text))


def _time_ahead(facts: Facts) -> Found | None:
    ahead = ahead_of(facts.status.status_at, facts.server_now) if facts.status else None
    if ahead is None:
        return None
    text = ahead_text(ahead, facts.clock)
    if isinf(ahead):
        return Found("its status time cannot be right: it is in the year 9999", row_says(facts, text))
    return Found(
        "its status time is in the future: the server writes local time as UTC, or a clock is wrong",
        row_says(facts, text),
    )


def _no_zone(facts: Facts) -> Found | None:
    status = facts.status
    if status is None or not is_zoneless(status.status_at):
        return None
    text = f"status time: {status.status_at.text[:40]}"
    return Found("its status time has no time zone: overdue is not judged", row_says(facts, text))


def _no_time(facts: Facts) -> Found | None:
    if facts.verdict.word != "no time":
        return None
    text = "neither the time of its status nor that of its next run"
    return Found("its status has no time: overdue is not judged", row_says(facts, text))


RULES: tuple[Rule, ...] = (
    state(
        "overdue",
        _overdue,
        Step("refresh", "Refresh; a run may have ended just now"),
        Step("worker.restart", "Restart the sync if it stays overdue"),
        worked=_ITS_TURN,
    ),
    likely(
        "overdue-worker-down",
        _worker_down,
        by_hand("Check the service JTL-Worker on its server; start or restart it"),
        worked="syncs change to running",
    ),
    likely(
        "overdue-zone",
        _times_behind,
        by_hand("Compare the time zone of the JTL-Worker's server with that of the API server"),
        worked="the ages of all syncs are within their intervals",
    ),
    likely(
        "overdue-shortened",
        _shortened,
        by_hand("Wait for the pause that had begun, or restart the sync"),
        Step("worker.restart", "Restart the sync to run it now"),
        worked=_ITS_TURN,
    ),
    likely("overdue-queue", _queue, by_hand("Wait for the runs before it to end"), worked=_ITS_TURN),
    likely(
        "overdue-clock",
        _clock_off,
        by_hand("Compare both clocks with a third one; `syncdeck doctor` shows the difference"),
        worked="`syncdeck doctor` reports the clock as ok",
    ),
    beside(
        "time-ahead",
        _time_ahead,
        by_hand("Check the time zone and the clock of the JTL-Worker's server"),
        worked="the status time is in the past",
    ),
    beside(
        "no-zone",
        _no_zone,
        by_hand("Check in JTL-Wawi when it ran; the API gives no offset with its times"),
        worked="times have an offset; `syncdeck doctor` reports no time without one",
    ),
    state(
        "no-time",
        _no_time,
        Step("refresh", "Refresh; a new sync has a time only after its first run"),
        by_hand("Check in JTL-Wawi when it ran last: the API does not say it"),
        worked="its status has a time",
    ),
)
