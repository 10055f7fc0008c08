"""Lends the terminal to a program: the screen is left, the program asks there, the screen returns.

Invariants: nothing of ours is drawn meanwhile, though responses are still awaited; ctrl+c ends the
program and not the console.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.ui.resilient_app import ResilientApp


@contextmanager
def terminal_given_away(app: "ResilientApp") -> Iterator[None]:
    """The terminal as it was before the console.

    An exception must not leave this block: the screen would not return. Raises SuspendNotSupported: the
    console does not run on a terminal of its own.
    """
    with app.batch_update(), _interrupts_for_the_program(), app.suspend():
        yield
    app.screen.refresh(layout=True)


@contextmanager
def _interrupts_for_the_program() -> Iterator[None]:
    """A program starts with the default handlers of these signals; ours are not inherited."""
    numbers = (signal.SIGINT, signal.SIGQUIT)
    before = [signal.signal(number, lambda _number, _frame: None) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
