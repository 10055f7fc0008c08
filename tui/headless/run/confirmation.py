"""The confirmation before `run` sends: `--yes`, or a word typed at a terminal.

Invariant: without a terminal and without `--yes` nothing is sent, and an irreversible operation needs
the profile's name, typed here or given as `--profile`. An answer that comes sooner than the question can
be read does not count.
"""

import termios
import time
from collections.abc import Callable
from typing import TextIO

from tui.domain.profile import ProfileFacts
from tui.ops.operations.operation import Danger

_ASKED = {
    Danger.REVERSIBLE: ("a", "type a and press enter to apply"),
    Danger.DISRUPTIVE: ("y", "type y and press enter to confirm"),
}
_READING_TIME = 0.4
"""Seconds after the question in which nobody can have read it: such an answer was pasted or typed
blindly."""
TOO_SOON = "that was too early to count: wait, then type it again"
DECLINED = "nothing was sent: it was not confirmed"


def yes_falls_short(grade: Danger, facts: ProfileFacts, named: str | None) -> str | None:
    """Why `--yes` alone is not enough, or None. `named`: the value of `--profile`."""
    if grade is not Danger.IRREVERSIBLE or named == facts.name:
        return None
    return (
        f"nothing was sent: this needs the profile's name, so --yes counts only together with"
        f" --profile {facts.name}"
    )


def needs_yes(grade: Danger, facts: ProfileFacts) -> str:
    """The message where nobody can be asked."""
    more = f" --profile {facts.name}" if grade is Danger.IRREVERSIBLE else ""
    return f"nothing was sent: without a terminal, --yes{more} is needed"


def asked(
    grade: Danger,
    facts: ProfileFacts,
    answers: TextIO,
    out: TextIO,
    monotonic: Callable[[], float] = time.monotonic,
) -> bool:
    """Ask, and return whether exactly the right word was typed after the question.

    The right word that comes too soon is asked for again.
    """
    word, question = _ASKED.get(
        grade, (facts.name, f"type {facts.name}, the profile's name, and press enter to confirm")
    )
    while True:
        # Lines typed ahead are dropped before each question.
        termios.tcflush(answers.fileno(), termios.TCIFLUSH)
        print(f"{question}; anything else sends nothing: ", end="", file=out, flush=True)
        asked_at = monotonic()
        typed = answers.readline()
        if not typed.endswith("\n"):
            print(file=out)
        if typed.rstrip("\r\n") != word:
            return False
        if monotonic() - asked_at >= _READING_TIME:
            return True
        print(TOO_SOON, file=out, flush=True)
