"""Where things live: config, state, cache and styles, and how private files are made.

`$SYNCDECK_CONFIG`, `$SYNCDECK_STATE_DIR` and `$SYNCDECK_CACHE_DIR` win over the platform's own
places; where their `~` stands for no known home directory, that is a FileNotFoundError.
Invariant: what is made here is 0600 in 0700 directories.
"""

import errno
import os
import stat
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from tui.domain.text import clean

APP = "syncdeck"
_MOST_LOOKED_AT = 1_000
"""Files, when it is looked at who may read them."""


def config_path() -> Path:
    """The config file, whether it exists or not."""
    named = _named("SYNCDECK_CONFIG")
    if named is not None:
        return named
    from platformdirs import user_config_path

    return user_config_path(APP, appauthor=False) / "config.toml"


def state_dir() -> Path:
    """Where audit trail, observations and reports go; not created here."""
    named = _named("SYNCDECK_STATE_DIR")
    if named is not None:
        return named
    from platformdirs import user_state_path

    return user_state_path(APP, appauthor=False)


def trail_path(profile: str) -> Path:
    """The audit trail of a profile, whether it exists or not."""
    return state_dir() / "audit" / f"{profile}.jsonl"


def cache_dir() -> Path:
    """Where what can be found out again goes; not created here."""
    named = _named("SYNCDECK_CACHE_DIR")
    if named is not None:
        return named
    from platformdirs import user_cache_path

    return user_cache_path(APP, appauthor=False)


def _named(variable: str) -> Path | None:
    """The path that an environment variable names, if it names one.

    Raises:
        FileNotFoundError: its `~` stands for a home directory that is not known.
    """
    text = os.environ.get(variable)
    if not text:
        return None
    try:
        return Path(text).expanduser()
    except RuntimeError:
        why = f"the home directory that ~ stands for in ${variable} is not known"
        raise FileNotFoundError(errno.ENOENT, why, text) from None


def styles_dir() -> Path:
    """The folder of every `*.tcss`: beside the package in a checkout, inside it in a wheel."""
    package = Path(__file__).parent
    installed = package / "styles"
    return installed if installed.is_dir() else package.parent / "styles"


def shown(path: Path) -> str:
    """The path as a person reads it: below the home directory with `~`, its controls made visible."""
    home = os.path.expanduser("~")  # noqa: PTH111 - Path.home() raises where there is no home
    text = str(path)
    return clean(f"~{text[len(home) :]}" if text.startswith(f"{home}{os.sep}") else text)


def private_dir(path: Path) -> Path:
    """Make `path` and what is missing above it, 0700; what exists is left as it is.

    Raises:
        OSError: it cannot be made.
    """
    if not path.is_dir():
        private_dir(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)
    return path


def others_may_read(path: Path) -> bool:
    """Whether the mode lets anybody but its owner in; False where it cannot be told."""
    with suppress(OSError):
        return bool(path.stat().st_mode & 0o077)
    return False


def exposed(folder: Path) -> int:
    """How many files below a folder others may read; a private folder keeps all of them in."""
    if not others_may_read(folder):
        return 0
    found = (path for path in folder.rglob("*") if path.is_file())
    return sum(others_may_read(path) for path in islice(found, _MOST_LOOKED_AT))


def read_regular(path: Path) -> BinaryIO:
    """Open a file for reading; what is no regular file, such as a pipe, is refused and not waited for.

    Raises:
        OSError: it cannot be read.
    """
    # Without O_NONBLOCK a pipe would be waited for.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        require_regular(handle, path)
    except OSError:
        os.close(handle)
        raise
    return os.fdopen(handle, "rb")


def require_regular(handle: int, path: Path) -> None:
    """Refuse what is open as `handle` if it is no regular file.

    Raises:
        OSError: it is none.
    """
    mode = os.fstat(handle).st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is no regular file", str(path))


def set_aside(path: Path) -> Path:
    """Give what is broken another name, `….broken`, so that it can be made anew and still be looked at.

    Raises:
        OSError: it is still where it was.
    """
    aside = path.with_name(f"{path.name}.broken")
    path.replace(aside)
    return aside


def create_private(path: Path, text: str) -> None:
    """Write a new file, 0600, in a directory that is made private if it is made.

    Raises:
        FileExistsError: the file is there already; it is left alone.
        OSError: it cannot be written.
    """
    private_dir(path.parent)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def replace_private(path: Path, content: bytes, mode: int = 0o600, *, durable: bool = True) -> None:
    """Write a file whole, in place of the one that was there: it is the old one or the new one.

    Returns once it is on the disk, unless it need not be `durable`.

    Raises:
        OSError: it cannot be written; what was there is still there.
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
        _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
