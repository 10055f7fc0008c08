"""The ErpSync engine as facts, and its observations as rows."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from tui.domain.health.rules import Level, assess_engine
from tui.domain.superoffice.engine import (
    EngineObservation,
    EngineStatus,
    last_change,
    requested,
    state_since,
)
from tui.domain.superoffice.tenant import Tenant
from tui.domain.text import one_line
from tui.domain.timestamps import age_text
from tui.frozen import frozen
from tui.ui.screens.engine.header import OPEN
from tui.ui.screens.signs import SIGNS
from tui.ui.widgets.fact_list import Fact, RemarkedText
from tui.ui.widgets.row_list import Row

if TYPE_CHECKING:
    from tui.ops.execution.engine_requests import EngineRequest
    from tui.store.snapshot import Snapshot

_LEVELS = {"running": Level.OK, "stopped": Level.WARNING, "unknown": Level.WARNING}
_LONGEST_TEXT = 160
"""Characters of an engine text on its screen."""
_ANY = 10**9
_AGE_FROM = 60.0
"""Seconds; a younger age would have to be redrawn every second."""


@frozen
class EngineView:
    """What this session observed of the engine and requested from it."""

    snapshot: "Snapshot[EngineStatus]"
    observations: Sequence[EngineObservation]
    """Oldest first; times here are by our own clock."""
    first_at: datetime | None
    """When the first response or failure came, also where it is no longer among the observations."""
    awaited: bool | None
    """The `IsRunning` that was requested and not observed yet; None: nothing is awaited."""
    now: datetime
    off_by: str = ""
    """Which maintenance stopped it, as `maintenance nightly, until 03:00`; empty: none."""


def facts(seen: EngineView, *, whole: bool = False) -> tuple[Fact, ...]:
    """What the engine reported last, and since when; unknown where it did not respond.

    `whole`: its message to the end, however long.
    """
    status, snapshot = seen.snapshot.data, seen.snapshot
    if status is None:
        state = "unknown" if seen.awaited is None else f"{OPEN} {requested(seen.awaited)}"
        return (("State", state), ("", "no response received yet"))
    interval, longest = status.interval, _ANY if whole else _LONGEST_TEXT
    written = f" ({interval.raw})" if interval.raw not in (None, interval.shown) else ""
    paced = RemarkedText(_text(interval.shown, longest) + written, interval.shown)
    at = snapshot.fetched_at
    answered = "never" if at is None else f"{at:%Y-%m-%d} {_clock(at, seen.now)}"
    return (
        ("State", _state(status, seen)),
        *_since(seen),
        ("Message", _text(status.message, longest)),
        ("Interval", paced),
        ("Response at" if snapshot.error is None else "Last response", answered),
    )


def recorded_facts(status: EngineStatus | None) -> tuple[Fact, ...]:
    """Of a past time: its state and interval, and its message where it had one."""
    if status is None:
        return (("State", "nothing recorded then"),)
    state = RemarkedText(f"{SIGNS[assess_engine(status).level][0]} {status.word}", status.word)
    interval = status.interval.shown if status.interval.raw else "not recorded"
    message = _text(status.message, _ANY) if status.message else "not recorded"
    return (("State", state), ("Message", message), ("Interval", interval))


def tenant_facts(tenant: Tenant | None) -> tuple[Fact, ...]:
    """The Online tenant: its name, state and host, and when these were read; on site there is none."""
    if tenant is None:
        return ()
    host = tenant.root.partition("://")[2].partition("/")[0]
    parts = (tenant.id, tenant.word, host, tenant.seen)
    return (("Tenant", one_line(" · ".join(part for part in parts if part))),)


def _text(text: str | None, longest: int) -> str:
    """The server's text, cut to leave room for the rest."""
    if not text:
        return "not reported" if text is None else "empty"
    if len(text) <= longest:
        return text
    brief = one_line(text[: longest - 1]).rstrip()
    return f"{brief}… ({len(text)} characters, enter shows all)"


def _state(status: EngineStatus, seen: EngineView) -> RemarkedText:
    now = status.word if seen.snapshot.error is None else f"unknown now, last known: {status.word}"
    if seen.awaited is not None:
        asked = requested(seen.awaited)
        return RemarkedText(f"{OPEN} {asked}; last response: {now}", asked)
    if seen.snapshot.error is not None:
        return RemarkedText(f"? unknown now; last known: {status.word}", "unknown")
    level = Level.OFF if seen.off_by else assess_engine(status).level
    remark = f", {seen.off_by}" if seen.off_by else ""
    return RemarkedText(f"{SIGNS[level][0]} {status.word}{remark}", status.word)


def _since(seen: EngineView) -> Iterator[Fact]:
    """Since when the state was observed; nothing is known of the time before the first response."""
    since, change = state_since(seen.observations), last_change(seen.observations)
    if since is None:
        return
    first = " or earlier" if since == seen.first_at else ""
    yield "Observed since", f"{_clock(since, seen.now)}{first}"
    last = f"{_clock(seen.observations[-1].at, seen.now)}: {change}" if change else "none observed"
    yield "Last change", last


def _clock(at: datetime, now: datetime) -> str:
    """The time, and its age from one minute on."""
    age = (now - at).total_seconds()
    return f"{at:%H:%M:%S} UTC{f', {age_text(age)} ago' if age >= _AGE_FROM else ''}"


def more_facts(status: EngineStatus) -> tuple[Fact, ...]:
    right = status.table_right
    return (
        (
            "TableRight",
            "not reported" if right is None else f"{right.mask or 'none'} {right.reason}".rstrip(),
        ),
        ("FieldProperties", "not reported" if status.field_properties is None else ""),
        *((f"  {name}", _property(value)) for name, value in (status.field_properties or {}).items()),
    )


def _property(value: object) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    return ", ".join(f"{key}: {item}" for key, item in value.items())


def observation_row(observation: EngineObservation) -> Row:
    """One observation, with its time by our clock."""
    sign, tone = SIGNS[_LEVELS.get(observation.word, Level.WARNING)]
    until = f"–{observation.until:%H:%M:%S}" if observation.until else ""
    seen = f"{observation.at:%H:%M:%S}{until}"
    key = observation.at.isoformat()
    return Row(key, sign, tone, (observation.word, seen, one_line(observation.message)))


def request_row(request: "EngineRequest") -> Row:
    more = " · enter: response" if request.answer else ""
    cells = (request.word, f"{request.at:%H:%M:%S}", f"you: {one_line(request.fate)}{more}")
    return Row(request.key, OPEN if request.is_open else "→", "running", cells)


def timeline(
    observations: Sequence[EngineObservation], requests: Sequence["EngineRequest"]
) -> tuple[Row, ...]:
    # A request of the same moment stands above the observation before it.
    rows = [(one.at, request_row(one)) for one in reversed(requests)]
    rows += [(one.at, observation_row(one)) for one in reversed(observations)]
    return tuple(row for _, row in sorted(rows, key=lambda pair: pair[0], reverse=True))
