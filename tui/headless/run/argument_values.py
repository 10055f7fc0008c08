"""The settings of `run` from the command line, and the values read from standard input.

Invariant: no message holds a value: other users can read the command line, but not everybody reads logs.
"""

import getpass
import sys
from collections.abc import Iterator, Sequence

from tui.domain.redaction import looks_secret
from tui.ops.files.manifest_files import FileRefused
from tui.ops.text_commands.setting import Given
from tui.ops.text_commands.value_sources import LARGEST_VALUE, is_written_out


def pairs(settings: Sequence[str]) -> tuple[Given, list[str]]:
    """Every `KEY=VALUE` as a pair, and what is wrong with the others."""
    args: list[tuple[str, str]] = []
    wrong: list[str] = []
    for place, (name, sign, text) in enumerate((one.partition("=") for one in settings), 1):
        if name.strip() and sign:
            args.append((name.strip(), text))
        else:
            # Without `=`, the value cannot be distinguished from the name, so neither is printed.
            which = f"setting {place} of {len(settings)}" if len(settings) > 1 else "the setting"
            wrong.append(f"--set: {which} has no {'name' if sign else '='}: write --set KEY=VALUE")
    return args, wrong


def visible_secrets(args: Given, in_clear: Sequence[str]) -> Iterator[str]:
    """A warning for each secret whose value is on the command line.

    `in_clear`: options that turned out to be secrets, whatever their names.
    """
    written = [name for name, text in args if looks_secret(name) and is_written_out(text)]
    for name in {name.casefold(): name for name in (*in_clear, *written)}.values():
        yield (
            f"warning: the value of {name} is visible in the process list and the shell's history:"
            f' write --set "{name}=@FILE", or =- for standard input'
        )


def read_stdin(name: str, most: int) -> bytes:
    """Standard input, at most one byte more than `most`; at a terminal, asked without echo.

    Raises FileRefused: it cannot be read.
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
