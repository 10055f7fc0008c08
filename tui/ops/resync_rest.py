"""The keys that a stopped resync did not send, kept in a private file for another day."""

from datetime import datetime
from pathlib import Path

from tui.ops.resync_account import ResyncAccount
from tui.paths import create_private, state_dir


def save_rest(account: ResyncAccount, now: datetime) -> Path:
    """Write the account as comments and the unsent keys, 0600; returns the path of the new file.

    Raises:
        OSError: it cannot be written.
    """
    path = state_dir() / "resync" / f"rest-{now:%Y%m%d-%H%M%S}.txt"
    create_private(path, account.rest_file)
    return path
