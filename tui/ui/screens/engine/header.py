"""The engine in the header of every screen."""

from typing import TYPE_CHECKING

from tui.store.freshness import FreshnessKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.domain.health.rules import Verdict
    from tui.domain.superoffice.engine import EngineStatus
    from tui.store.freshness import Freshness

OPEN = "…"
"""The sign of what is still awaited."""


def engine_header(
    status: object,
    chip: "Freshness",
    awaited: bool | None = None,
    excused: "Callable[[Verdict, str, EngineStatus], Verdict]" = lambda verdict, *_: verdict,
) -> tuple[str, str]:
    """Text and tone for the header; the age is shown as soon as the data is not live.

    `awaited`: the `IsRunning` that was requested and not observed yet; None: nothing is awaited.
    `excused`: the verdict in view of what is in maintenance.
    """
    if chip.kind is FreshnessKind.ABSENT:
        return "", "plain"
    if status is None and awaited is None:
        return "engine unknown", "stale"
    from tui.domain.health.rules import assess_engine
    from tui.domain.superoffice.engine import EngineStatus, requested
    from tui.domain.text import one_line
    from tui.ui.screens.signs import SIGNS

    if awaited is not None:
        return f"engine {OPEN} {requested(awaited)}", "running" if chip.trusted else "stale"
    if not isinstance(status, EngineStatus):
        return "engine unknown", "stale"
    verdict = excused(assess_engine(status), "engine", status)
    every = "" if status.interval.raw is None else f" every {one_line(status.interval.shown)}"
    if not chip.trusted:
        return f"engine ? was {verdict.word}", "stale"
    sign, tone = SIGNS[verdict.level]
    return f"engine {sign} {verdict.word}{every}", tone
