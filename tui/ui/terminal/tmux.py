"""The options that tmux reports to a program inside it."""

import os
import subprocess
from collections.abc import Mapping

_PASSED_ON = ("PATH", "TMUX", "TMUX_PANE", "TMUX_TMPDIR", "HOME", "TERM", "LANG", "LC_ALL")
"""The part of our environment that tmux gets: no secret is in it."""
_SECONDS = 0.5
_FLAGS = {"set-clipboard": "-gv", "allow-passthrough": "-Apv"}
"""The options that decide about copies, and how to read the value that applies in our pane."""


def copy_options() -> Mapping[str, str] | None:
    """The options by name, without those that this tmux lacks; None: it does not respond.

    Blocks for as long as tmux takes, at most a second.
    """
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    found = {name: _option(name, flags, environment) for name, flags in _FLAGS.items()}
    return {name: value for name, value in found.items() if value is not None} or None


def _option(name: str, flags: str, environment: Mapping[str, str]) -> str | None:
    try:
        done = subprocess.run(
            ("tmux", "show-options", flags, name),
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            start_new_session=True,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode(errors="replace").strip() if done.returncode == 0 else None
