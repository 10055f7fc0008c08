"""The loop of a command hears every signal that comes while it works."""

import asyncio
import os
import signal

import pytest

from tui.headless.event_loop import OwnLoop


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_that_comes_with_the_last_step_is_heard(number: signal.Signals) -> None:
    async def work() -> str:
        await asyncio.sleep(0)
        os.kill(os.getpid(), number)
        return "done"

    with OwnLoop() as loop:
        assert loop.run(work()) == ("done", number)


def test_a_signal_ends_what_waits() -> None:
    async def work() -> str:
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(5)
        return "done"

    with OwnLoop() as loop:
        assert loop.run(work()) == (None, signal.SIGTERM)


def test_without_a_signal_there_is_none() -> None:
    with OwnLoop() as loop:
        assert loop.run(asyncio.sleep(0, "done")) == ("done", 0)
