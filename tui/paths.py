"""Paths of config, state, cache and styles, and the creation of private files.

`$SYNCDECK_CONFIG`, `$SYNCDECK_STATE_DIR` and `$SYNCDECK_CACHE_DIR` win over the platform's own places;
a `~` in them without a known home directory raises FileNotFoundError.
Invariant: created files are 0600 in 0700 directories.
"""

import errno
import os
import stat
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from tui.domain.text import clean

if TYPE_CHECKING:
    from platformdirs import PlatformDirs

_MOST_LOOKED_AT = 1_000
"""Maximum files to check for their permissions."""


def config_path() -> Path:
    """The config file, whether it exists or not."""
    return _named("SYNCDECK_CONFIG") or _platform().user_config_path / "config.toml"


def state_dir() -> Path:
    """The place of audit trail, observations and reports; not created here."""
    return _named("SYNCDECK_STATE_DIR") or _platform().user_state_path


def trail_path(profile: str) -> Path:
    """The audit trail of a profile, whether it exists or not."""
    return state_dir() / "audit" / f"{profile}.jsonl"


def cache_dir() -> Path:
    """The place of data that can be rebuilt; not created here."""
    return _named("SYNCDECK_CACHE_DIR") or _platform().user_cache_path


def _named(variable: str) -> Path | None:
    """The path that an environment variable names, if it is set.

    Raises FileNotFoundError: its `~` has no known home directory.
    """
    text = os.environ.get(variable)
    if not text:
        return None
    try:
        return Path(text).expanduser()
    except RuntimeError:
        why = f"the home directory for ~ in ${variable} is unknown"
        raise FileNotFoundError(errno.ENOENT, why, text) from None


def _platform() -> "PlatformDirs":
    from platformdirs import PlatformDirs

    return PlatformDirs("syncdeck", appauthor=False)


def styles_dir() -> Path:
    """The folder of every `*.tcss`: beside the package in a checkout, inside it in a wheel."""
    package = Path(__file__).parent
    installed = package / "styles"
    return installed if installed.is_dir() else package.parent / "styles"


def shown(path: Path) -> str:
    """The path for display: below the home directory with `~`, control characters made visible."""
    home = os.path.expanduser("~")  # noqa: PTH111 - Path.home() raises where there is no home
    text = str(path)
    return clean(f"~{text[len(home) :]}" if text.startswith(f"{home}{os.sep}") else text)


def private_dir(path: Path) -> Path:
    """Create `path` and its missing parents, 0700; existing ones do not change.

    Raises OSError: it cannot be made.
    """
    if not path.is_dir():
        private_dir(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)
    return path


def others_may_read(path: Path) -> bool:
    """Whether anybody but its owner may read it; False if that is unknown."""
    with suppress(OSError):
        return bool(path.stat().st_mode & 0o077)
    return False


def exposed(folder: Path) -> int:
    """How many files below a folder others may read; none if the folder itself is private."""
    if not others_may_read(folder):
        return 0
    found = (path for path in folder.rglob("*") if path.is_file())
    return sum(others_may_read(path) for path in islice(found, _MOST_LOOKED_AT))


def read_regular(path: Path) -> BinaryIO:
    """Open a file for reading; refuses anything but a regular file, and does not wait for a pipe.

    Raises OSError: it cannot be read.
    """
    # Without O_NONBLOCK, opening a pipe would wait.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        require_regular(handle, path)
    except OSError:
        os.close(handle)
        raise
    return os.fdopen(handle, "rb")


def read_object(path: Path, most: int) -> dict[str, object]:
    """The JSON object in the first `most` bytes of a file; empty if there is no file.

    Raises OSError, ValueError, TypeError, RecursionError: it cannot be used.
    """
    import json

    try:
        with read_regular(path) as file:
            known = json.loads(file.read(most))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    if not isinstance(known, dict):
        raise TypeError("not an object")
    return known


def require_regular(handle: int, path: Path) -> None:
    """Refuse the open `handle` unless it is a regular file. Raises OSError: it is not one."""
    mode = os.fstat(handle).st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is not a regular file", str(path))


def set_aside(path: Path) -> Path:
    """Rename a broken file to `….broken`, so that it can be created again and still be examined; to
    `….broken.2` and so on where a folder is in the way.

    Raises OSError: it could not be renamed.
    """
    aside, number = path.with_name(f"{path.name}.broken"), 1
    while aside.exists() and (aside.is_dir() or path.is_dir()):
        number += 1
        aside = path.with_name(f"{path.name}.broken.{number}")
    path.replace(aside)
    return aside


def create_private(path: Path, text: str) -> None:
    """Write a new file, 0600; creates its directory as private.

    Raises:
        FileExistsError: the file exists already; it does not change.
        OSError: it cannot be written.
    """
    private_dir(path.parent)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def replace_private(path: Path, content: bytes, mode: int = 0o600, *, durable: bool = True) -> None:
    """Replace a file atomically: a reader sees the old one or the new one.

    Returns once it is on the disk, unless it need not be `durable`.

    Raises OSError: it cannot be written; the old file is unchanged.
    """
    private_dir(path.parent)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    handle = os.open(beside, flags, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Have the disk keep which files it has."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def reason_of(failure: OSError) -> str:
    """Why a file could not be used, in the system's words."""
    return failure.strerror or str(failure)
