"""A secret that somebody else keeps: read when it is first needed, and again when it is refused.

Invariants: of one reading there is one at a time; without news at its source a refused secret is read
again at most once a minute; what the operator typed stays in memory and wins until the source is read
by order: a reading that began before is dropped. What a server made of another secret is not held
against this one.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic import SecretStr

from tui.api.errors import CredentialFailed
from tui.api.latest import Latest, Overtaken
from tui.api.secrets import Warn, failed, resolve, typed
from tui.api.settings import FileRef, SecretRef, describe
from tui.api.unresolved import Unresolved
from tui.domain.systems import System

RENEWAL_PAUSE = 60.0
"""Seconds between two renewals of one credential."""

Monotonic = Callable[[], float]
_State = tuple[int, int, int]
"""A file's inode, size and time of change: another one of them is news."""


@dataclass(frozen=True, slots=True)
class References:
    """Makes the references of one system, which share clocks, warnings and what commands do not get."""

    system: System
    monotonic: Monotonic
    wall: Callable[[], float]
    """Epoch seconds."""
    warn: Warn | None = None
    withheld: frozenset[str] = frozenset()
    """Variables of our environment that hold a secret."""

    def kept(self, ref: SecretRef, what: str, *, many_lines: bool = False) -> "ReferenceSource":
        """The secret that `ref` names; `what` it is, as the profile's key calls it."""
        return ReferenceSource(ref, what, self, many_lines)


@dataclass(slots=True)
class ReferenceSource:
    """One secret."""

    ref: SecretRef
    what: str
    of: References
    many_lines: bool = False
    is_typed: bool = False
    """Whether the operator's own stands in for what the source has."""
    accepted_at: datetime | None = None
    refused_at: datetime | None = None
    """When a server last took this very secret, or did not, by our clock; None: never."""
    trouble: str = ""
    """Why it could not be read the last time."""
    _known: SecretStr | None = None
    _read_as: _State | None = None
    _renewed_at: float | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _latest: Latest = field(default_factory=Latest)

    @property
    def held(self) -> tuple[SecretStr, ...]:
        """The secret, once it was read."""
        return () if self._known is None else (self._known,)

    @property
    def references(self) -> tuple["ReferenceSource", ...]:
        """Itself."""
        return (self,)

    async def current(self) -> SecretStr:
        """The secret, read once.

        Raises:
            CredentialFailed: it cannot be had.
        """
        async with self._lock:
            while self._known is None:
                await self._read_in_turn()
            return self._known

    async def renewed(self, refused: SecretStr) -> bool:
        """Read it again; True if it is another one now."""
        async with self._lock:
            if self._known is not None and self._known != refused:
                return True
            if self.is_typed:
                return False
            if too_soon(self._renewed_at, self.of.monotonic()) and not self.has_news():
                return False
            self._renewed_at = self.of.monotonic()
            await self._read_in_turn()
            return self._known != refused

    def has_news(self) -> bool:
        """Whether its file is another one than the one that was read: that needs no pause."""
        return not self.is_typed and self._known is not None and self._state() != self._read_as

    async def read_anew(self, *, at_terminal: bool = False) -> bool:
        """Read it now, by order; True if it is another one. What was typed is forgotten.

        Raises:
            CredentialFailed: it cannot be had, or a newer one was given meanwhile; what was known stays.
        """
        generation = self._latest.generation
        try:
            known, state = await self._read(at_terminal=at_terminal)
        except CredentialFailed as failure:
            self._still(generation)
            self.trouble = failure.sentence
            raise
        self._still(generation)
        changed = known != self._known
        self._take(known, is_typed=False)
        self._read_as = state
        return changed

    def give(self, secret: SecretStr) -> None:
        """Take what the operator typed, for this run.

        Raises:
            CredentialFailed: it can be no secret.
        """
        self._take(typed(secret, self.of.system), is_typed=True)

    def judged(self, secret: SecretStr, *, accepted: bool) -> None:
        """Take note of what the server made of `secret`, if that is still the one to use."""
        if secret != self._known:
            return
        at = datetime.fromtimestamp(self.of.wall(), UTC)
        if accepted:
            self.accepted_at = at
        else:
            self.refused_at = at

    def forget(self) -> None:
        """Nothing was issued for it."""

    def _take(self, secret: SecretStr, *, is_typed: bool) -> None:
        """Use it from now on; what was begun before is dropped."""
        self._latest.overtake()
        self._use(secret)
        self.is_typed, self._renewed_at = is_typed, None

    def _use(self, secret: SecretStr) -> None:
        if secret != self._known:
            self.accepted_at = self.refused_at = None
        self._known, self.trouble = secret, ""

    def _still(self, generation: int) -> None:
        """Refuse to go on where a newer one was given meanwhile."""
        if generation != self._latest.generation:
            problem = Unresolved("was read, but a newer one was given meanwhile", "No action needed")
            raise failed(self.of.system, describe(self.ref), problem)

    async def _read_in_turn(self) -> None:
        """Read it; where a newer one is given meanwhile, that one is known instead."""
        try:
            secret, state = await self._latest.run(self._read)
        except Overtaken:
            return
        except CredentialFailed as failure:
            self.trouble = failure.sentence
            raise
        self._use(secret)
        self._read_as = state

    async def _read(self, *, at_terminal: bool = False) -> tuple[SecretStr, _State | None]:
        of, state = self.of, self._state()
        secret = await resolve(
            self.ref,
            of.system,
            of.warn,
            many_lines=self.many_lines,
            withheld=of.withheld,
            at_terminal=at_terminal,
        )
        return secret, state

    def _state(self) -> _State | None:
        if isinstance(self.ref, FileRef):
            with suppress(OSError):
                facts = self.ref.file.expanduser().stat()
                return facts.st_ino, facts.st_size, facts.st_mtime_ns
        return None


def too_soon(last: float | None, now: float) -> bool:
    """Whether a renewal at `now` would follow the `last` one too closely."""
    return last is not None and now - last < RENEWAL_PAUSE
