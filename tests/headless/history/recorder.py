"""`syncdeck record` in a process of its own, for stories."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.drivers.command import PATIENCE, command
from tests.drivers.simulator import RunningSimulator

REFRESH = "\n[profiles.{}.refresh]\nworkers = 1\nextensions = 2\nconnections = 2\n"


@contextmanager
def recorder(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        command("record", *arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def until(holds: Callable[[], Any]) -> Any:
    """The first true value; fails after a while."""
    end = time.monotonic() + PATIENCE
    while not (found := holds()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.2)
    return found


def fails(erp: RunningSimulator, channel: str = "Otto Market") -> None:
    erp.state(jtl={"workers": {channel: {"state": 4, "text": "401 from marketplace"}}})
