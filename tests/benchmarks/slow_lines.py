"""Keys over slow lines, measured in round trips."""

import statistics
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.benchmarks.measures import LIVE, Figures, Place, installed, p95
from tests.benchmarks.metered import Metered
from tests.terminal.erp_process import ErpProcess


@dataclass(frozen=True, slots=True)
class Slow:
    """A line as it is found in the field."""

    rate: float
    """Bytes a second."""
    round_trip: float
    """Seconds."""
    options: tuple[str, ...] = ()

    def argv(self, *program: object) -> tuple[object, ...]:
        """The program behind it."""
        return (sys.executable, "-m", "tests.benchmarks.link", self.rate, self.round_trip / 2, *program)


RADIO = Slow(64_000 / 8, 0.25)
SERIAL = Slow(9_600 / 10, 0.3, ("--slow",))


def link(place: Place, erp: ErpProcess, slow: Slow) -> Figures:
    """Keys while a sync changes every second, in round trips until they show."""
    place.forget()
    config = erp.config.with_name("often.toml")
    config.write_text(f"{erp.config.read_text()}\n[profiles.sim.refresh]\nworkers = 1\n")
    config.chmod(0o600)
    with (
        place.terminal(*slow.argv(installed(), "--config", config, *slow.options)) as terminal,
        _moving(erp),
    ):
        terminal.seen(rf" live(.|\n)*{LIVE}")
        terminal.quiet(0.5)
        moves = [_until_moved(terminal, "j", +1) for _ in range(8)]
        moves += [_until_moved(terminal, "k", -1) for _ in range(8)]
        filtered = [_until_filtered(terminal, text) for text in ("t", "te", "tem", "temu")]
        terminal.press("esc")
        figures = {
            "cursor move": statistics.median(moves) / slow.round_trip,
            "cursor move p95": p95(moves) / slow.round_trip,
            "filter key": statistics.median(filtered) / slow.round_trip,
        }
        terminal.quiet(0.4)
        terminal.quit("q")
        return figures


@contextmanager
def _moving(erp: ErpProcess) -> Iterator[None]:
    """Meanwhile one sync changes every second."""
    over = threading.Event()

    def change() -> None:
        minutes = 5
        while not over.wait(1.0):
            minutes = 12 - minutes
            erp.merge({"jtl": {"workers": {"Temu DE": {"interval": 60 * minutes}}}})

    thread = threading.Thread(target=change)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _until_moved(terminal: Metered, key: str, step: int) -> float:
    return terminal.until(key, lambda before: terminal.cursor_line == before + step)


def _until_filtered(terminal: Metered, text: str) -> float:
    if len(text) == 1:
        terminal.press("/")
        terminal.quiet(0.4)
    return terminal.until(text[-1], lambda _before: f"· /{text}\n" in terminal.screen())
