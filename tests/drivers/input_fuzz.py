"""Broken input for the console's keyboard: random and mutated escape sequences, by a seed.

`python -m tests.drivers.input_fuzz 100000` feeds that many to the reader of the console, and
`--terminal 2000` so many to the whole console in a pseudo-terminal. Either says what failed.
"""

import argparse
import math
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from textual import events

from tests.drivers.command import command
from tests.drivers.terminal import Terminal
from tui.ui.terminal.input_parser import InputParser

_VALID = (
    *(b"\x1b[A", b"\x1b[1;5D", b"\x1b[15~", b"\x1b[3;2~", b"\x1bOP", b"\x1b[Z", b"\x1b[[B", b"\x1b[23$"),
    *(b"\x1b[106;1u", b"\x1b[106;1:2;106u", b"\x1b[99;5:3u", b"\x1b[13;1:3u", b"\x1b[127;1:1u"),
    *(b"\x1b[97:65;2;65u", b"\x1b[:F", b"\x1b[0;;128104:8205:128105u", b"\x1b[57399;1u"),
    *(b"\x1b[<0;10;5M", b"\x1b[<0;10;5m", b"\x1b[<35;200;90M", b"\x1b[<65;3;3M", b"\x1b[M !!"),
    *(b"\x1b[I", b"\x1b[O", b"\x1b[?2026;2$y", b"\x1b[?2048;1$y", b"\x1b[48;24;80;480;640t"),
    *(b"\x1b[24;80R", b"\x1b[?1;2c", b"\x1b[>0;276;0c", b"\x1b[?15u", b"\x1b[0n"),
    *(b"\x1b]11;rgb:ffff/0000/1111\x07", b"\x1b]52;c;aGVsbG8=\x1b\\", b"\x1bP>|XTerm(380)\x1b\\"),
    *(
        b"\x1b_Gi=31;OK\x1b\\",
        b"\x1bXjunk\x1b\\",
        b"\x1b^junk\x1b\\",
        b"\x9b5~",
        b"\xc2\x9b5~",
        b"\x9d0;j\x9c",
    ),
    *(
        b"\x1b[200~pasted \x1b[31m\x03text\x1b[201~",
        b"\x1b[200~never ended",
        b"\x1b[201~",
        b"\x1b\x1b[A",
    ),
    *(b"\x1bj", b"\x1b", b"\x1b[", b"\x1b[1;", b"\x1b]", b"\x1bP1$r", b"\xff\xfe", b"\xc3", b"\x00"),
)
"""What terminals send, what broke the console, and parts of both."""
_LEAVING = frozenset({"q", "ctrl+q", "ctrl+c", "ctrl+z", "Q"})
_QUIET = 2.0
"""Seconds without input after which any key must work."""
_REPAINTED = 500
"""Bytes that only a whole screen takes."""


def sequences(seed: int) -> Iterator[bytes]:
    """Without end, the same for the same seed."""
    chance = Random(seed)
    while True:
        one = chance.choice((_made, _mutated, _mutated, _joined))(chance)
        yield one[: chance.randint(1, len(one))] if chance.random() < 0.1 and one else one


def _made(chance: Random) -> bytes:
    number = chance.choice((*map(str, (0, 1, 5, 97, 255, 99_999, 2**31, 2**64)), "9" * 5_000))
    parts = [chance.choice((number, "", ":", "1:3", "?25", "<0", "-7", "\x00", "é")) for _ in range(4)]
    letter = chr(chance.randint(0x40, 0x7E))
    return f"\x1b[{';'.join(parts)}{chance.choice(('', '$', ' ', '!'))}{letter}".encode()


def _mutated(chance: Random) -> bytes:
    one = bytearray(chance.choice(_VALID))
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(one) + 1)
        match chance.randrange(3):
            case 0:
                one[place:place] = bytes([chance.randrange(256)])
            case 1:
                del one[place : place + 1]
            case _:
                one[place:place] = chance.choice(
                    (b";", b":", b"9" * chance.randint(1, 60), b"\x1b", b"[")
                )
    return bytes(one)


