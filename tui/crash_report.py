"""A crash report: the place and type of the error. No message, no locals, no source line: any of them
could contain a secret."""

import platform
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tui import __version__


def write(error: BaseException, folder: Path) -> Path:
    """Write the report, 0600, and return where it is. Raises OSError: it cannot be written."""
    from tui.paths import create_private

    path = folder / f"bug-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.txt"
    create_private(path, "\n".join(_lines(error)) + "\n")
    return path


def _lines(error: BaseException) -> Iterator[str]:
    yield f"syncdeck {__version__}, Python {platform.python_version()}, {sys.platform}"
    cause: BaseException | None = error
    while cause is not None:
        yield f"{type(cause).__module__}.{type(cause).__qualname__}"
        for frame in traceback.extract_tb(cause.__traceback__):
            yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
