"""Instructions of a start, counted by valgrind: unlike times, they are the same on a busy machine."""

import re
import shutil
import sys
from pathlib import Path

from tests.benchmarks.measures import SIZE, Place
from tests.benchmarks.metered import Metered
from tests.terminal.erp_process import ErpProcess

NO_VALGRIND = "Counting needs valgrind, which is not installed. Install it, then count again."


def counted(place: Place, erp: ErpProcess) -> str:
    """Millions of instructions to the first frame; a sentence where they cannot be counted."""
    if shutil.which("valgrind") is None:
        return NO_VALGRIND
    hello, console = (_count(place, erp, program) for program in ("hello", "console"))
    return (
        f"first frame, millions of instructions: hello-world {hello:.0f}, console {console:.0f};"
        f" console / hello {console / hello:.2f}, budget 1.25"
    )


def _count(place: Place, erp: ErpProcess, which: str) -> float:
    log = place.folder / "counted.txt"
    program = [sys.executable, "-m", "tests.benchmarks.until", which, "--config", str(erp.config)]
    valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", f"--log-file={log}"]
    # The first run compiles what is imported; it does not count.
    for words in (program, [*valgrind, *program]):
        place.forget()
        environment = {**place.environment, "PYTHONHASHSEED": "0"}
        with Metered(words, environment, size=SIZE, cwd=Path.cwd(), answers_after=0.0) as terminal:
            while terminal.program.poll() is None:
                terminal.pump(0.5)
    found = re.search(r"Collected : (\d+)", log.read_text())
    assert found is not None, f"nothing was counted:\n{log.read_text()}"
    return int(found[1]) / 1e6
