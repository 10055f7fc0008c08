"""Who records a profile now."""

from pathlib import Path

from tui.domain.elapsed import utc_now
from tui.history.writing.access import Access
from tui.history.writing.lock import WriterLock


def holder_of(place: Path) -> str:
    """`pid 4711 on erp1, since 2026-11-29 01:14 UTC`; empty: nobody does."""
    lock = WriterLock(Access(place), utc_now)
    return lock.holder() if lock.is_held() else ""
