"""What the command line hands to the console: facts for the first frame, and how to get the rest.

Standard library only, so that nothing heavy is loaded before the first frame.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tui.domain.systems import ProfileFacts

if TYPE_CHECKING:
    from tui.last_state import LastStates
    from tui.wiring import Core


@dataclass(frozen=True, slots=True)
class RunOptions:
    """The options of the command line that concern a running profile."""

    read_only: bool = False
    """Forces read-only; it never lifts it."""
    slow: bool = False
    """The line to the terminal is slow: less is drawn, and asked less often."""
    no_mouse: bool = False
    log: Path | None = None
    """Where the redacted wire log goes."""
    stock_driver: bool = False
    """Textual's own driver sends everything anew, for terminals that ours does not suit."""


@dataclass(frozen=True, slots=True)
class Launch:
    """How the console starts."""

    facts: ProfileFacts | None
    """None: there is no config, the welcome screen is shown."""
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
    """All that the config defines, in its order."""
    last_states: "LastStates | None" = None
    """Where the first screen's state is kept for the next start; None: nowhere."""
    core_of: Callable[[str], "Core"] | None = None
    """Builds the core of another of these profiles, as `make_core` does for the first one."""
    stock_driver: bool = False
    """Whether Textual's own driver draws."""
    in_ascii: bool = False
    """Whether the terminal shows no other characters."""
