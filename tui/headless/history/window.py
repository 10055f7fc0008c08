"""What is known of a window, for commands: the exit code beside `tui.domain.history.window`."""

from tui.domain.history.window import Window, is_seen, read_window
from tui.headless.exit_codes import ATTENTION, HEALTHY

__all__ = ["NOT_RECORDED", "Window", "exit_code_of", "is_seen", "read_window"]
NOT_RECORDED = 3
"""Exit code: nothing was recorded then."""


def exit_code_of(window: Window) -> int:
    """0 healthy, 1 problems, 3 nothing was recorded; a problem that was seen wins."""
    if window.has_problems:
        return ATTENTION
    return NOT_RECORDED if window.unseen else HEALTHY
