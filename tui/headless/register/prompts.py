"""The dialogue of `register`: plain lines on a terminal, without drawing or colour."""

import sys
import termios
import textwrap
from typing import Protocol, TextIO

from tui.headless.output import screen_width

_WIDEST = 100
_NARROWEST = 20
"""Columns; narrower, or unknown, terminals wrap by themselves."""


class Abandoned(Exception):
    """The operator closed the input where an answer was required."""


class Dialogue(Protocol):
    """Questions and messages; `asks` is False if nobody can answer."""

    @property
    def asks(self) -> bool:
        """Whether questions can be asked."""

    def ask(self, question: str, *, afresh: bool = False) -> str:
        """Ask, and return the answer without surrounding white space; `afresh` ignores anything typed
        before the question.

        Raises Abandoned: the input ended.
        """

    def tell(self, text: str = "") -> None:
        """Write a paragraph."""

    def show(self, text: str) -> None:
        """Write lines without wrapping."""

    def complain(self, text: str) -> None:
        """Write what went wrong, or what prevents the next step."""


class Terminal:
    """Stdin and stdout, with line editing; errors go to stderr."""

    @property
    def asks(self) -> bool:
        """Whether both are a terminal."""
        return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))

    def ask(self, question: str, *, afresh: bool = False) -> str:
        import readline  # noqa: F401 - loading it gives `input` its line editing

        if afresh:
            termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
        try:
            return input(f"{question}: ").strip()
        except EOFError:
            print()
            raise Abandoned from None

    def tell(self, text: str = "") -> None:
        """Wrapped to the terminal, 100 columns at most."""
        print(_wrapped(text, sys.stdout), flush=True)

    def show(self, text: str) -> None:
        print(text, flush=True)

    def complain(self, text: str) -> None:
        print(_wrapped(f"syncdeck: {text}", sys.stderr), file=sys.stderr, flush=True)


def _wrapped(text: str, stream: TextIO) -> str:
    screen = screen_width(stream)
    if not screen or screen < _NARROWEST:
        return text
    indent = text[: len(text) - len(text.lstrip())]
    further = (
        indent + "   " if text.lstrip()[:2] in {f"{number}." for number in range(1, 10)} else indent
    )
    return textwrap.fill(
        text,
        min(screen, _WIDEST),
        subsequent_indent=further,
        break_long_words=False,
        break_on_hyphens=False,
    )
