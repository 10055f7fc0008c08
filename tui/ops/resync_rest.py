"""The keys that a resync did not send, kept in a private file for another day.

Invariant: from before its first call on, the file of a resync holds as keys what certainly was not
carried out, and what is on its way or in doubt as comments; it goes when nothing is left of it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path

from tui.domain.changes import target_of
from tui.domain.resync_keys import as_lines, counted
from tui.ops.proposal import Proposal
from tui.ops.resync_account import ResyncAccount
from tui.ops.resync_plan import keys_of
from tui.paths import create_private, replace_private, shown, state_dir


def rest_text(account: Iterable[str], unsent: Iterable[Proposal]) -> str:
    """A key file: the account of all calls as comments, then the keys of the unsent ones alone."""
    comments = (f"# {line}" for line in account)
    return "\n".join((*comments, *(as_lines(keys_of(one)) for one in unsent), ""))


def save_rest(account: Iterable[str], unsent: Sequence[Proposal], now: datetime) -> Path:
    """Write that file, 0600, and return its path; `unsent` are calls with one source, at least one.

    Raises:
        OSError: it cannot be written.
    """
    text = rest_text(account, unsent)
    for path in _names(unsent[0], now):
        try:
            create_private(path, text)
        except FileExistsError:
            continue
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
        self._path: Path | None = None
        self.trouble = ""
        """Why the file does not hold what is left."""

    def keep(self, account: ResyncAccount) -> None:
        """Bring the file in line with the account; what hinders that is kept as `trouble`."""
        try:
            self._keep(account)
        except OSError as failure:
            self.trouble = failure.strerror or str(failure)
        else:
            self.trouble = ""

    def _keep(self, account: ResyncAccount) -> None:
        lines, unsent = account.text.split("\n"), account.unsent
        if account.current.is_over and not unsent:
            if self._path is not None:
                self._path.unlink(missing_ok=True)
                self._path = None
        elif self._path is not None:
            replace_private(self._path, rest_text(lines, unsent).encode())
        elif unsent:
            self._path = save_rest(lines, unsent, self._now)

    def told(self, account: ResyncAccount) -> str:
        """`2,963 keys were not sent and are kept in ~/…`; empty: nothing is left."""
        keys = sum(len(keys_of(one)) for one in account.unsent)
        if not keys:
            return ""
        said = f"{counted(keys, 'key')} were not sent"
        if self.trouble:
            return f"{said} and could not be written to a file: {self.trouble}"
        return said if self._path is None else f"{said} and are kept in {shown(self._path)}"
