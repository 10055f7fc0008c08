"""Where an Online tenant lives: requested from the state service, cached while valid, followed when it
moves.

Invariants: credentials go only to an address that the state service named and that belongs to Online;
a read is sent again at most once after a move, a write never. Source: superoffice PROTOCOL §9.
"""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from tui.api.auth.authorized_caller import Caller, invalid_response, nothing_sent
from tui.api.error_body import Words
from tui.api.errors import ErpError, Moved, TenantUnavailable
from tui.api.http.request import PLAIN, ApiRequest
from tui.api.http.transport import Answer, Transport
from tui.api.row_reader import Unreadable
from tui.api.settings import OnlineTenant
from tui.api.superoffice.tenant_row import read_tenant
from tui.domain.profile import System
from tui.domain.superoffice.tenant import LEAST_WAIT, Tenant, next_step, wait, why_not
from tui.frozen import frozen

_BELOW = "/api/"
"""The beginning of a call's path below a tenant's root (superoffice PROTOCOL §2)."""


@dataclass(slots=True)
class Tenants:
    """The state of one tenant; concurrent callers share one request."""

    online: OnlineTenant
    transport: Transport
    timeout: float = 30
    """Seconds for one request, its retries included."""
    known: Tenant | None = None
    _due: float = 0.0
    """Monotonic time from which the state is requested again."""
    _refused: str = ""
    """An address that did not serve the tenant."""
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
            TenantUnavailable: it does not run; every call requests the state again, so that `r` helps.
            ErpError: the state service did not respond, and nothing usable was known.
        """
        seen = self._asks
        async with self._lock:
            if self._asks == seen and not self._is_fresh():
                await self._ask()
            return self._serving()

    async def elsewhere(self, refused: str) -> Tenant:
        """The tenant after `refused` did not serve it; raises as `current`."""
        async with self._lock:
            if self.known is None or self.known.root == refused:
                self.doubt(refused)
                await self._ask()
            return self._serving()

    def doubt(self, refused: str = "") -> None:
        """A call failed, perhaps because of the tenant's state: request it before the next one."""
        self._due, self._refused = 0.0, refused or self._refused

    def _is_fresh(self) -> bool:
        return (
            self.known is not None and self.known.running and self.transport.time.elapsed() < self._due
        )

    def _serving(self) -> Tenant:
        if self._failure is not None:
            raise self._failure
        assert self.known is not None  # noqa: S101 - there is a tenant or a failure
        if not self.known.running:
            raise _unavailable(self.known)
        return self.known

    async def _ask(self) -> None:
        """Request once; a failing state service does not remove a tenant that serves."""
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
            step = "Check customer_id, environment and any proxy or load balancer"
            raise invalid_response(
                request, answer, f"the tenant's state: {problem}", step=step
            ) from None

    def _request(self) -> ApiRequest:
        url = self.online.asked_at
        return ApiRequest(System.SUPEROFFICE, "GET", url, PLAIN, repeatable=True, timeout=self.timeout)


@frozen
class TenantCaller(Caller):
    """A caller whose requests go to the tenant's current address."""

    tenants: Tenants = field(kw_only=True)

    async def call(self, request: ApiRequest) -> Answer:
        """As `Caller.call`; a read that fails because of a move is sent once more, to the new address.

        Raises:
            TenantUnavailable: the tenant does not run; nothing was sent to it.
            Moved: also for a write, which was not done; it is not sent again automatically.
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
                await self._raise_state()
            raise
        try:
            return await self._called(request, moved)
        except Moved as refusal:
            self.tenants.doubt(moved.root)
            raise _nowhere(refusal, moved) from None

    async def _after(self, refusing: Tenant) -> Tenant | None:
        """The tenant after an address did not serve it; None if the state service does not respond."""
        try:
            return await self.tenants.elsewhere(refusing.root)
        except ErpError:
            return None

    async def _raise_state(self) -> None:
        """Raise the tenant's state if that explains why the tenant did not respond."""
        try:
            await self.tenants.current()
        except TenantUnavailable as unavailable:
            raise unavailable from None
        except ErpError:
            return

    async def _called(self, request: ApiRequest, tenant: Tenant) -> Answer:
        return await Caller.call(self, _at(tenant, request))


def _at(tenant: Tenant, request: ApiRequest) -> ApiRequest:
    return replace(request, url=f"{tenant.root}{below_root(request.url)}")


def below_root(url: str) -> str:
    """The part of a call's URL below a tenant's root, from `/api/` on; ignores case."""
    parts = urlsplit(url)
    start = parts.path.lower().find(_BELOW)
    kept = parts.path[start:] if start >= 0 else f"{_BELOW[:-1]}{parts.path}"
    return parts._replace(scheme="", netloc="", path=kept).geturl()


def state_hint(request: ApiRequest, status: int, _words: Words) -> tuple[str, str]:
    """What a failure of the state service means; a `error_mapping.Hint`."""
    if status in (400, 404):
        known = request.path.rpartition("/")[2]
        return f"the tenant state service does not know {known}", "Check customer_id and environment"
    if status >= 500:
        return "the tenant state service is temporarily unavailable", ""
    return "the tenant state service refuses to report the state", "Check customer_id and environment"


def _unavailable(tenant: Tenant) -> TenantUnavailable:
    return TenantUnavailable(
        system=System.SUPEROFFICE,
        sentence=why_not(tenant),
        next_step=next_step(tenant),
        retry_after=wait(tenant),
        sent=False,
    )


def _moved_before(request: ApiRequest, tenant: Tenant) -> Moved:
    """A write that was built, and reviewed, for another address than the tenant's current one."""
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
        " where the tenant state service still places it"
    )
    refusal.next_step = "No action needed: retried automatically; if it fails again, contact SuperOffice"
    return refusal


def _host(tenant: Tenant) -> str:
    return tenant.root.partition("://")[2]
