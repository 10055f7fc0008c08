"""`syncdeck run` that was stopped while its question was on the way: its answer is an old one."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.drivers.command import trail
from tests.drivers.console import write_config
from tests.drivers.fake_time import FakeTime
from tests.drivers.simulator import AsgiApp, RunningSimulator
from tui.config.file import read
from tui.headless.run.command import RunRequest, run
from tui.launch import RunOptions
from tui.simulator.app import Message, Receive, Scope, Send
from tui.simulator.control_state import merge
from tui.wiring import build_core


class Stopped:
    """Holds back one answer after the write until the program goes on, as `away` tells it."""

    def __init__(self, app: AsgiApp, write: str, question: str) -> None:
        self.app, self.write, self.question = app, write, question
        self.away: Callable[[], object] | None = None
        self._was_sent = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        called = f"{scope.get('method', '')} {scope.get('path', '')}"
        stops = self._was_sent and self.question in called and self.away is not None

        async def send_late(message: Message) -> None:
            if stops and self.away is not None and message["type"] == "http.response.start":
                away, self.away = self.away, None
                away()
            await send(message)

        await self.app(scope, receive, send_late)
        self._was_sent = self._was_sent or self.write in called


WRITES = {"worker.stop": "PUT /", "engine.stop": "ChangeEngineStatus"}
QUESTIONS = {"worker.stop": "status", "engine.stop": "GetEngineStatus"}


@pytest.fixture
def operation(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def erp(operation: str) -> Iterator[RunningSimulator]:
    erp = RunningSimulator(still=True)
    erp.app = Stopped(erp.app, WRITES[operation], QUESTIONS[operation])
    with erp as running:
        running.state(jtl={"control_delay": 3_600})
        yield running


@pytest.mark.parametrize(
    ("operation", "target", "now"),
    [("worker.stop", "Temu DE", "now off"), ("engine.stop", "engine", "now stopped")],
    indirect=["operation"],
)
def test_d_an_answer_that_the_program_slept_over_is_no_verdict(
    erp: RunningSimulator,
    operation: str,
    target: str,
    now: str,
    capsys: pytest.CaptureFixture[str],
    private_places: Path,
) -> None:
    time, file = FakeTime(), read(write_config(erp))

    def away() -> None:
        time.elapsed += 72
        erp.world.so.pending, erp.world.so.running = None, False
        merge(erp.world, {"jtl": {"workers": {"Temu DE": {"state": 7}}}})

    async def sleep(seconds: float) -> None:
        time.elapsed += seconds

    assert isinstance(erp.app, Stopped)
    erp.app.away = away
    code = run(
        RunRequest(operation, (target,), yes=True),
        lambda: build_core(file, "sim", RunOptions()),
        clock=lambda: time.clock(),
        sleep=sleep,
    )
    said = capsys.readouterr().out.splitlines()[-1]
    assert (code, said.partition(": ")[2]) == (0, now)
    assert "still" not in " ".join(one.get("sentence", "") for one in trail(private_places))
