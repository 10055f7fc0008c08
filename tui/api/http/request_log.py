"""The wire log of `--log FILE`: one line per request, without header values and bodies.

A new file is 0600; the mode of an existing one does not change.
"""

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from tui.output_files import open_for_append
from tui.paths import others_may_read, shown


class WireLog:
    """Appends lines to one file; a full disk ends the log, not the console."""

    def __init__(self, path: Path) -> None:
        """Raises OSError: nothing may or can be written to `path`."""
        self._file = open_for_append(path)
        exposed = f"log {shown(path)} can be read by others: chmod 600 it"
        self.warnings: tuple[str, ...] = (exposed,) if others_may_read(path) else ()

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
