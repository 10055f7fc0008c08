"""Brings what is typed to the drafts: at most half a second behind, and at once when it matters."""

import asyncio
from collections.abc import Awaitable, Callable

from tui.ops.drafts import Draft, DraftKey, Drafts

_BEHIND = 0.4
"""Seconds from a change until it is on its way to the disk; what came meanwhile goes with it."""


class DraftKeeper:
    """Keeps the newest draft of each form."""

    def __init__(
        self, drafts: Drafts, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._drafts, self._sleep = drafts, sleep
        self._pending: dict[DraftKey, Draft | None] = {}
        """What is not on the disk yet; None: it is to be forgotten."""
        self._later: asyncio.Task[None] | None = None
        self._now: set[asyncio.Task[None]] = set()
        self.trouble = ""
        """Why the last draft is not on the disk; empty: it is."""

    @property
    def lasts(self) -> bool:
        """Whether drafts outlive the console."""
        return self._drafts.lasts and not self.trouble

    def find(self, key: DraftKey) -> Draft | None:
        """The newest draft of a form on a target."""
        return self._pending[key] if key in self._pending else self._drafts.find(key)

    def typed(self, draft: Draft) -> None:
        """Keep it soon."""
        self._pending[draft.key] = draft
        if self._later is None or self._later.done():
            self._later = asyncio.ensure_future(self._flush_later())

    def left(self, draft: Draft) -> asyncio.Task[None]:
        """Keep it now; what is returned ends once the disk took it, or `trouble` says why not."""
        self._pending[draft.key] = draft
        return self._flush_now()

    def drop(self, key: DraftKey) -> None:
        """Forget it now."""
        if self.find(key) is not None:
            self._pending[key] = None
            self._flush_now()

    def _flush_now(self) -> asyncio.Task[None]:
        task = asyncio.ensure_future(self.flush())
        self._now.add(task)
        task.add_done_callback(self._now.discard)
        return task

    async def _flush_later(self) -> None:
        await self._sleep(_BEHIND)
        # A task of its own: what has been taken up for the disk must not be cancelled with the waiting.
        self._flush_now()

    async def flush(self) -> None:
        """Bring everything to the disk; what it does not take stays in memory."""
        while self._pending:
            key = next(iter(self._pending))
            draft = self._pending.pop(key)
            try:
                await (self._drafts.drop(key) if draft is None else self._drafts.keep(draft))
                self.trouble = ""
            except OSError as failure:
                self.trouble = f"drafts cannot be written ({failure.strerror or failure})"

    async def aclose(self) -> None:
        """Let nothing be lost that was typed."""
        if self._later is not None:
            self._later.cancel()
        await asyncio.gather(self.flush(), *self._now)
