"""`syncdeck record` in a process of its own, for stories."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.drivers.command import PATIENCE, Running, started
from tests.drivers.simulator import RunningSimulator

REFRESH = "\n[profiles.{}.refresh]\nworkers = 1\nextensions = 2\nconnections = 2\n"


@contextmanager
def recorder(*arguments: str, **environment: str) -> Iterator[Running]:
    with started("record", *arguments, more=environment) as running:
        try:
            yield running
        finally:
            running.kill()


def until(holds: Callable[[], Any]) -> Any:
    """The first true value; fails after a while."""
    end = time.monotonic() + PATIENCE
    while not (found := holds()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.5)
    return found


def fails(erp: RunningSimulator, channel: str = "Otto Market") -> None:
    erp.state(jtl={"workers": {channel: {"state": 4, "text": "401 from marketplace"}}})
