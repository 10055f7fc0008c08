"""A maintenance as a test needs it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tui.domain.maintenance.records import Maintenance, MemberKind, NotedTarget, Step
from tui.domain.result import Result

ONE = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
DONE = Step(ONE, Result.APPLIED, "a1")


def target(name: str = "Temu DE", **parts: Any) -> NotedTarget:
    return NotedTarget(name.lower(), name, parts.pop("kind", MemberKind.SYNC), "ok", **parts)


def maintenance(*targets: NotedTarget, **parts: Any) -> Maintenance:
    """Opened at 01:00 until 03:00."""
    end = ONE + timedelta(hours=2)
    return Maintenance("nightly-1", "nightly", "sim", "upgrade", "ada", ONE, end, targets, **parts)
