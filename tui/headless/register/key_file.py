"""Stores the key of a registered app in a new file of its own, 0600.

Invariant: no file is overwritten, and a key that could not be stored is still in memory.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tui.headless.register.prompts import Abandoned, Dialogue
from tui.paths import private_dir, replace_private, shown

if TYPE_CHECKING:
    from pydantic import SecretStr

_SHOW = "show"


def key_file_fault(path: Path) -> str | None:
    """Why the key cannot be written to `path`, as far as a check without writing shows; or None."""
    if path.is_symlink() or path.exists():
        return f"{shown(path)} is there already and is not overwritten: name another file"
    return None


def make_ready(path: Path) -> None:
    """Create the folder, and check that a file can be written there, before a key needs it.

    Raises OSError: the key could not be stored there.
    """
    private_dir(path.parent)
    handle, probe = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
    os.close(handle)
    Path(probe).unlink()


def keep(path: Path, key: "SecretStr") -> None:
    """Write the key to a new file; returns once it is on the disk.

    Raises:
        FileExistsError: there is a file of that name; it is left alone.
        OSError: it cannot be written.
    """
    private_dir(path.parent)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    try:
        replace_private(path, f"{key.get_secret_value()}\n".encode())
    except OSError:
        path.unlink(missing_ok=True)
        raise


def keep_elsewhere(
    key: "SecretStr", why: OSError, wanted: Path, dialogue: Dialogue, spare: Path
) -> Path | None:
    """Store a key that could not be written to `wanted`; returns its file, or None: it is in no file.

    At a terminal the operator names the place; otherwise it tries `spare` and a new temporary folder.
    """
    dialogue.complain(f"the key could not be stored in {shown(wanted)}: {why.strerror or why}")
    for place in _asked(dialogue, key) if dialogue.asks else _unasked(spare, wanted.name):
        try:
            keep(place, key)
        except (OSError, ValueError) as error:
            reason = (
                error.strerror if isinstance(error, OSError) else None
            ) or "that is not a file name"
            dialogue.complain(f"nor in {shown(place)}: {reason}")
            continue
        return place
    return None


def _unasked(spare: Path, name: str) -> Iterator[Path]:
    yield spare
    with suppress(OSError):
        yield Path(tempfile.mkdtemp(prefix="syncdeck-")) / name


def _asked(dialogue: Dialogue, key: "SecretStr") -> Iterator[Path]:
    """The files that the operator names, until one takes the key, or it was shown instead."""
    dialogue.tell("JTL-Wawi does not report the key again: store it now, or register the app again.")
    while True:
        try:
            answer = dialogue.ask(f"Another file for it (or {_SHOW}, to see it here instead)")
        except (Abandoned, KeyboardInterrupt):
            return
        if answer == _SHOW:
            dialogue.show(key.get_secret_value())
            return
        if answer:
            with suppress(RuntimeError):
                yield Path(answer).expanduser().absolute()
