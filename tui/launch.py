"""What the command line passes to the console: facts for the first frame, and how to get the rest.

Standard library only, so that nothing heavy is loaded before the first frame.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tui.domain.profile import ProfileFacts
from tui.frozen import frozen

if TYPE_CHECKING:
    from tui.core import Core
    from tui.startup.last_screen import LastStates


@frozen
class RunOptions:
    """Command-line options for a running profile."""

    read_only: bool = False
    """Forces read-only; it never lifts it."""
    slow: bool = False
    """The line to the terminal is slow: draw less, and poll less often."""
    no_mouse: bool = False
    log: Path | None = None
    """The file of the redacted wire log."""
    stock_driver: bool = False
    """Use Textual's own driver, which redraws everything, for terminals that ours does not suit."""


@frozen
class Launch:
    """The start parameters of the console."""

    facts: ProfileFacts | None
    """None: there is no config; the console shows the welcome screen."""
    make_core: Callable[[], "Core"] | None
    """Called after the first frame; raises `tui.config.file.ConfigError`."""
    demo_core: Callable[[], "Core"]
    """Starts the embedded simulator; the welcome screen offers it."""
    mouse: bool
    slow: bool
    config_path: Path
    config_note: str = ""
    """A line about the config for the welcome screen, or empty."""
    profiles: tuple[ProfileFacts, ...] = ()
    """All profiles of the config, in its order."""
    last_states: "LastStates | None" = None
    """Where the first screen's state is stored for the next start; None: nowhere."""
    core_of: Callable[[str], "Core"] | None = None
    """Builds the core of another profile, as `make_core` does for the first one."""
    stock_driver: bool = False
    """Whether to use Textual's own driver."""
    in_ascii: bool = False
    """Whether the terminal shows only ASCII."""
