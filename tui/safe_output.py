"""Output of commands: no control character in it reaches the terminal."""

from collections.abc import Iterable
from typing import TextIO, cast

from tui.domain.text import harmless


class SafeStream:
    """A text stream around another one. The console's screen does not use it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write it with control characters made visible, except line breaks and tabs."""
        self._stream.write("\t".join(map(harmless, text.split("\t"))))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """The same for several texts."""
        for line in lines:
            self.write(line)


def safe(stream: TextIO) -> TextIO:
    """The stream, wrapped if it is not yet."""
    return stream if isinstance(stream, SafeStream) else cast("TextIO", SafeStream(stream))
