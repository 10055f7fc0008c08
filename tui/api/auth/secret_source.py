"""A stored secret: read when it is first needed, and again when it is refused.

Invariants: one reading at a time; a refused secret is read again at most once a minute unless its file
changed; a secret that the operator typed stays in memory and wins until the source is read on request,
and a reading that began before it is dropped. A server's judgement of one secret does not count for
another.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic import SecretStr

from tui.api.auth.latest_attempt import LatestAttempt, Superseded
from tui.api.auth.secret_command import Unresolved
from tui.api.auth.secret_resolver import Warn, failed, resolve, typed
from tui.api.errors import CredentialFailed
from tui.api.settings import FileRef, SecretRef, describe
from tui.domain.profile import System
from tui.frozen import frozen

RENEWAL_PAUSE = 60.0
"""Seconds between two renewals of one credential."""

Monotonic = Callable[[], float]
_State = tuple[int, int, int]
"""A file's inode, size and time of change: any difference means that it changed."""


@frozen
class SecretSources:
    """Makes the references of one system, which share clocks, warnings and hidden variables."""

    system: System
    monotonic: Monotonic
    wall: Callable[[], float]
    """Epoch seconds."""
    warn: Warn | None = None
    hidden: frozenset[str] = frozenset()
    """Names of environment variables that contain a secret."""

    def source(self, ref: SecretRef, what: str, *, many_lines: bool = False) -> "ReferenceSource":
        """The secret that `ref` names; `what`: the profile's key for it."""
        return ReferenceSource(ref, what, self, many_lines)


@dataclass(slots=True)
class ReferenceSource:
    ref: SecretRef
    what: str
    of: SecretSources
    many_lines: bool = False
    is_typed: bool = False
    """Whether a typed secret replaces the one at the source."""
    accepted_at: datetime | None = None
    refused_at: datetime | None = None
    """When a server last accepted or refused this very secret, by our clock; None: never."""
    trouble: str = ""
    """Why the last reading failed."""
    _known: SecretStr | None = None
    _read_as: _State | None = None
    _renewed_at: float | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _latest: LatestAttempt = field(default_factory=LatestAttempt)

    @property
    def title(self) -> str:
        """Its name in a sentence."""
        return describe(self.ref)

    @property
    def _is_free(self) -> bool:
        """Whether a person chose it: then blanks and quotes may be part of it."""
        return self.what == "password"

    @property
    def held(self) -> tuple[SecretStr, ...]:
        """The secret, once it was read."""
        return () if self._known is None else (self._known,)

    @property
    def references(self) -> tuple["ReferenceSource", ...]:
        return (self,)

    async def current(self) -> SecretStr:
        """The secret, read once. Raises CredentialFailed: it is not available."""
        async with self._lock:
            while self._known is None:
                await self._read_in_turn()
            return self._known

    async def renewed(self, refused: SecretStr) -> bool:
        """Read it again; True if it is a different one now."""
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
        """Whether its file changed since it was read: then no pause is needed."""
        return not self.is_typed and self._known is not None and self._state() != self._read_as

    async def read_now(self, *, at_terminal: bool = False) -> bool:
        """Read it now, at the operator's request; True if it is a different one. Forgets a typed secret.

        Raises:
            CredentialFailed: it is not available, or a newer one was entered since; keeps the known one.
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
        """Use what the operator typed, for this run.

        Raises CredentialFailed: it is not a possible secret.
        """
        self._take(typed(secret, self.of.system, free=self._is_free), is_typed=True)

    def judged(self, secret: SecretStr, *, accepted: bool) -> None:
        """Record whether the server accepted `secret`, if it is still the current one."""
        if secret != self._known:
            return
        at = datetime.fromtimestamp(self.of.wall(), UTC)
        if accepted:
            self.accepted_at = at
        else:
            self.refused_at = at

    def forget(self) -> None:
        """Do nothing: no secret was issued for it."""

    def _take(self, secret: SecretStr, *, is_typed: bool) -> None:
        """Use it from now on; drops readings that began before."""
        self._latest.supersede()
        self._use(secret)
        self.is_typed, self._renewed_at = is_typed, None

    def _use(self, secret: SecretStr) -> None:
        if secret != self._known:
            self.accepted_at = self.refused_at = None
        self._known, self.trouble = secret, ""

    def _still(self, generation: int) -> None:
        """Raise if a newer one was entered since."""
        if generation != self._latest.generation:
            problem = Unresolved("was read, but a newer one was entered meanwhile", "No action needed")
            raise failed(self.of.system, self.title, problem)

    async def _read_in_turn(self) -> None:
        """Read it; if a newer one is entered meanwhile, that one is used instead."""
        try:
            secret, state = await self._latest.run(self._read)
        except Superseded:
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
            free=self._is_free,
            hidden=of.hidden,
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
    """Whether a renewal at `now` would follow the `last` one too soon."""
    return last is not None and now - last < RENEWAL_PAUSE
