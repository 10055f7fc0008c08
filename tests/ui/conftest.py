"""A frozen ERP for every story, served over real HTTP."""

from collections.abc import Iterator

import pytest

from tests.drivers.simulator import RunningSimulator


@pytest.fixture
def erp() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as running:
        yield running
