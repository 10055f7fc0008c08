"""The icon that JTL-Wawi shows beside the app: a small PNG, encoded here without a library."""

import base64
import struct
import zlib

_SCALE = 4
_ROWS = (
    "................",
    "................",
    ".........#......",
    ".........##.....",
    "..#########.....",
    "..##########....",
    "..#########.....",
    ".........##.....",
    "......#..#......",
    ".....##.........",
    "....#########...",
    "...##########...",
    "....#########...",
    ".....##.........",
    "......#.........",
    "................",
)


def app_icon() -> str:
    """The PNG, base64: 64 by 64, one bit per pixel."""
    size = len(_ROWS) * _SCALE
    head = struct.pack(">IIBBBBB", size, size, 1, 0, 0, 0, 0)
    lines = b"".join(_line(row) * _SCALE for row in _ROWS)
    chunks = _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(lines, 9)) + _chunk(b"IEND", b"")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + chunks).decode()


def _line(row: str) -> bytes:
    """One line of pixels: no filter, then one bit each; `#` is black."""
    bits = "".join(("0" if dot == "#" else "1") * _SCALE for dot in row)
    return b"\0" + int(bits, 2).to_bytes(len(bits) // 8, "big")


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
