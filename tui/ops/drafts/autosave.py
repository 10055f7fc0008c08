"""Saves typed text as drafts: within half a second, and at once when needed."""

import asyncio
from collections.abc import Awaitable, Callable

from tui.domain.text import one_line
from tui.ops.drafts.draft import Draft, DraftKey, MemoryDrafts
from tui.ops.drafts.file_drafts import FileDrafts

_BEHIND = 0.4
"""Seconds from a change until it is written, together with later changes."""


class DraftKeeper:
    """Saves the newest draft of each form."""

    def __init__(
        self,
        drafts: MemoryDrafts | FileDrafts,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._drafts, self._sleep = drafts, sleep
        self._pending: dict[DraftKey, Draft | None] = {}
        """Drafts not on the disk yet; None: to be removed."""
        self._later: asyncio.Task[None] | None = None
        self._now: set[asyncio.Task[None]] = set()
        self._unwritten: dict[DraftKey, Draft] = {}
        """Drafts that the disk did not take."""
        self.trouble = ""
        """Why the last draft is not on the disk; empty if it is."""

    @property
    def lasts(self) -> bool:
        """Whether drafts are kept after the console ends."""
        return self._drafts.lasts and not self.trouble

    @property
    def at_risk(self) -> str:
        """Which drafts would be lost with this process, and why; empty: none."""
        names = ", ".join(one_line(draft.name) for draft in self._unwritten.values())
        return f"the draft of {names} is not saved: {self.trouble}" if names else ""

    def find(self, key: DraftKey) -> Draft | None:
        return self._pending[key] if key in self._pending else self._drafts.find(key)

    def typed(self, draft: Draft) -> None:
        """Save it soon."""
        self._pending[draft.key] = draft
        if self._later is None or self._later.done():
            self._later = asyncio.ensure_future(self._flush_later())

    def left(self, draft: Draft) -> asyncio.Task[None]:
        """Save it now; the returned task ends when it is on the disk, or `trouble` says why not."""
        self._pending[draft.key] = draft
        return self._flush_now()

    def drop(self, key: DraftKey) -> None:
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
        # A separate task: cancelling the caller must not cancel a write in progress.
        self._flush_now()

    async def flush(self) -> None:
        """Write everything to the disk; on an error it stays in memory."""
        while self._pending:
            key = next(iter(self._pending))
            draft = self._pending.pop(key)
            self._unwritten.pop(key, None)
            try:
                await (self._drafts.drop(key) if draft is None else self._drafts.keep(draft))
                self.trouble = ""
            except OSError as failure:
                self.trouble = f"drafts cannot be written ({failure.strerror or failure})"
                if draft is not None:
                    self._unwritten[key] = draft

    async def aclose(self) -> None:
        """Save everything before the end, also what the disk did not take before."""
        self._pending = {**self._unwritten, **self._pending}
        if self._later is not None:
            self._later.cancel()
        await asyncio.gather(self.flush(), *self._now)
