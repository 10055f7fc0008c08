"""The wire log of `--log FILE`: one line per request, without header values and bodies. 0600."""

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path


class WireLog:
    """Appends lines to one file; a full disk ends the log, not the console."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        with suppress(OSError):
            os.fchmod(self._file, 0o600)

    def write(
        self, *, at: float, method: str, url: str, outcome: str, took: float, size: int, request_id: str
    ) -> None:
        """Add one request: `at` in epoch seconds, `took` in seconds, `size` in bytes received."""
        moment = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
        line = f"{moment} {method} {url} {outcome} {took * 1000:.0f}ms {size}B {request_id or '-'}\n"
        with suppress(OSError):
            os.write(self._file, line.encode(errors="replace"))

    def close(self) -> None:
        """Close the file; later lines are dropped."""
        with suppress(OSError):
            os.close(self._file)
            self._file = -1
