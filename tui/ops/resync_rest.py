"""The keys that a stopped resync did not send, kept in a private file for another day."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from tui.domain.changes import target_of
from tui.domain.resync_keys import as_lines
from tui.ops.proposal import Proposal
from tui.ops.resync_plan import keys_of
from tui.paths import create_private, state_dir


def rest_text(account: Iterable[str], unsent: Iterable[Proposal]) -> str:
    """A key file: the account of all calls as comments, then the keys of the unsent ones alone."""
    comments = (f"# {line}" for line in account)
    return "\n".join((*comments, *(as_lines(keys_of(one)) for one in unsent), ""))


def save_rest(account: Iterable[str], unsent: Sequence[Proposal], now: datetime) -> Path:
    """Write that file, 0600, and return its path; `unsent` are calls with one source, at least one.

    Raises:
        OSError: it cannot be written.
    """
    name = f"rest-{now:%Y%m%d-%H%M%S}-from-{target_of(unsent[0].write)}.txt"
    path = state_dir() / "resync" / name
    create_private(path, rest_text(account, unsent))
    return path
