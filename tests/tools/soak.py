"""The real console for as long as one likes, polling every second, while its servers fail at random:
what it holds, and how long after each fault it is live again.

`python -m tests.tools.soak --minutes 30` prints a line a minute and one for each fault, then the times
of recovery by kind. It ends with 1 if memory or open files grew, or if the console did not recover.
Linux only.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.drivers.long_run import MAY_GROW_FILES, MAY_GROW_MB, Reading, grown, running
from tests.drivers.terminal import Terminal
from tests.terminal.erp_process import ErpProcess

FAULTS = ("hang", "reset", "truncated", "status:503", "status:429", "status:401", "html", "wrong-types")
"""For a while, in all responses."""
TOKENS, RESTART = "tokens lost", "restart"
LASTS = (2.0, 12.0)
"""Seconds of a fault, or without a simulator, at least and at most."""
CALM = (8.0, 20.0)
"""Seconds between two faults."""
PATIENCE = 120.0
"""Seconds after which the console counts as not recovered."""
_READ_EVERY = 5.0
_LOOK_EVERY = 0.1


class Soak:
    """One run: readings of what the console holds, and the seconds of each recovery by kind."""

    def __init__(self, terminal: Terminal, erp: ErpProcess, chance: random.Random) -> None:
        self._terminal, self._erp, self._chance = terminal, erp, chance
        self._began = time.monotonic()
        self.readings: list[Reading] = []
        self.recoveries: dict[str, list[float]] = defaultdict(list)

    def run(self, seconds: float) -> None:
        """Let something fail, again and again, for so long."""
        for kind in self._kinds():
            self._pass(self._chance.uniform(*CALM))
            if time.monotonic() - self._began >= seconds:
                return
            self._erp.clear_log()
            self._fail(kind)
            took = self._recovered()
            self.recoveries[kind].append(took)
            print(f"{self._minutes:6.1f} min  {kind}: live again after {took:.1f} s", flush=True)

    def _kinds(self) -> Iterator[str]:
        while True:
            kinds = [*FAULTS, TOKENS, RESTART]
            self._chance.shuffle(kinds)
            yield from kinds

    def _fail(self, kind: str) -> None:
        """Let it happen; returns when it is over."""
        lasts = self._chance.uniform(*LASTS)
        if kind == TOKENS:
            self._erp.merge({"jtl": {"expire_tokens": True}})
        elif kind == RESTART:
            self._erp.kill()
            self._pass(lasts)
            self._erp.start()
        else:
            self._erp.fault(f".*={kind}")
            self._pass(lasts)
            self._erp.clear_faults()
        self._erp.clear_log()

    def _recovered(self) -> float:
        """Seconds until a status was read again and the header says `live`."""
        began = time.monotonic()
        while not self._is_live():
            assert time.monotonic() - began < PATIENCE, f"not recovered:\n{self._terminal.screen()}"
            self._pass(_LOOK_EVERY)
        return time.monotonic() - began

    def _is_live(self) -> bool:
        first = self._terminal.screen().split("\n")[0]
        return first.endswith(" live") and any(
            one["status"] == 200 for one in self._erp.received("GET", "/workers/status")
        )

    def _pass(self, seconds: float) -> None:
        """Read what the console draws, and now and then what it holds."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._terminal.pump(left)
            self._terminal.raw.clear()
            assert self._terminal.exit_code is None, f"it ended:\n{self._terminal.screen()}"
            last = self.readings[-1].second if self.readings else -60.0
            second = time.monotonic() - self._began
            if second - last >= _READ_EVERY:
                self.readings.append(Reading.of(self._terminal.program.pid, second))
                if second // 60 > last // 60:
                    print(self.readings[-1], flush=True)

    @property
    def _minutes(self) -> float:
        return (time.monotonic() - self._began) / 60

    def summary(self) -> str:
        """Recoveries by kind, then of all."""
        every = {**self.recoveries, "all": [one for kind in self.recoveries.values() for one in kind]}
        return "\n".join(
            f"{kind:12} {len(times):3} times  median {median(times):5.1f} s  most {max(times):5.1f} s"
            for kind, times in every.items()
            if times
        )


def main() -> int:
    """Run for so many minutes; 1 if what the console holds grew."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=1, help="of the faults")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, running(Path(home)) as (terminal, erp):
        soak = Soak(terminal, erp, random.Random(given.seed))
        soak.run(given.minutes * 60)
    print(soak.readings[-1])
    print(soak.summary())
    megabytes, files = grown(soak.readings)
    print(f"after the warm-up: {megabytes:+.1f} MB, {files:+} files")
    return int(megabytes > MAY_GROW_MB or files > MAY_GROW_FILES)


if __name__ == "__main__":
    sys.exit(main())
