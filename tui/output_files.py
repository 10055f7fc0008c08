"""Writes files at paths that a user names. Standard library only.

Invariant: writes only to a regular file that is ours and has one name; follows no link, waits for no
pipe, and changes no mode. New files are 0600.
"""

import errno
import os
import stat
from pathlib import Path

from tui.paths import replace_private

_KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFDIR: "a directory",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY


def open_for_append(path: Path) -> int:
    """Open `path` for appending, and create it if missing; returns the descriptor.

    Raises OSError: nothing may or can be written there; its `strerror` says why.
    """
    # Before opening: opening a device may already have an effect.
    require_own(path)
    try:
        handle = os.open(path, _APPEND | os.O_CREAT, 0o600)
    except FileNotFoundError:
        raise _refusal(path, f"there is no directory {path.parent}", errno.ENOENT) from None
    try:
        _require_own(os.fstat(handle), path)
    except OSError:
        os.close(handle)
        raise
    return handle


def write_private(path: Path, text: str) -> None:
    """Write a whole file, 0600, replacing an existing one; it may reach the disk later.

    Raises OSError: it must not or cannot be replaced; the old file is unchanged.
    """
    require_own(path)
    replace_private(path, text.encode(), durable=False)


def require_own(path: Path) -> None:
    """Refuse an existing file, unless it is a regular file of ours with only that name.

    Raises OSError: it is something else, or cannot be examined.
    """
    try:
        facts = path.lstat()
    except FileNotFoundError:
        return
    _require_own(facts, path)


def _require_own(facts: os.stat_result, path: Path) -> None:
    if kind := _KINDS.get(stat.S_IFMT(facts.st_mode)):
        raise _refusal(path, f"it is {kind}: name a regular file")
    if facts.st_uid != os.geteuid():
        raise _refusal(path, "it belongs to another user: name a file of your own", errno.EPERM)
    if facts.st_nlink > 1:
        raise _refusal(path, "it has a second name (a hard link): name another file")


def _refusal(path: Path, why: str, number: int = errno.EINVAL) -> OSError:
    return OSError(number, why, str(path))
