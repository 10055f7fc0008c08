"""The server, and the commands, of the tests of registration."""

from collections.abc import Iterator

import pytest

from tests.drivers.command import Finished, Run
from tests.drivers.simulator import RunningSimulator
from tests.headless.register.test_command import Register, set_registration


@pytest.fixture
def erp() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as running:
        set_registration(running, pending_polls=0)
        yield running


@pytest.fixture
def register(erp: RunningSimulator, ran: Run) -> Register:
    """Run it in this process with all that it needs; what is given replaces that."""

    def run(*arguments: object, config: str = "--write-config", url: str = "") -> Finished:
        wanted = ["register", "--base-url", url or erp.onprem_base, "--profile", "branch", "--yes"]
        return ran(*wanted, config, *arguments)

    return run


@pytest.fixture
def run(ran: Run) -> Register:
    return ran
