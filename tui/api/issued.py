"""A secret that a server issues for a while: cached, renewed before it ends and when it is refused.

Invariants: one request at a time, at most one renewal per minute unless what it is had with has changed;
all who wait share one answer; what was refused is not asked for again within a minute, for a server may
lock out who insists; a request that began before `forget` is dropped.
"""

import asyncio
from dataclasses import dataclass, field

from pydantic import SecretStr

from tui.api.errors import CredentialFailed, ErpError
from tui.api.latest import Latest, Overtaken
from tui.api.references import Monotonic, ReferenceSource, too_soon


@dataclass(frozen=True, slots=True)
class Issue:
    """What a server issued."""

    secret: SecretStr
    lifetime: float
    """Seconds for which it is good."""
    made_of: tuple[SecretStr, ...]
    """What it was issued for, in the order of `references`."""


@dataclass(slots=True, kw_only=True)
class Issued:
    """Subclasses say by `ask` how a new one is had."""

    monotonic: Monotonic
    _known: SecretStr | None = None
    _made_of: tuple[SecretStr, ...] = ()
    _good_until: float = 0.0
    _renewed_at: float | None = None
    _attempts: int = 0
    _failure: ErpError | None = None
    _refused_at: float | None = None
    """When a server last refused to issue one; None: it did not since."""
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _latest: Latest = field(default_factory=Latest)

    @property
    def issued(self) -> tuple[SecretStr, ...]:
        """The one that is known now, to be masked wherever a server repeats it."""
        return () if self._known is None else (self._known,)

    async def ask(self) -> Issue:
        """A new one.

        Raises:
            ErpError: the server gave none.
        """
        raise NotImplementedError

    @property
    def references(self) -> tuple[ReferenceSource, ...]:
        """The secrets that somebody else keeps, and that it is had with."""
        raise NotImplementedError

    def judged(self, secret: SecretStr, *, accepted: bool) -> None:
        """What a server makes of it, it makes of what it was issued for."""
        if secret == self._known:
            self._judge(self._made_of, accepted=accepted)

    def _judge(self, made_of: tuple[SecretStr, ...], *, accepted: bool) -> None:
        for reference, secret in zip(self.references, made_of, strict=True):
            reference.judged(secret, accepted=accepted)

    def forget(self) -> None:
        """Ask for a new one at the next need, and for whoever waits for one."""
        self._latest.overtake()
        self._known = self._renewed_at = self._failure = self._refused_at = None

    async def current(self) -> SecretStr:
        """The secret; a new one shortly before the old one ends.

        Raises:
            ErpError: the failure of `ask`, for everybody who waited for it; a refusal, for a minute.
        """
        seen = self._attempts
        async with self._lock:
            if self._known is not None and self.monotonic() < self._good_until:
                return self._known
            has_news = any(reference.has_news() for reference in self.references)
            refused = too_soon(self._refused_at, self.monotonic()) and not has_news
            if self._failure is not None and (self._attempts != seen or refused):
                raise self._failure.with_traceback(None)
            return await self._fetched()

    async def renewed(self, refused: SecretStr) -> bool:
        """Get another one, unless that was done within the last minute.

        Whoever waited while one was had goes on with that one, also where it reads as the old one did.
        """
        seen = self._attempts
        async with self._lock:
            if self._known is not None and self._known != refused:
                return True
            if self._attempts != seen:
                return self._failure is None
            has_news = any(reference.has_news() for reference in self.references)
            if too_soon(self._renewed_at, self.monotonic()) and not has_news:
                return False
            self._renewed_at = self.monotonic()
            await self._fetched()
            return True

    async def _fetched(self) -> SecretStr:
        while True:
            began = self.monotonic()
            try:
                issue = await self._latest.run(self.ask)
            except Overtaken:
                continue
            except ErpError as failure:
                self._failure = failure
                self._refused_at = self.monotonic() if _is_refusal(failure) else None
                self._attempts += 1
                raise
            break
        self._known, self._made_of = issue.secret, issue.made_of
        self._good_until = began + issue.lifetime - min(60.0, issue.lifetime * 0.2)
        self._failure = self._refused_at = None
        self._attempts += 1
        return self._known


def _is_refusal(failure: ErpError) -> bool:
    """Whether the server itself turned the credential down."""
    return isinstance(failure, CredentialFailed) and failure.status is not None
