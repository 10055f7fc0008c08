"""Who may read the files of a history: its user alone, or a group as well.

Invariant: 0600 in 0700; with a group 0640 in 2750. Only the user writes.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tui.frozen import frozen
from tui.paths import private_dir


@frozen
class Access:
    place: Path
    """The folder of a profile."""
    group: str = ""
    """The group that may read; empty: nobody but the user."""

    @property
    def shared(self) -> bool:
        return bool(self.group)

    @property
    def mode(self) -> int:
        """Of a file."""
        return 0o640 if self.shared else 0o600

    def prepare(self) -> None:
        """Create the folder, and give it and its files the right permissions.

        Raises OSError: it cannot be used, or there is no such group.
        """
        private_dir(self.place)
        if os.geteuid() == 0 != self.place.stat().st_uid:
            # Files of root would lock out the user who records.
            raise PermissionError(errno.EPERM, "the folder belongs to another user", str(self.place))
        if self.shared:
            self._permit(self.place.parent, 0o2750)
        self._permit(self.place, 0o2750 if self.shared else 0o700)
        for path in self._files():
            self._permit(path, self.mode)

    def create(self, path: Path) -> None:
        """Create an empty file, unless there is one.

        SQLite gives the files beside a database the database's permissions.

        Raises OSError: it cannot be created.
        """
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
        with suppress(FileExistsError):
            os.close(os.open(path, flags, 0o600))
            self._permit(path, self.mode)

    def _files(self) -> Iterator[Path]:
        for path in self.place.iterdir():
            with suppress(FileNotFoundError):
                if stat.S_ISREG(path.lstat().st_mode):
                    yield path

    def _permit(self, path: Path, mode: int) -> None:
        try:
            known = path.stat()
        except FileNotFoundError:
            return
        if known.st_uid != os.geteuid():
            return
        group = _group_id(self.group) if self.shared else known.st_gid
        if known.st_gid != group:
            os.chown(path, -1, group)
        # A change of the group can take the setgid bit away.
        if known.st_gid != group or stat.S_IMODE(known.st_mode) != mode:
            path.chmod(mode)


def _group_id(name: str) -> int:
    import grp

    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        raise OSError(f"there is no group '{name}'") from None
