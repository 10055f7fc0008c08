"""A copy: by OSC 52 and to a private file, and a notice of exactly what happened to it."""

import asyncio
import os
from typing import TYPE_CHECKING

from tui.paths import shown, state_dir
from tui.ui.terminal.clipboard import (
    CopyObstacle,
    copy_message,
    fits,
    is_in_tmux,
    kept_by_terminal,
    kept_by_tmux,
    write_copy,
)

if TYPE_CHECKING:
    from tui.ui.host import AppHost


def copy(app: "AppHost", text: str, what: str, then: str) -> None:
    """Copy `text`, which the notice calls `what`; `then`: the next step for the operator, or empty."""
    has_file, file = _to_file(text) if app.keeps_reports else (False, "the demo does not write the file")
    app.copy_to_clipboard(text)

    def tell(kept: CopyObstacle | None) -> None:
        message = copy_message(what, text, kept, file, has_file=has_file)
        tone = "ok" if fits(text) and kept is None else "warning"
        app.tell(f"{message}. {then}" if then else message, tone)

    async def ask_tmux() -> None:
        tell(await asyncio.to_thread(kept_by_tmux))

    if is_in_tmux(os.environ):
        app.run_worker(ask_tmux(), group="copy", exclusive=True)
    else:
        tell(kept_by_terminal(os.environ))


def _to_file(text: str) -> tuple[bool, str]:
    """Whether it is in the file, and the sentence about that."""
    try:
        return True, f"written to {shown(write_copy(state_dir(), text))}"
    except OSError as failure:
        return False, f"the file could not be written: {failure.strerror}"
