"""How much is kept, since when and how completely, for `history size`, `record --status`, `doctor`."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tui.domain.history.clock_text import long_age
from tui.domain.history.reader import HistoryReader
from tui.domain.history.records import Extent
from tui.domain.history.window import read_window
from tui.domain.text import counted
from tui.headless.exit_codes import ATTENTION, HEALTHY
from tui.headless.history.recorded import Recorded
from tui.headless.output import line

_DAY = timedelta(days=1)
_NOTHING = "nothing was recorded yet"


def kept(reader: HistoryReader, now: datetime) -> tuple[Extent, float]:
    """What is kept, and how much of the last day (or of all, if shorter) was seen, 0 to 1. Blocking."""
    extent = reader.extent()
    if extent.since is None:
        return extent, 0.0
    return extent, read_window(reader, max(extent.since, now - _DAY), now).complete


def kept_text(extent: Extent, complete: float, now: datetime) -> str:
    """`12d 3h (14 days, 22.0 MB), since 2026-11-17 22:04 UTC; 98 % of the last 24 h seen`."""
    if extent.since is None:
        return _NOTHING
    age = long_age((now - extent.since).total_seconds())
    size = f", {size_text(extent.size)}" if extent.size else ""
    part = "the last 24 h" if now - extent.since > _DAY else "it"
    return (
        f"{age} ({counted(extent.days, 'day')}{size}), since {extent.since:%Y-%m-%d %H:%M} UTC;"
        f" {int(complete * 100)} % of {part} seen"
    )


def size_text(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1e3:.0f} kB"


def recorded_by(holder: str) -> str:
    return f"recorded by {line(holder)}" if holder else "nobody records now"


def show_recording(profiles: Sequence[Recorded], now: datetime) -> int:
    """Print who records each profile and how completely, two lines each; 1 where nobody records one."""
    code = HEALTHY
    for profile in profiles:
        holder = profile.holder()
        code = code if holder else ATTENTION
        print(f"{profile.profile}: {recorded_by(holder)}")
        print(f"  {kept_text(*kept(profile.reader, now), now)}", flush=True)
    return code
