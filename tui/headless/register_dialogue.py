"""The conversation of `register`: plain lines on a terminal, nothing drawn, nothing coloured."""

import sys
import textwrap
from typing import Protocol

from tui.headless.output import screen_width

_WIDEST = 100


class Abandoned(Exception):
    """The operator closed the input where an answer was needed."""


class Dialogue(Protocol):
    """Somebody to talk to; `asks` is False where nobody can answer."""

    @property
    def asks(self) -> bool:
        """Whether questions can be asked."""

    def ask(self, question: str) -> str:
        """Ask, and return what was typed, without white space around it.

        Raises:
            Abandoned: the input ended.
        """

    def tell(self, text: str = "") -> None:
        """Say a paragraph."""

    def show(self, text: str) -> None:
        """Say lines that must stay as they are."""

    def complain(self, text: str) -> None:
        """Say what went wrong, or what stands in the way."""


class Terminal:
    """Stdin and stdout, with line editing; complaints go to stderr."""

    @property
    def asks(self) -> bool:
        """Whether both are a terminal."""
        return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))

    def ask(self, question: str) -> str:
        """Ask with line editing."""
        import readline  # noqa: F401 - loading it gives `input` its line editing

        try:
            return input(f"{question}: ").strip()
        except EOFError:
            print()
            raise Abandoned from None

    def tell(self, text: str = "") -> None:
        """Wrapped to the terminal, 100 columns at most."""
        print(_wrapped(text), flush=True)

    def show(self, text: str) -> None:
        """As it is."""
        print(text, flush=True)

    def complain(self, text: str) -> None:
        """On stderr, as every command does."""
        print(f"syncdeck: {text}", file=sys.stderr, flush=True)


def _wrapped(text: str) -> str:
    screen = screen_width()
    if screen is None:
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
