"""Copying: OSC 52 for the terminal, and always a private file beside it, because a terminal may
take the sequence and say nothing."""

import os
from pathlib import Path


def write_copy(directory: Path, text: str) -> Path:
    """Write `text` to the copy file, 0600, replacing the last one; returns its path.

    Raises:
        OSError: it cannot be written.
    """
    from tui.paths import private_dir

    path = private_dir(directory) / "copied.txt"
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)
    return path
