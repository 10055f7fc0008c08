"""The settings of `run` as they stand on the command line, and what standard input gives for one.

Invariant: no message holds a value: other users can read the command line, but not everybody reads logs.
"""

import getpass
import sys
from collections.abc import Iterator, Sequence

from tui.domain.secrecy import looks_secret
from tui.ops.manifests import FileRefused
from tui.ops.settings import Given
from tui.ops.value_sources import LARGEST_VALUE, is_written_out


def pairs(settings: Sequence[str]) -> tuple[Given, list[str]]:
    """Every `KEY=VALUE` taken apart, and what is wrong with the others."""
    given: list[tuple[str, str]] = []
    wrong: list[str] = []
    for place, (name, sign, text) in enumerate((one.partition("=") for one in settings), 1):
        if name.strip() and sign:
            given.append((name.strip(), text))
        else:
            # Of a setting that cannot be taken apart, nothing tells the value from the name.
            which = f"setting {place} of {len(settings)}" if len(settings) > 1 else "the setting"
            wrong.append(f"--set: {which} has no {'name' if sign else '='}: write --set KEY=VALUE")
    return given, wrong


def visible_secrets(given: Given, in_clear: Sequence[str]) -> Iterator[str]:
    """A warning for each secret whose value stands on the command line; `in_clear` are options that were
    found to be secrets by now, whatever they were called there."""
    written = [name for name, text in given if looks_secret(name) and is_written_out(text)]
    for name in {name.casefold(): name for name in (*in_clear, *written)}.values():
        yield (
            f"warning: the value of {name} is visible in the process list and in the shell's history:"
            f' write --set "{name}=@FILE", or =- for standard input'
        )


def read_stdin(name: str, most: int) -> bytes:
    """What comes in by standard input, at most one byte more than `most`; a terminal is asked unseen.

    Raises:
        FileRefused: it cannot be read.
    """
    if sys.stdin is None or sys.stdin.closed:
        raise FileRefused("standard input is closed: write @FILE")
    if sys.stdin.isatty() and most > LARGEST_VALUE:
        raise FileRefused("standard input is a terminal: write @FILE")
    if sys.stdin.isatty():
        try:
            return getpass.getpass(f"{name}: ").encode()
        except EOFError:
            return b""
    try:
        return sys.stdin.buffer.read(most + 1)
    except OSError as failure:
        raise FileRefused(f"standard input cannot be read: {failure.strerror}") from None
