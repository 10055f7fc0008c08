"""How one profile reaches SuperOffice: at a fixed address, or at an Online tenant that is looked up.

What the un-numbered hosts of Online serve (the tenant's state, the login of a system user) goes by a
transport of its own: its clock is not the tenant's, and no credential of the tenant is sent there.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tui.api.auth import Credential, slot
from tui.api.caller import Caller
from tui.api.failures import Hint
from tui.api.references import References
from tui.api.settings import SuperOfficeSettings, SystemUser, describe
from tui.api.superoffice import RENEW_ON, credential
from tui.api.tenants import TenantCaller, Tenants, state_hint
from tui.api.transport import Transport
from tui.domain.systems import System
from tui.domain.tenant import Tenant


@dataclass(frozen=True, slots=True)
class Reach:
    """A caller, and what is known of where it calls."""

    caller: Caller
    base: Callable[[], str]
    """Below which address requests are built."""
    tenant: Callable[[], Tenant | None]
    """What was last told of the tenant; None: on site, or not asked yet."""


def reach(
    settings: SuperOfficeSettings, transport: Transport, timeout: float, references: References
) -> Reach:
    """Nothing is asked yet; `timeout`: seconds for one ask of the state service."""
    access = _access(settings, transport, references)
    if settings.online is None:
        return Reach(Caller(transport, access, RENEW_ON), lambda: settings.base_url, lambda: None)
    tenants = Tenants(settings.online, _beside(transport, state_hint), timeout)
    caller = TenantCaller(transport=transport, credential=access, renew_on=RENEW_ON, tenants=tenants)
    return Reach(caller, lambda: tenants.root, lambda: tenants.known)


def _access(settings: SuperOfficeSettings, transport: Transport, references: References) -> Credential:
    auth = settings.auth
    if not isinstance(auth, SystemUser):
        return credential(settings, references)
    if settings.app_token is None:
        raise ValueError("a system user needs app_token")
    from tui.api.system_user import TicketSource

    login = _beside(transport, lambda *_: ("", ""))
    app = references.kept(settings.app_token, "app token")
    ticket = TicketSource(
        monotonic=transport.time.elapsed,
        settings=auth,
        token=references.kept(auth.system_user_token, "system user token"),
        key=references.kept(auth.private_key, "private key", many_lines=True),
        app=app,
        fetch=login.exchange,
        now=lambda: transport.time.wall() + (login.offset or 0.0),
    )
    return Credential(
        System.SUPEROFFICE,
        (
            slot("Authorization", "SOTicket", ticket, "the ticket of the system user"),
            slot("SO-AppToken", "", app, describe(app.ref)),
        ),
    )


def _beside(transport: Transport, hint: Hint) -> Transport:
    """Another transport of the same system, on the same connections."""
    return Transport(
        transport.system,
        transport.pool,
        hint,
        transport.max_response_mb,
        transport.time,
        transport.wire_log,
    )
