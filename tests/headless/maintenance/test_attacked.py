"""Gateways that fail after the work, a journal that cannot be written, two at once, clocks that jump:
each write leaves once, and closing starts exactly what was stopped."""

from contextlib import suppress
from datetime import timedelta
from threading import Event
from typing import Any

import pytest

from tests.drivers.command import started
from tests.drivers.simulator import RunningSimulator
from tests.headless.maintenance.conftest import OK, Before, Operator
from tui.domain.maintenance.records import SetState
from tui.paths import state_dir
from tui.simulator.app import Message, Receive, Scope, Send

AMAZON = ["Amazon DE", "Amazon FR"]
SURE = ("--yes", "--profile", "sim")


class Gateway:
    """In front of the simulator: answers writes to syncs with an error of its own, once they were
    carried out, or before."""

    def __init__(self, erp: RunningSimulator) -> None:
        self._app, erp.app = erp.app, self
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.is_silent = False
        """Whether it holds them without a response."""
        self.is_late = False
        """Whether it passes them on only with the next read."""
        self.has_one = Event()
        """Whether it holds one."""
        self._held: list[tuple[Scope, Message]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not (self.status or self.is_silent) or scope.get("method") != "PUT":
            if not self.is_late:
                await self._deliver()
            await self._app(scope, receive, send)
            return
        self._held.append((scope, await receive()))
        self.has_one.set()
        while self.is_silent:
            if (await receive())["type"] == "http.disconnect":
                return
        if not self.is_late:
            await self._deliver()
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": b"Gateway Time-out"})

    async def _deliver(self) -> None:
        while self._held:
            await self._through(*self._held.pop(0))

    async def _through(self, scope: Scope, body: Message) -> None:
        async def told() -> Message:
            return body

        async def forgotten(message: Any) -> None:
            pass

        await self._app(scope, told, forgotten)


@pytest.fixture
def gateway(before: Before, unstarted: RunningSimulator) -> Gateway:
    return Gateway(unstarted)


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_gateway_that_fails_after_the_work_costs_nothing(
    gateway: Gateway, operator: Operator, status: int
) -> None:
    gateway.status = status
    # 503 says that nothing was done, and is seen to be wrong: nobody waits for the effect.
    is_said = int(status == 503)
    opened = operator.open("channel:Amazon")
    assert opened.code == is_said, opened
    assert sorted(operator.stops()) == AMAZON
    operator.wait(5)
    assert operator.close().code == is_said
    assert sorted(operator.starts()) == AMAZON
    operator.wait(5)
    gateway.status = 0
    assert operator.close().code == (0 if is_said else 2)
    assert sorted(operator.starts()) == AMAZON
    assert operator.noted().state is SetState.CLOSED


@pytest.mark.parametrize(("status", "headers"), [(500, []), (503, []), (503, [(b"retry-after", b"7")])])
def test_a_stop_that_a_failing_server_carries_out_later_is_not_forgotten(
    gateway: Gateway, operator: Operator, status: int, headers: list[tuple[bytes, bytes]]
) -> None:
    gateway.status, gateway.headers, gateway.is_late = status, headers, True
    opened = operator.open("channel:Amazon")
    assert (opened.code, operator.stops()) == (1, [])
    assert "0 stopped, 2 in doubt" in opened.out
    gateway.status, gateway.is_late = 0, False
    assert operator.close().code == 1, "it only begins to stop"
    operator.wait(5)
    assert operator.close().code == 0
    assert sorted(operator.starts()) == AMAZON
    assert operator.noted().state is SetState.CLOSED


def test_a_stop_that_a_gateway_still_holds_is_not_sent_twice(
    gateway: Gateway, operator: Operator
) -> None:
    """Killed under way and gone on with at once: the first stop arrives after the end of all."""
    gateway.is_silent = gateway.is_late = True
    terms = ("--target", 'name:"Amazon FR"', "--reason", "a story", "--until", "2h", *SURE)
    opening = started("maintenance", "open", "nightly", *terms)
    gateway.has_one.wait()
    opening.kill()
    opening.wait(30)
    gateway.is_silent = False
    resumed = operator.go_on()
    assert (resumed.code, operator.stops()) == (1, []), resumed
    assert "0 stopped, 1 in doubt" in resumed.out
    assert "an earlier stop may take effect yet; then not sent: go on after " in resumed.err
    closed = operator.close()
    assert (closed.code, operator.starts()) == (1, []), closed
    # The first stop arrives.
    gateway.is_late = False
    assert operator.close().code == 1, "it only begins to stop"
    operator.wait(5)
    assert operator.close().code == 0
    assert operator.starts() == ["Amazon FR"]
    assert operator.noted().state is SetState.CLOSED


def test_a_stop_that_the_server_refuses_for_its_rate_limit_is_not_in_doubt(
    operator: Operator, erp: RunningSimulator
) -> None:
    erp.fault("PUT .*/workers/=status:429")
    opened = operator.open("channel:Amazon")
    assert opened.code == 1, opened
    assert opened.out.count("failed · Amazon · Amazon ") == 2
    assert "0 stopped, 2 not stopped · JTL-Wawi asks for fewer requests (429)" in opened.out
    assert "doubt" not in opened.out


def test_two_who_close_at_once_start_each_of_them_once(
    operator: Operator, erp: RunningSimulator, syncs: list[str]
) -> None:
    assert operator.open("kind:sync !sync:Datenbankpflege").code == 0
    both = [started("maintenance", "close", "nightly", *SURE) for _ in range(2)]
    for one in both:
        one.communicate()
    assert min(one.returncode for one in both if one.returncode is not None) == 0
    assert sorted(operator.starts()) == sorted(syncs)
    assert operator.noted().state is SetState.CLOSED


def test_a_journal_that_cannot_be_written_ends_it_and_loses_nothing(
    operator: Operator, before: Before, erp: RunningSimulator, syncs: list[str]
) -> None:
    folder = state_dir() / "maintenance" / "sim"
    aside = folder.with_name("aside")

    def fill() -> None:
        folder.rename(aside)
        while not folder.is_file():
            # A journal that is being written has made its folder again.
            with suppress(OSError):
                for made in folder.glob("*"):
                    made.replace(aside / made.name)
                if folder.is_dir():
                    folder.rmdir()
                folder.write_text("no room")

    # The fifth stop is received.
    before.request(erp.worker_id(syncs[4]), 1, fill)
    opened = operator.open("kind:sync !sync:Datenbankpflege")
    assert opened.code == 1, opened
    assert "the journal cannot be written" in opened.out
    stopped = operator.stops()
    assert 5 <= len(stopped) < len(syncs)
    assert len(stopped) == len(set(stopped))
    folder.unlink()
    aside.rename(folder)
    operator.wait(5)
    closed = operator.close()
    assert closed.code == 0, closed
    assert sorted(operator.starts()) == sorted(stopped)


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(hours=-1)], ids=str)
def test_a_clock_that_jumps_sends_no_start_twice(
    operator: Operator, erp: RunningSimulator, jump: timedelta
) -> None:
    assert operator.open('name:"Amazon FR"').code == 0
    erp.fault("PUT .*/workers/=hang")
    closing = started("maintenance", "close", "nightly", *SURE)
    erp.wait_received("PUT", "/workers/", 2)
    closing.kill()
    closing.wait(30)
    erp.clear_faults()
    true_time = operator.clock
    erp.world.clock = lambda: true_time() - jump
    operator.wait(jump.total_seconds())
    assert operator.close().code == 1
    assert operator.starts() == ["Amazon FR"]
    operator.is_now("Amazon FR", OK)
    assert operator.close().code == 0
    assert operator.starts() == ["Amazon FR"]
