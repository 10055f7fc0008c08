"""A simulator for checks, with the config of a profile on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drivers.console import write_config
from tests.drivers.simulator import RunningSimulator


@pytest.fixture
def erp(private_places: Path) -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as running:
        write_config(running)
        yield running
