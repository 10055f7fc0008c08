"""A copy: by OSC 52 and to a private file, and a notice of exactly what became of it."""

import asyncio
import os
from typing import TYPE_CHECKING

from tui.paths import shown, state_dir
from tui.ui.clipboard import (
    Kept,
    fits,
    is_in_tmux,
    kept_by_terminal,
    kept_by_tmux,
    told,
    write_copy,
)

if TYPE_CHECKING:
    from tui.ui.app import SyncdeckApp


def copy(app: "SyncdeckApp", text: str, what: str, then: str) -> None:
    """Copy `text`, which the notice calls `what`; `then` is what is to be done next, or empty."""
    has_file, file = _to_file(text) if app.keeps_reports else (False, "the demo writes no file")
    app.copy_to_clipboard(text)

    def tell(kept: Kept | None) -> None:
        said = told(what, text, kept, file, has_file=has_file)
        tone = "ok" if fits(text) and kept is None else "warning"
        app.tell(f"{said}. {then}" if then else said, tone)

    async def ask_tmux() -> None:
        tell(await asyncio.to_thread(kept_by_tmux))

    if is_in_tmux(os.environ):
        app.run_worker(ask_tmux(), group="copy", exclusive=True)
    else:
        tell(kept_by_terminal(os.environ))


def _to_file(text: str) -> tuple[bool, str]:
    """Whether it is in the file, and what became of that."""
    try:
        return True, f"written to {shown(write_copy(state_dir(), text))}"
    except OSError as failure:
        return False, f"no file could be written: {failure.strerror}"
