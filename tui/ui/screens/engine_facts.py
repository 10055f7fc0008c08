"""The ErpSync engine as facts, as a header text, and its observations as rows."""

from collections.abc import Mapping

from tui.domain.engine import EngineObservation, EngineStatus
from tui.domain.health import Level, assess_engine
from tui.domain.text import one_line
from tui.store.freshness import Freshness, FreshnessKind
from tui.store.snapshot import Snapshot
from tui.ui.screens.listed import SIGNS
from tui.ui.widgets.facts import Fact, Remarked
from tui.ui.widgets.row_list import Row

_LEVELS = {"running": Level.OK, "stopped": Level.WARNING, "unknown": Level.WARNING}


def header(status: EngineStatus | None, chip: Freshness) -> tuple[str, str]:
    """Text and tone for the header; the age is told as soon as the answer is not live."""
    if chip.kind is FreshnessKind.ABSENT:
        return "", "plain"
    if status is None:
        return "engine unknown", "stale"
    verdict = assess_engine(status)
    every = "" if status.interval.raw is None else f" every {one_line(status.interval.shown)}"
    text = f"engine {SIGNS[verdict.level][0]} {verdict.word}{every}"
    if not chip.trusted:
        return f"engine ? was {verdict.word}", "stale"
    return text, SIGNS[verdict.level][1]


def facts(snapshot: Snapshot[EngineStatus]) -> tuple[Fact, ...]:
    """What the engine last said; unknown where it did not."""
    status = snapshot.data
    if status is None:
        return (("State", "unknown"), ("", "no answer has been received"))
    answered = "never" if snapshot.fetched_at is None else f"{snapshot.fetched_at:%Y-%m-%d %H:%M:%S} UTC"
    state = Remarked(f"{SIGNS[assess_engine(status).level][0]} {status.word}", status.word)
    if snapshot.error is not None:
        state = Remarked(f"? unknown now; last known: {status.word}", "unknown")
    interval = status.interval
    written = f" ({interval.raw})" if interval.raw not in (None, interval.shown) else ""
    return (
        ("State", state),
        ("Message", "not reported" if status.message is None else status.message or "empty"),
        ("Interval", Remarked(interval.shown + written, interval.shown)),
        ("Answered at" if snapshot.error is None else "Last answer at", answered),
    )


def more_facts(status: EngineStatus) -> tuple[Fact, ...]:
    """Rights and field properties, for the details."""
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
