"""Values from other sources: `@FILE` from a file, `-` from standard input.

Used for options, keys and files. Invariant: no message shows a value or the text after `@`, because it
may be a secret that begins with `@`.
"""

import os
import select
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tui.domain.superoffice.key_lines import NotOneKey, checked
from tui.ops.files.manifest_files import FileRefused

AT, STDIN = "@", "-"
LARGEST_VALUE = 64 * 1024
"""Maximum bytes of one value."""
LONGEST_WAIT = 10.0
"""Timeout in seconds for a pipe to be written and closed."""
_CHUNK = 65_536


@dataclass(slots=True)
class ValueSources:
    """The sources of values in one run; standard input is read once, for one setting."""

    read_stdin: Callable[[str, int], bytes] | None = None
    """Called with setting name and maximum of bytes; returns at most one byte more. None: no input."""
    pipes: bool = False
    """Whether reading a pipe may block."""
    in_clear: list[str] = field(default_factory=list)
    """Names of secrets whose value was written in the setting itself."""
    _taken: tuple[str, bytes] | None = None
    """The setting that standard input was read for, and the content."""

    def option(self, name: str, text: str, *, secret: bool) -> tuple[str, bool]:
        """The value of an option, and whether it was read from a source: then it is sent unchanged.

        `-` alone is standard input for a secret only: any other option may have that value.

        Raises FileRefused: it is unreadable, empty or too large, or contains a control character.
        """
        if text.startswith(AT * 2):
            text = text[1:]
        elif text.startswith(AT):
            return _value(self._file(text[1:])), True
        elif text == STDIN and secret:
            return _value(self.stdin(name, LARGEST_VALUE)), True
        if secret and name not in self.in_clear:
            self.in_clear.append(name)
        return text, False

    def stdin(self, name: str, most: int) -> bytes:
        """The content of standard input; repeated for the same setting of another target.

        Raises FileRefused: there is none, it is too large, or another setting has read it.
        """
        if self._taken is None:
            if self.read_stdin is None:
                raise FileRefused("- reads standard input, which only `syncdeck run` has: write @FILE")
            self._taken = name, self.read_stdin(name, most)
        reader, content = self._taken
        if reader != name:
            raise FileRefused(f"standard input was already read for {reader}: write @FILE")
        _require_size(content, most)
        return content

    def _file(self, place: str) -> bytes:
        try:
            return _read(Path(path_of(place)), self.pipes)
        except (OSError, ValueError) as failure:
            why = getattr(failure, "strerror", None) or "it is not a path"
            raise FileRefused(
                f"the file named after @ cannot be read: {why}; write @@ for a value that begins with @"
            ) from None


def is_written_out(text: str) -> bool:
    """Whether the setting of a secret contains the value itself."""
    return text.startswith(AT * 2) or not (text.startswith(AT) or text == STDIN)


def path_of(text: str) -> str:
    """The path of a file, written with or without `@`; `~` is the home directory."""
    place = text.strip()
    place = place[1:] if place.startswith(AT) else place
    return os.path.expanduser(place)  # noqa: PTH111 - Path's own raises where there is no home


def _read(path: Path, pipes: bool) -> bytes:
    # Without O_NONBLOCK, opening a pipe without a writer blocks.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        mode = os.fstat(handle).st_mode
        is_pipe = stat.S_ISFIFO(mode) and pipes
        if not (stat.S_ISREG(mode) or is_pipe):
            kind = "a directory" if stat.S_ISDIR(mode) else "not a regular file"
            raise FileRefused(f"the path after @ is {kind}: name a file")
        content, until = b"", time.monotonic() + LONGEST_WAIT
        while len(content) <= LARGEST_VALUE:
            if is_pipe and not select.select([handle], [], [], max(0.0, until - time.monotonic()))[0]:
                raise FileRefused(f"the pipe named after @ was not closed within {LONGEST_WAIT:.0f}s")
            chunk = os.read(handle, _CHUNK)
            if not chunk:
                break
            content += chunk
        _require_size(content, LARGEST_VALUE)
        return content
    finally:
        os.close(handle)


def _require_size(content: bytes, most: int) -> None:
    if len(content) > most:
        raise FileRefused(f"what was read is larger than {most:,} bytes")


def _value(content: bytes) -> str:
    """One line without its line break, otherwise unchanged."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise FileRefused("what was read is not UTF-8 text") from None
    text = text.removesuffix("\r\n") if text.endswith("\r\n") else text.removesuffix("\n")
    if not text:
        raise FileRefused("what was read is empty")
    try:
        checked(text)
    except NotOneKey as fault:
        raise FileRefused(f"what was read has {fault.kind}: one line of text is needed") from None
    return text
