"""Reads what JTL-Wawi reports of itself: once in a session, and never in the way of the first data."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tui.domain.profile import System
from tui.store.snapshot import Topic

if TYPE_CHECKING:
    from tui.core import Core

AFTER = 2.0
"""Seconds from the first data to the request."""


async def read_server_info(core: "Core", sleep: Callable[[float], Awaitable[None]]) -> None:
    came = asyncio.Event()

    def look(topic: Topic) -> None:
        if topic.system is System.JTL and core.store.snapshot(topic).data is not None:
            came.set()

    core.store.subscribe(look)
    await came.wait()
    await sleep(AFTER)
    if await core.service.jtl.server_info() is not None:
        core.store.announce(Topic.WORKERS)
