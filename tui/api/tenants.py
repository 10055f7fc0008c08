"""Where an Online tenant lives: asked of the state service, kept while valid, followed when it moves.

Invariants: credentials go to no address but one that the state service named and that is Online's own;
a read is sent again at most once after a move, a write never. Source: superoffice-erpsync §9.
"""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from tui import __version__
from tui.api.caller import Caller, bad, nothing_sent
from tui.api.errors import ErpError, Moved, TenantUnavailable
from tui.api.request import ApiRequest
from tui.api.settings import OnlineTenant
from tui.api.transport import Answer, Transport
from tui.api.wire import Unreadable
from tui.api.wire_tenant import read_tenant
from tui.api.words import Words
from tui.domain.systems import System
from tui.domain.tenant import LEAST_WAIT, Tenant, next_step, wait, why_not

_BELOW = "/api/"
"""Where a tenant's root ends in the URL of a call (superoffice-erpsync §2)."""


@dataclass(slots=True)
class Tenants:
    """What is known of one tenant; whoever needs it while it is being asked for waits for one answer."""

    online: OnlineTenant
    transport: Transport
    timeout: float = 30
    """Seconds for one ask, its retries included."""
    known: Tenant | None = None
    _due: float = 0.0
    """Monotonic time from which the state is asked for again."""
    _refused: str = ""
    """An address at which the tenant was not served."""
    _asks: int = 0
    _failure: ErpError | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def root(self) -> str:
        """The tenant's address as far as it is known."""
        return (self.known and self.known.root) or self.online.address

    async def current(self) -> Tenant:
        """The tenant, which serves.

        Raises:
            TenantUnavailable: it does not run; it is asked for anew by every call, so that `r` helps.
            ErpError: the state service did not tell, and nothing usable was known.
        """
        seen = self._asks
        async with self._lock:
            if self._asks == seen and not self._is_fresh():
                await self._ask()
            return self._serving()

    async def elsewhere(self, refused: str) -> Tenant:
        """The tenant after it was not served at `refused`; raises as `current`."""
        async with self._lock:
            if self.known is None or self.known.root == refused:
                self.doubt(refused)
                await self._ask()
            return self._serving()

    def doubt(self, refused: str = "") -> None:
        """A call failed, perhaps because of the tenant's state: ask before the next one."""
        self._due, self._refused = 0.0, refused or self._refused

    def _is_fresh(self) -> bool:
        return (
            self.known is not None and self.known.running and self.transport.time.elapsed() < self._due
        )

    def _serving(self) -> Tenant:
        if self._failure is not None:
            raise self._failure
        assert self.known is not None  # noqa: S101 - there is an answer or a failure
        if not self.known.running:
            raise _unavailable(self.known)
        return self.known

    async def _ask(self) -> None:
        """Ask once; a state service that fails does not take away a tenant that serves."""
        now = self.transport.time.elapsed
        try:
            self.known, self._failure = await self._answered(), None
        except ErpError as failure:
            known = self.known
            if known is None or not known.running or known.root == self._refused:
                self._failure = failure
            else:
                self.known, self._failure = replace(known, trouble=failure.sentence), None
                self._due = now() + LEAST_WAIT
        else:
            self._due = now() + wait(self.known)
        self._asks += 1

    async def _answered(self) -> Tenant:
        request = self._request()
        answer = await self.transport.exchange(request)
        now = datetime.fromtimestamp(self.transport.time.wall(), UTC)
        ahead = self.transport.offset or 0.0
        try:
            return read_tenant(answer.tree, self.online.customer_id, request.url, now, ahead)
        except Unreadable as problem:
            step = "Check customer_id, environment and what stands between"
            raise bad(request, answer, f"the tenant's state: {problem}", step=step) from None

    def _request(self) -> ApiRequest:
        headers = (("Accept", "application/json"), ("User-Agent", f"syncdeck/{__version__}"))
        return ApiRequest(
            System.SUPEROFFICE,
            "GET",
            self.online.asked_at,
            headers,
            repeatable=True,
            timeout=self.timeout,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantCaller(Caller):
    """A caller whose requests go to where the tenant lives at that moment."""

    tenants: Tenants

    async def call(self, request: ApiRequest) -> Answer:
        """As `Caller.call`; a read that met a move is sent once more, to the new address.

        Raises:
            TenantUnavailable: the tenant does not run; nothing was sent to it.
            Moved: also for a write, which was not done; it is not sent again by itself.
        """
        with nothing_sent():
            tenant = await self.tenants.current()
        if not request.repeatable and _at(tenant, request).url != request.url:
            raise _moved_before(request, tenant)
        try:
            return await self._called(request, tenant)
        except Moved as refusal:
            if not request.repeatable:
                raise _not_done(refusal, tenant, await self._after(tenant)) from None
            moved = await self.tenants.elsewhere(tenant.root)
            if moved.root == tenant.root:
                raise _nowhere(refusal, tenant) from None
        except ErpError as failure:
            self.tenants.doubt()
            if request.repeatable and failure.status is not None:
                await self._told_by_state()
            raise
        try:
            return await self._called(request, moved)
        except Moved as refusal:
            self.tenants.doubt(moved.root)
            raise _nowhere(refusal, moved) from None

    async def _after(self, refusing: Tenant) -> Tenant | None:
        """The tenant once an address did not serve it; None where its state is not told."""
        try:
            return await self.tenants.elsewhere(refusing.root)
        except ErpError:
            return None

    async def _told_by_state(self) -> None:
        """Raise what the state service says, where that is why the tenant did not answer."""
        try:
            await self.tenants.current()
        except TenantUnavailable as told:
            raise told from None
        except ErpError:
            return

    async def _called(self, request: ApiRequest, tenant: Tenant) -> Answer:
        return await Caller.call(self, _at(tenant, request))


def _at(tenant: Tenant, request: ApiRequest) -> ApiRequest:
    """The request where the tenant lives."""
    return replace(request, url=f"{tenant.root}{below_root(request.url)}")


def below_root(url: str) -> str:
    """What of a call's URL comes below a tenant's root, from `/api/` on; its case may be a server's."""
    parts = urlsplit(url)
    start = parts.path.lower().find(_BELOW)
    kept = parts.path[start:] if start >= 0 else f"{_BELOW[:-1]}{parts.path}"
    return parts._replace(scheme="", netloc="", path=kept).geturl()


def state_hint(request: ApiRequest, status: int, words: Words) -> tuple[str, str]:
    """What a failure of the state service means; a `failures.Hint`."""
    del words
    if status in (400, 404):
        known = request.path.rpartition("/")[2]
        return f"the tenant state service knows no {known}", "Check customer_id and environment"
    if status >= 500:
        return "the tenant state service does not serve at the moment", ""
    return "the tenant state service refuses to tell the state", "Check customer_id and environment"


def _unavailable(tenant: Tenant) -> TenantUnavailable:
    return TenantUnavailable(
        system=System.SUPEROFFICE,
        sentence=why_not(tenant),
        next_step=next_step(tenant),
        retry_after=wait(tenant),
        sent=False,
    )


def _moved_before(request: ApiRequest, tenant: Tenant) -> Moved:
    """A write that was built, and shown, for another address than the tenant's present one."""
    was = request.url.removesuffix(below_root(request.url)).partition("://")[2]
    return Moved(
        system=System.SUPEROFFICE,
        method=request.method,
        path=request.path,
        sentence=f"tenant {tenant.id} has moved from {was} to {_host(tenant)}",
        next_step="Review it again: it shows the new address",
        sent=False,
    )


def _not_done(refusal: Moved, tenant: Tenant, found: Tenant | None) -> Moved:
    if found is not None and found.root == tenant.root:
        refusal = _nowhere(refusal, tenant)
        refusal.sentence = f"{refusal.sentence}; nothing was changed"
        return refusal
    to = f" to {_host(found)}" if found else ""
    refusal.sentence = (
        f"tenant {tenant.id} has moved{to}: {_host(tenant)} no longer serves it (421);"
        " it was refused there and nothing was changed"
    )
    again = "Review it again: it shows the new address"
    refusal.next_step = again if found else "Refresh, then review it again"
    return refusal


def _nowhere(refusal: Moved, tenant: Tenant) -> Moved:
    refusal.sentence = (
        f"tenant {tenant.id} is not served at {_host(tenant)} (421),"
        " where the tenant state service still says that it lives"
    )
    refusal.next_step = "Wait: it is asked again; if it stays, ask SuperOffice"
    return refusal


def _host(tenant: Tenant) -> str:
    return tenant.root.partition("://")[2]
