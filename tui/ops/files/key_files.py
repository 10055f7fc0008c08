"""Files with resync keys: text, read completely. A file that is not UTF-8 text is refused with its type;
single invalid bytes are reported later by line."""

import asyncio

from tui.domain.text import counted
from tui.ops.files.manifest_files import FileRefused, read_now

LARGEST_KEY_FILE = 5 * 1024 * 1024
"""Bytes; the maximum of keys of one resync needs a fifth of it."""
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
"""Byte order marks."""
_FORMATS = (
    (b"PK\x03\x04", "an Excel workbook or a ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a compressed file"),
    (b"SQLite format", "a database"),
)
_TEXT_CONTROLS = b"\t\n\r"
_LOOKED_AT = 65_536
"""Bytes that are examined to recognise text."""
_READABLE = 0.9
"""Minimum share of printable characters in a text whose encoding was guessed."""
_MOSTLY = 0.3
"""Minimum share of zero bytes in one half of UTF-16 text: letters of most scripts have one."""
_ODD, _ODD_AND_UNDECODED = 0.3, 0.05
"""Shares of control characters that mean binary data: alone, and with bytes that are not UTF-8."""


def read_keys_now(path: str) -> str:
    """The text of a key file (blocking); bytes that cannot be decoded become lone surrogates.

    Raises FileRefused: it is not a readable regular file, or it is empty, too large, or not text.
    """
    file = read_now(path, LARGEST_KEY_FILE)
    return decoded(file.content, file.path.name)


async def read_keys(path: str) -> str:
    """The same, in a thread."""
    return await asyncio.to_thread(read_keys_now, path)


def decoded(content: bytes, name: str) -> str:
    """The text; `name`: of its source, for messages.

    Raises FileRefused: it is in UTF-16 or UTF-32, or binary.
    """
    problem = _not_text(content)
    if problem:
        raise FileRefused(f"no key in {name}: it is {problem}")
    return content.decode("utf-8", "surrogateescape")


def _not_text(content: bytes) -> str:
    known = next((what for start, what in _FORMATS if content.startswith(start)), "")
    if known:
        return f"{known}: export the keys as text, one a line"
    encoding = next((name for start, name in _MARKS if content.startswith(start)), "") or _wide(content)
    if encoding:
        text = content.decode(encoding, "replace").lstrip("\ufeff")
        lines = sum(bool(line.strip()) for line in text.splitlines())
        called = encoding[:6].upper()
        return f"{counted(lines, 'line')} of {called} text: save it as UTF-8"
    start = content[:_LOOKED_AT]
    odd = sum(byte < 32 and byte not in _TEXT_CONTROLS for byte in start)
    most = _ODD_AND_UNDECODED if "\ufffd" in start.decode("utf-8", "replace")[:-1] else _ODD
    if odd > max(1, most * len(start)):
        return f"binary data ({len(content):,} bytes): export the keys as text, one a line"
    return ""


def _wide(content: bytes) -> str:
    """The encoding of UTF-16 or UTF-32 text without a byte order mark; empty for other text."""
    start = content[: _LOOKED_AT - _LOOKED_AT % 4]
    if b"\x00" not in start:
        return ""
    encoding = _by_zeros(start)
    text = start.decode(encoding, "replace") if encoding else ""
    readable = sum(one.isprintable() or one in "\r\n\t" for one in text.replace("\ufffd", "\0"))
    return encoding if readable > _READABLE * len(text) else ""


def _by_zeros(start: bytes) -> str:
    zeros = [start[place::4].count(0) / max(1, len(start[place::4])) for place in range(4)]
    if min(zeros[2:]) > _MOSTLY and min(zeros[:2]) < _MOSTLY and zeros[1] > _MOSTLY:
        return "utf-32-le"
    if min(zeros[:3]) > _MOSTLY > zeros[3]:
        return "utf-32-be"
    if min(zeros[1], zeros[3]) > _MOSTLY > max(zeros[0], zeros[2]):
        return "utf-16-le"
    if min(zeros[0], zeros[2]) > _MOSTLY > max(zeros[1], zeros[3]):
        return "utf-16-be"
    return ""
