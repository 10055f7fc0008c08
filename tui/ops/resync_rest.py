"""The keys that a resync did not send, kept in a private file for another day.

Invariant: from before its first call on, the file of a resync holds as keys what certainly was not
carried out, and what is on its way or in doubt as comments; it goes when nothing is left of it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path

from tui.domain.changes import target_of
from tui.domain.key_header import NO_HEADER
from tui.domain.resync_keys import as_lines, counted
from tui.ops.proposal import Proposal
from tui.ops.resync_account import ResyncAccount
from tui.ops.resync_plan import keys_of
from tui.paths import create_private, private_dir, replace_private, shown, state_dir


def rest_text(account: Iterable[str], unsent: Iterable[Proposal]) -> str:
    """A key file: the account of all calls as comments, then the keys of the unsent ones alone, one a
    line: read as a file, it gives exactly these."""
    comments = (f"# {line}" for line in account)
    return "\n".join((*comments, NO_HEADER, *(as_lines(keys_of(one)) for one in unsent), ""))


def save_rest(account: Iterable[str], unsent: Sequence[Proposal], now: datetime) -> Path:
    """Write that file, 0600, and return its path; `unsent` are calls with one source, at least one.

    Raises:
        OSError: it cannot be written.
    """
    text = rest_text(account, unsent)
    # A file in the folder's place raises the same as a name that is taken.
    private_dir(state_dir() / "resync")
    for path in _names(unsent[0], now):
        try:
            create_private(path, "")
        except FileExistsError:
            continue
        try:
            replace_private(path, text.encode())
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return path
    raise AssertionError("there is always another name")


def _names(first: Proposal, now: datetime) -> Iterator[Path]:
    """Names for a file, the next one for where one is taken."""
    stem = f"rest-{now:%Y%m%d-%H%M%S}-from-{target_of(first.write)}"
    for number in count(1):
        again = f"-{number}" if number > 1 else ""
        yield state_dir() / "resync" / f"{stem}{again}.txt"


class RestFile:
    """The file of one resync, over all the runs that it takes."""

    def __init__(self, now: datetime) -> None:
        """`now`: when it was begun; nothing is written yet."""
        self._now = now
        self.path: Path | None = None
        """None: there is no file, because nothing was written or nothing is left."""
        self.trouble = ""
        """Why the file does not hold what is left."""

    def keep(self, account: ResyncAccount) -> None:
        """Bring the file in line with the account; what hinders that is kept as `trouble`."""
        self.write(account.text.split("\n"), account.unsent, is_over=account.current.is_over)

    def write(self, lines: Iterable[str], unsent: Sequence[Proposal], *, is_over: bool) -> None:
        """Bring the file in line with an account in `lines`; once nothing is left, remove it."""
        try:
            self._write(lines, unsent, is_over)
        except OSError as failure:
            self.trouble = failure.strerror or str(failure)
        else:
            self.trouble = ""

    def _write(self, lines: Iterable[str], unsent: Sequence[Proposal], is_over: bool) -> None:
        if is_over and not unsent:
            if self.path is not None:
                self.path.unlink(missing_ok=True)
                self.path = None
        elif self.path is not None:
            replace_private(self.path, rest_text(lines, unsent).encode())
        elif unsent:
            self.path = save_rest(lines, unsent, self._now)

    @property
    def refusal(self) -> str:
        """Why no call may go out; empty: what is left is in the file."""
        return (
            f"the file for the keys that are left cannot be written ({self.trouble})"
            if self.trouble
            else ""
        )

    def told(self, account: ResyncAccount) -> str:
        """`2,963 keys were not sent and are kept in ~/…`; empty: nothing is left."""
        return self.told_of(account.unsent)

    def told_of(self, unsent: Sequence[Proposal]) -> str:
        """The same of these calls."""
        keys = sum(len(keys_of(one)) for one in unsent)
        if not keys:
            return ""
        said = f"{counted(keys, 'key')} were not sent"
        if self.trouble:
            return f"{said} and could not be written to a file: {self.trouble}"
        return said if self.path is None else f"{said} and are kept in {shown(self.path)}"
