"""A console on the demo."""

from collections.abc import AsyncIterator

import pytest

from tests.session.test_history_view import NOW, Console
from tui.launch import RunOptions
from tui.wiring import demo_core


@pytest.fixture
async def console() -> AsyncIterator[Console]:
    one = Console(demo_core(RunOptions(), clock=lambda: NOW))
    await one.start()
    yield one
    await one.session.aclose()
