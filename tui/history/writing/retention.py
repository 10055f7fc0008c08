"""Which days are given up: those that are too old, and the oldest where there are too many."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

_OF_A_DAY = re.compile(r"(\d{4}-\d\d-\d\d)\.db(?:$|[.-])")
_MB = 1_000_000


def day_files(place: Path) -> Mapping[str, Sequence[Path]]:
    """By day, oldest first: its file, those that SQLite has beside it, and a damaged one set aside."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(place.iterdir()):
        if matched := _OF_A_DAY.match(path.name):
            found[matched[1]].append(path)
    return dict(sorted(found.items()))


def prune(place: Path, now: datetime, keep: float, max_mb: float) -> Sequence[str]:
    """Delete what is older than `keep` seconds, then the oldest days until all files of the folder
    have less than `max_mb`; never today's, nor what our clock takes for later. Returns the days.

    Raises OSError: a file could not be deleted.
    """
    today = now.astimezone(UTC).date()
    size = sum(_size(path) for path in place.iterdir())
    gone = []
    for day, paths in day_files(place).items():
        ends = _date(day) + timedelta(days=1)
        is_old = datetime(ends.year, ends.month, ends.day, tzinfo=UTC) <= now - timedelta(seconds=keep)
        if ends > today or not (is_old or size > max_mb * _MB):
            continue
        size -= sum(_size(path) for path in paths)
        # The file itself goes last: while it is there, what is beside it belongs to it.
        for path in sorted(paths, key=lambda path: path.name, reverse=True):
            if path.is_dir() and not path.is_symlink():
                # It stood in the place of a file; what somebody keeps in it is not ours.
                with suppress(OSError):
                    path.rmdir()
                continue
            path.unlink(missing_ok=True)
        gone.append(day)
    return gone


def _date(day: str) -> date:
    with suppress(ValueError):
        return date.fromisoformat(day)
    return date.max - timedelta(days=1)


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.lstat().st_size
    return 0
