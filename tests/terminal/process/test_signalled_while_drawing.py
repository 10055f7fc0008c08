"""Job control while the console draws: the signal interrupts whoever holds what leaving needs."""

import signal
import sys
from pathlib import Path

from tests.drivers.terminal import Terminal

DRAWS = """
import asyncio, os, signal, sys
from textual.driver import Driver
from tui.ui.terminal.driver import DiffingDriver

class Window:
    size = (80, 24)
    resumed = asyncio.Event()

    async def _post_message(self, message):
        if isinstance(message, Driver.SignalResume):
            self.resumed.set()

async def draw(signals):
    window = Window()
    driver = DiffingDriver(window)
    driver.start_application_mode()
    with driver._outlet._lock:
        for number in signals:
            os.kill(os.getpid(), number)
    driver.write("\\x1b[1;1Hdrawn")
    if signal.SIGCONT not in signals:
        await window.resumed.wait()
        driver.write("\\x1b[1;1Hagain")
    else:
        await asyncio.sleep(0)
    driver.stop_application_mode()
    driver.close()

asyncio.run(draw([int(number) for number in sys.argv[1:]]))
"""


def drawing(environment: dict[str, str], *signals: signal.Signals) -> Terminal:
    """A driver that gets these signals in the middle of a frame."""
    argv = [sys.executable, "-c", DRAWS, *(str(int(number)) for number in signals)]
    return Terminal(argv, environment, cwd=Path(__file__).parents[3])


def test_a_stop_in_the_middle_of_a_frame_comes_after_it(environment: dict[str, str]) -> None:
    with drawing(environment, signal.SIGTSTP) as terminal:
        terminal.wait_until(lambda: terminal.is_stopped, "the stop", 15)
        terminal.settle()
        assert terminal.modes == set()
        assert terminal.settings_now == terminal.settings_before
        terminal.signal(signal.SIGCONT)
        terminal.wait_ended()
        assert terminal.exit_code == 0
        assert terminal.text.count("\x1b[?1049h") == 2
        assert terminal.modes == set()
        assert terminal.settings_now == terminal.settings_before


def test_whoever_is_continued_before_the_stop_does_not_stop(environment: dict[str, str]) -> None:
    with drawing(environment, signal.SIGTSTP, signal.SIGCONT) as terminal:
        terminal.wait_ended()
        assert terminal.exit_code == 0
        assert terminal.modes == set()
        assert terminal.settings_now == terminal.settings_before


def test_two_stops_are_one(environment: dict[str, str]) -> None:
    with drawing(environment, signal.SIGTSTP, signal.SIGTSTP) as terminal:
        terminal.wait_until(lambda: terminal.is_stopped, "the stop", 15)
        terminal.signal(signal.SIGCONT)
        terminal.wait_ended()
        assert terminal.exit_code == 0
        assert terminal.modes == set()
