"""A secret that a server issues for a limited time: cached, renewed before it ends and when refused.

Invariants: one request at a time, at most one renewal per minute unless its source secrets changed; all
waiting callers share one response; a refused request is not repeated within a minute, because a server
may lock out a client that insists; `forget` discards a request that began before it.
"""

import asyncio
from dataclasses import dataclass, field

from pydantic import SecretStr

from tui.api.auth.latest_attempt import LatestAttempt, Superseded
from tui.api.auth.secret_source import Monotonic, ReferenceSource, too_soon
from tui.api.errors import CredentialFailed, ErpError


@dataclass(frozen=True, slots=True)
class IssuedSecret:
    """A secret that a server issued."""

    secret: SecretStr
    lifetime: float
    """Seconds for which it is valid."""
    made_of: tuple[SecretStr, ...]
    """The source secrets, in the order of `references`."""


@dataclass(slots=True, kw_only=True)
class IssuedToken:
    """Subclasses request a new one in `ask`."""

    monotonic: Monotonic
    _known: SecretStr | None = None
    _made_of: tuple[SecretStr, ...] = ()
    _good_until: float = 0.0
    _renewed_at: float | None = None
    _attempts: int = 0
    _failure: ErpError | None = None
    _refused_at: float | None = None
    """When a server last refused to issue one; None: no refusal since the last success."""
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _latest: LatestAttempt = field(default_factory=LatestAttempt)

    @property
    def issued(self) -> tuple[SecretStr, ...]:
        """The current one, to be masked in every response."""
        return () if self._known is None else (self._known,)

    async def ask(self) -> IssuedSecret:
        """Request a new one.

        Raises:
            ErpError: the server issued none.
        """
        raise NotImplementedError

    @property
    def references(self) -> tuple[ReferenceSource, ...]:
        """The stored source secrets."""
        raise NotImplementedError

    def judged(self, secret: SecretStr, *, accepted: bool) -> None:
        """A judgement of it is one of its source secrets."""
        if secret == self._known:
            self._judge(self._made_of, accepted=accepted)

    def _judge(self, made_of: tuple[SecretStr, ...], *, accepted: bool) -> None:
        for reference, secret in zip(self.references, made_of, strict=True):
            reference.judged(secret, accepted=accepted)

    def forget(self) -> None:
        """Request a new one at the next use, also for callers that wait for one now."""
        self._latest.supersede()
        self._known = self._renewed_at = self._failure = self._refused_at = None

    async def current(self) -> SecretStr:
        """The secret; a new one shortly before the old one ends.

        Raises:
            ErpError: the failure of `ask`, for all waiting callers; a refusal, for a minute.
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

        Callers that waited for a new one use it even if it equals the old one.
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
            except Superseded:
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
    """Whether the server itself rejected the credential."""
    return isinstance(failure, CredentialFailed) and failure.status is not None
