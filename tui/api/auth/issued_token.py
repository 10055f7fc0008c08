"""A secret that a server issues for a limited time: cached, renewed before it ends and when refused.

Invariants: one request at a time; a server that refuses what it issued is asked for another one at most
once a minute unless the source secrets changed, and after a few seconds if it had accepted it before: it
was restarted; all waiting callers share one response; a refused request is not repeated within a minute,
because a server may lock out a client that insists; `forget` discards a request that began before it.
"""

import asyncio
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar

from pydantic import SecretStr

from tui.api.auth.latest_attempt import LatestAttempt, Superseded
from tui.api.auth.secret_source import RENEWAL_PAUSE, Monotonic, ReferenceSource, too_soon
from tui.api.errors import CredentialFailed, ErpError

Secrets = tuple[SecretStr, ...]
"""The source secrets of a token, in the order of its `references`."""
SHORTEST, LONGEST = 2.0, 10.0
"""Seconds between two renewals of tokens that were accepted, doubled with each within a minute."""


@dataclass(slots=True, kw_only=True)
class IssuedToken(ABC):
    """Subclasses request a new one in `log_in`."""

    monotonic: Monotonic
    _known: SecretStr | None = None
    _made_of: Secrets = ()
    _good_until: float = 0.0
    _renewed_at: float | None = None
    _has_worked: bool = False
    """Whether the server accepted the current one."""
    _in_a_row: int = 0
    """Renewals that followed each other within a minute."""
    _attempts: int = 0
    _failure: ErpError | None = None
    _refused_at: float | None = None
    """When a server last refused to issue one; None: no refusal since the last success."""
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _latest: LatestAttempt = field(default_factory=LatestAttempt)

    title: ClassVar[str]
    """Its name in a sentence."""

    @property
    @abstractmethod
    def references(self) -> tuple[ReferenceSource, ...]:
        """The stored secrets behind it, which an operator can re-enter."""

    @abstractmethod
    async def log_in(self, secrets: Secrets) -> tuple[SecretStr, float]:
        """A new one, and the seconds for which it is valid. Raises ErpError: the server issued none."""

    @abstractmethod
    def blames_secrets(self, failure: ErpError) -> bool:
        """Whether other source secrets may end this failure of `log_in`."""

    @property
    def held(self) -> tuple[SecretStr, ...]:
        """Every secret that it holds now, so that texts can be masked; no I/O."""
        issued = () if self._known is None else (self._known,)
        return (*(secret for one in self.references for secret in one.held), *issued)

    def judged(self, secret: SecretStr, *, accepted: bool) -> None:
        """A judgement of it is one of its source secrets."""
        if secret == self._known:
            self._has_worked = self._has_worked or accepted
            self._judge(self._made_of, accepted=accepted)

    def _judge(self, made_of: Secrets, *, accepted: bool) -> None:
        for reference, secret in zip(self.references, made_of, strict=True):
            reference.judged(secret, accepted=accepted)

    def forget(self) -> None:
        """Request a new one at the next use, also for callers that wait for one now."""
        self._latest.supersede()
        self._known = self._renewed_at = self._failure = self._refused_at = None

    def hurry(self) -> None:
        """Let the next refusal be followed by a renewal at once, at the operator's request."""
        if self._renewed_at is None or self.monotonic() - self._renewed_at >= SHORTEST:
            self._renewed_at = self._refused_at = None

    @property
    def pause(self) -> float:
        """Seconds until a refusal may be followed by a renewal."""
        if self._renewed_at is None:
            return 0.0
        least = min(LONGEST, SHORTEST * 2 ** (self._in_a_row - 1)) if self._has_worked else RENEWAL_PAUSE
        return max(0.0, least - (self.monotonic() - self._renewed_at))

    async def current(self) -> SecretStr:
        """The secret; a new one shortly before the old one ends.

        Raises ErpError: the failure of `log_in`, for all waiting callers; a refusal, for a minute.
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
        """Get another one, unless it is too soon for that; a request that failed does not count.

        Callers that waited for a new one use it even if it equals the old one.
        """
        seen = self._attempts
        async with self._lock:
            if self._known is not None and self._known != refused:
                return True
            if self._attempts != seen:
                return self._failure is None
            has_news = any(reference.has_news() for reference in self.references)
            if self.pause and not has_news:
                return False
            await self._fetched()
            recent = too_soon(self._renewed_at, self.monotonic())
            self._in_a_row = self._in_a_row + 1 if recent else 1
            self._renewed_at = self.monotonic()
            return True

    async def _fetched(self) -> SecretStr:
        while True:
            began = self.monotonic()
            try:
                issued, lifetime, made_of = await self._latest.run(self._asked)
            except Superseded:
                continue
            except ErpError as failure:
                self._failure = failure
                refused = isinstance(failure, CredentialFailed) and failure.status is not None
                self._refused_at = self.monotonic() if refused else None
                self._attempts += 1
                raise
            break
        self._known, self._made_of, self._has_worked = issued, made_of, False
        self._good_until = began + lifetime - min(60.0, lifetime * 0.2)
        self._failure = self._refused_at = None
        self._attempts += 1
        return issued

    async def _asked(self) -> tuple[SecretStr, float, Secrets]:
        """Log in; reads the secrets again once if they may be why that failed."""
        secrets = await self._read()
        try:
            issued = await self.log_in(secrets)
        except ErpError as failure:
            if not self.blames_secrets(failure):
                raise
            if failure.status is not None:
                self._judge(secrets, accepted=False)
            pairs = zip(self.references, secrets, strict=True)
            if not any([await one.renewed(secret) for one, secret in pairs]):
                raise
            secrets = await self._read()
            issued = await self.log_in(secrets)
        self._judge(secrets, accepted=True)
        return *issued, secrets

    async def _read(self) -> Secrets:
        return tuple([await one.current() for one in self.references])