def _joined(chance: Random) -> bytes:
    return b"".join(chance.choices(_VALID, k=chance.randint(2, 5)))


def faults_of_the_reader(count: int, seed: int) -> list[str]:
    """What `count` sequences did to the reader, each read whole or cut, with pauses of all lengths."""
    found: list[str] = []
    chance, now, parser = Random(seed), 0.0, InputParser()
    for one in (one for one, _ in zip(sequences(seed), range(count), strict=False)):
        cut = chance.randint(0, len(one))
        try:
            for part in (one[:cut], one[cut:]):
                list(parser.feed(part, now))
                now += chance.choice((0.0, 0.01, 0.2, 0.4, 0.6, 1.2))
                list(parser.tick(now))
            for _ in range(4):
                now += _QUIET
                list(parser.tick(now))
            keys = [one.key for one in parser.feed(b"j", now) if isinstance(one, events.Key)]
            now += _QUIET
            keys += [one.key for one in parser.tick(now) if isinstance(one, events.Key)]
        except Exception as fault:  # noqa: BLE001 - it is what is looked for
            found.append(f"{one[:80]!r}: {type(fault).__name__}")
            parser = InputParser()
            continue
        # Half a character of UTF-8 shows only now that it was one.
        if keys[-1:] != ["j"]:
            found.append(f"{one[:80]!r}: the key after it was {keys}")
    return found


def harmless(seed: int) -> Iterator[bytes]:
    """Sequences that hold no key which leaves or suspends the console."""
    for one in sequences(seed):
        parser = InputParser()
        messages = [*parser.feed(one, 0.0), *parser.tick(_QUIET), *parser.tick(2 * _QUIET)]
        keys = {message.key for message in messages if isinstance(message, events.Key)}
        if not (keys & _LEAVING or set(one) & set(b"\x03\x11\x1aqQ")):
            yield one


def shake(terminal: Terminal, count: int, seed: int, probed: int = 50) -> None:
    """Send `count` sequences; after every `probed` the console must repaint when it is told to."""
    for number, one in zip(range(1, count + 1), harmless(seed), strict=False):
        os.write(terminal._master, one[:3_000])
        terminal.pump(0.0)
        if number % probed == 0 or number == count:
            _probe(terminal, f"{number} sequences, the last of them {one[:80]!r}")


def _probe(terminal: Terminal, after: str) -> None:
    """Until the keyboard works: what is unfinished ends by silence."""
    for _ in range(4):
        _read_for(terminal, _QUIET)
        before = len(terminal.raw)
        terminal.press("ctrl+l")
        _read_for(terminal, _QUIET, until=before + _REPAINTED)
        assert terminal.exit_code is None, f"it ended after {after}:\n{terminal.said_at_the_end}"
        if len(terminal.raw) > before + _REPAINTED:
            return
    raise AssertionError(f"the keyboard is dead after {after}:\n{terminal.screen()}")


def _read_for(terminal: Terminal, seconds: float, until: float = math.inf) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and len(terminal.raw) <= until:
        terminal.pump(0.05)


def main() -> int:
    """Say what was found; the exit code is 1 if that is something."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("count", type=int, nargs="?", default=100_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--terminal", type=int, default=0, metavar="COUNT")
    given = options.parse_args()
    found = faults_of_the_reader(given.count, given.seed)
    print(f"{given.count:,} sequences through the reader, {len(found)} faults", *found[:20], sep="\n")
    if given.terminal:
        with tempfile.TemporaryDirectory() as folder:
            places = {name: str(Path(folder) / name) for name in ("HOME", "SYNCDECK_STATE_DIR")}
            environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **places}
            with Terminal(command("--demo", "--read-only"), environment) as terminal:
                terminal.wait_for("live")
                shake(terminal, given.terminal, given.seed)
                terminal.press("ctrl+q", "ctrl+q")
                terminal.wait_ended()
                print(f"{given.terminal:,} sequences through the console, exit {terminal.exit_code}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
