"""A slow line between a program and its terminal: `python -m tests.benchmarks.link RATE DELAY ARGV…`.

Both directions are held back by DELAY seconds; what the program writes comes out at RATE bytes a second.
As much as a connection buffers on the way is taken from the program before it must wait.
"""

import fcntl
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
import tty
from collections import deque

_BUFFERED = 16_384
"""Bytes that are on their way at the most."""
_PIECE = 32
"""Bytes that come out at once."""


def main() -> int:
    """Run the program behind the line; its exit code."""
    rate, delay, argv = float(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]
    inner, theirs = pty.openpty()
    termios.tcsetattr(theirs, termios.TCSANOW, termios.tcgetattr(0))
    _copy_size(theirs)
    before = termios.tcgetattr(0)
    program = subprocess.Popen(
        argv,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(theirs)
    tty.setraw(0)
    signal.signal(signal.SIGWINCH, lambda *_: _copy_size(inner))
    try:
        _relay(inner, rate, delay)
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, before)
    return program.wait()


def _copy_size(to: int) -> None:
    termios.tcsetwinsize(to, termios.tcgetwinsize(0))


def _relay(inner: int, rate: float, delay: float) -> None:
    """Until the program has closed its terminal, and all that it wrote has come out."""
    typed: deque[tuple[float, bytes]] = deque()
    drawn: deque[tuple[float, bytes]] = deque()
    held, free_at, is_open = 0, 0.0, True
    while is_open or drawn:
        sources = [0, *([inner] if is_open and held < _BUFFERED else [])]
        due = min((queue[0][0] for queue in (typed, drawn) if queue), default=time.monotonic() + 1.0)
        ready = select.select(sources, [], [], max(0.0, due - time.monotonic()))[0]
        now = time.monotonic()
        if 0 in ready:
            typed.append((now + delay, os.read(0, 4_096)))
        if inner in ready:
            chunk = _read(inner)
            is_open, held = bool(chunk), held + len(chunk)
            for at in range(0, len(chunk), _PIECE):
                piece = chunk[at : at + _PIECE]
                free_at = max(free_at, now) + len(piece) / rate
                drawn.append((free_at + delay, piece))
        while typed and typed[0][0] <= now:
            os.write(inner, typed.popleft()[1])
        while drawn and drawn[0][0] <= now:
            piece = drawn.popleft()[1]
            held -= len(piece)
            os.write(1, piece)


def _read(inner: int) -> bytes:
    try:
        return os.read(inner, 4_096)
    except OSError:
        return b""


if __name__ == "__main__":
    sys.exit(main())
