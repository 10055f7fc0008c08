"""`syncdeck why` in this process, against a simulator."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drivers.command import Finished, Run
from tests.drivers.console import write_config
from tests.drivers.simulator import RunningSimulator
from tui.cli.main import main


@pytest.fixture
def erp(private_places: Path) -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as running:
        write_config(running)
        yield running


@pytest.fixture
def ran(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: object) -> Finished:
        code = main(list(map(str, arguments)))
        said = capsys.readouterr()
        return Finished(code, said.out, said.err)

    return run
