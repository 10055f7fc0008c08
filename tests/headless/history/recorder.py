"""`syncdeck record` in a process of its own, for stories."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.drivers.command import PATIENCE, Running, started
from tests.drivers.simulator import RunningSimulator

_MOST_TIMES = 3
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
    found = _within(PATIENCE, holds)
    assert found, "it did not come"
    return found


def _within(seconds: float, holds: Callable[[], Any]) -> Any:
    end = time.monotonic() + seconds
    while not (found := holds()) and time.monotonic() < end:
        time.sleep(0.5)
    return found


def fails(erp: RunningSimulator, channel: str = "Otto Market") -> None:
    erp.state(jtl={"workers": {channel: {"state": 4, "text": "401 from marketplace"}}})


def fails_until(erp: RunningSimulator, holds: Callable[[], Any], channel: str = "Otto Market") -> None:
    """It fails, again where a busy machine kept the recorder from seeing when."""
    for _ in range(_MOST_TIMES):
        fails(erp, channel)
        if _within(PATIENCE / _MOST_TIMES, holds):
            return
        erp.state(jtl={"workers": {channel: {"state": 3, "text": ""}}})
        time.sleep(2)
    raise AssertionError("it did not come")
