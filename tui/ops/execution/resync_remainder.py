"""The keys that a resync did not send, kept in a private file.

Invariant: from before the first call, the file of a resync holds the keys that certainly were not
processed, and those in progress or in doubt as comments; it is removed when none is left.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path

from tui.domain.superoffice.key_header import NO_HEADER
from tui.domain.superoffice.resync_keys import as_lines
from tui.domain.text import counted
from tui.domain.writes import target_of
from tui.ops.execution.resync_report import ResyncAccount
from tui.ops.proposals.proposal import Proposal
from tui.ops.proposals.resync import count_of, keys_of
from tui.paths import create_private, private_dir, reason_of, replace_private, shown, state_dir

_DOUBTFUL = re.compile(r"(?=.*\bcall \d).*\b(?:unknown|sending)\b")
"""The account of one call whose effect is not known."""


def rest_text(account: Iterable[str], unsent: Iterable[Proposal]) -> str:
    """A key file: the account of all calls as comments, then the unsent keys, one a line: read as a key
    file, it gives exactly these."""
    comments = (f"# {line}" for line in account)
    return "\n".join((*comments, NO_HEADER, *(as_lines(keys_of(one)) for one in unsent), ""))


def _doubts_in(path: Path) -> Sequence[str]:
    """The calls that an earlier account in a key file calls unknown, or had just sent."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return ()
    comments = (line.removeprefix("# ") for line in lines if line.startswith("# "))
    return [line for line in comments if _DOUBTFUL.search(line)]


def save_rest(account: Iterable[str], unsent: Sequence[Proposal], now: datetime) -> Path:
    """Write the key file, 0600, and return its path; `unsent`: at least one call, all of one source.

    Raises OSError: it cannot be written.
    """
    text, folder = rest_text(account, unsent), state_dir() / "resync"
    # A file in place of the folder raises the same error as an existing name.
    private_dir(folder)
    stem = f"rest-{now:%Y%m%d-%H%M%S}-from-{target_of(unsent[0].write)}"
    for number in count(1):
        path = folder / f"{stem}{f'-{number}' if number > 1 else ''}.txt"
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
    raise AssertionError("file names are unlimited")


class RestFile:
    """The key file of one resync, over all its runs."""

    def __init__(self, now: datetime, path: Path | None = None) -> None:
        """`now`: the start of the resync; writes nothing yet. `path`: of the one whose rest it is."""
        self._now = now
        self._is_adopted = path is not None
        self.path = path
        """None: there is no file, because nothing was written or no key is left."""
        self.trouble = ""
        """Why the file does not hold the remaining keys."""
        self._doubts: Sequence[str] | None = None if self._is_adopted else ()
        """What an earlier resync left in doubt, as its file says; None: not read yet."""

    def keep(self, account: ResyncAccount) -> None:
        """Update the file from the account; an error is kept as `trouble`."""
        self.write(account.text.split("\n"), account.unsent, is_over=account.current.is_over)

    def write(self, lines: Iterable[str], unsent: Sequence[Proposal], *, is_over: bool) -> None:
        """Update the file from the account in `lines`; remove it when no key is left."""
        try:
            self._write(lines, unsent, is_over)
        except OSError as failure:
            self.trouble = reason_of(failure)
        else:
            self.trouble = ""

    def _write(self, lines: Iterable[str], unsent: Sequence[Proposal], is_over: bool) -> None:
        if is_over and not unsent:
            if self.path is not None:
                self.path.unlink(missing_ok=True)
                self.path = None
        elif self.path is not None:
            if self._doubts is None:
                self._doubts = _doubts_in(self.path)
            replace_private(self.path, rest_text((*self._doubts, *lines), unsent).encode())
        elif unsent:
            self.path = save_rest(lines, unsent, self._now)

    def withdraw(self) -> None:
        """Nothing was sent: remove it, unless an earlier resync left it."""
        if not self._is_adopted:
            self.write((), (), is_over=True)

    @property
    def refusal(self) -> str:
        """Why no call may be sent; empty if the remaining keys are in the file."""
        return (
            f"the file for the remaining keys cannot be written ({self.trouble})" if self.trouble else ""
        )

    def summary(self, unsent: Sequence[Proposal]) -> str:
        """`2,963 keys were not sent and are kept in ~/…`; empty if no key is left."""
        keys = count_of(unsent)
        if not keys:
            return ""
        said = f"{counted(keys, 'key')} were not sent"
        if self.trouble:
            return f"{said} and could not be written to a file: {self.trouble}"
        return said if self.path is None else f"{said} and are kept in {shown(self.path)}"
