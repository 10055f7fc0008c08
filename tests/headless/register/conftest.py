"""The server, and the commands, of the tests of registration."""

from collections.abc import Iterator

import pytest

from tests.drivers.command import Finished
from tests.drivers.simulator import RunningSimulator
from tests.headless.register.test_command import Register, set_registration
from tui.cli.main import main


@pytest.fixture
def erp() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as running:
        set_registration(running, pending_polls=0)
        yield running


@pytest.fixture
def register(erp: RunningSimulator, capsys: pytest.CaptureFixture[str]) -> Register:
    """Run it in this process with all that it needs; what is given replaces that."""

    def run(*arguments: object, config: str = "--write-config", url: str = "") -> Finished:
        wanted = ["register", "--base-url", url or erp.onprem_base, "--profile", "branch", "--yes"]
        code = main([*wanted, config, *map(str, arguments)])
        said = capsys.readouterr()
        return Finished(code, said.out, said.err)

    return run


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Register:
    def run(*arguments: object) -> Finished:
        code = main([*map(str, arguments)])
        said = capsys.readouterr()
        return Finished(code, said.out, said.err)

    return run
