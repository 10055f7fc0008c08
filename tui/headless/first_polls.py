"""What the first request of each topic of a profile led to."""

import asyncio
from collections.abc import Iterable
from datetime import datetime

from tui.api.errors import ErpError
from tui.core import Core
from tui.headless import exit_codes as exitcodes
from tui.store.snapshot import Topic


class FirstPolls:
    """Follows the store from its making on."""

    def __init__(self, core: Core, topics: Iterable[Topic]) -> None:
        self._open = {topic for topic in topics if topic not in core.store.absent}
        self._errors: list[ErpError] = []
        self.done = asyncio.Event()
        core.store.on_polled(self._polled)

    @property
    def code(self) -> int:
        """The exit code of the failures so far."""
        return exitcodes.state_of(exitcodes.gravest(self._errors)).code

    @property
    def missing(self) -> frozenset[Topic]:
        """Topics without a response yet."""
        return frozenset(self._open)

    def _polled(
        self, topic: Topic, _ok: bool, _at: datetime, _took: float, error: ErpError | None
    ) -> None:
        if topic in self._open:
            self._open.discard(topic)
            self._errors += [error] if error is not None else []
        if not self._open:
            self.done.set()
