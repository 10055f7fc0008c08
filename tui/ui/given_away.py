"""The terminal in other hands for a while: the screen goes, a program asks there, the screen comes back.

Invariants: nothing of ours is drawn meanwhile, though answers are still awaited; ctrl+c ends the
program and not the console.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

if TYPE_CHECKING:
    from tui.ui.sturdy import SturdyApp

__all__ = ["SuspendNotSupported", "terminal_given_away"]


@contextmanager
def terminal_given_away(app: "SturdyApp") -> Iterator[None]:
    """The terminal as it was before the console. What fails in here must not leave it as an exception:
    the screen would not come back.

    Raises:
        SuspendNotSupported: the console does not run on a terminal of its own.
    """
    with app.batch_update(), _interrupts_for_the_program(), app.suspend():
        yield
    app.screen.refresh(layout=True)


@contextmanager
def _interrupts_for_the_program() -> Iterator[None]:
    """A program starts with the usual meaning of these signals; a handler is not handed on."""
    numbers = (signal.SIGINT, signal.SIGQUIT)
    before = [signal.signal(number, lambda _number, _frame: None) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
