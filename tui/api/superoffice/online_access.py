"""How one profile reaches SuperOffice: at a fixed address, or at an Online tenant that it looks up.

Requests to the un-numbered hosts of Online (the tenant's state, the login of a system user) use a
transport of their own: its clock is not the tenant's, and no credential of the tenant is sent there.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.api.auth.authorized_caller import Caller
from tui.api.auth.credential import Credential, extra_slots, slot
from tui.api.auth.secret_source import SecretSources
from tui.api.http.error_mapping import Hint
from tui.api.http.transport import Transport
from tui.api.settings import SuperOfficeSettings
from tui.api.superoffice.client import RENEW_ON, credential
from tui.domain.profile import System
from tui.frozen import frozen

if TYPE_CHECKING:
    from tui.domain.superoffice.tenant import Tenant


@frozen
class SuperOfficeAccess:
    caller: Caller
    base: Callable[[], str]
    """The address below which requests are built."""
    tenant: "Callable[[], Tenant | None]"
    """The last known tenant; None: on site, or not requested yet."""


def superoffice_access(
    settings: SuperOfficeSettings, transport: Transport, timeout: float, references: SecretSources
) -> SuperOfficeAccess:
    """Sends nothing yet; `timeout`: seconds for one request to the state service."""
    access = _access(settings, transport, references)
    if settings.online is None:
        root = settings.base_url or ""
        return SuperOfficeAccess(Caller(transport, access, RENEW_ON), lambda: root, lambda: None)
    from tui.api.superoffice.tenant_directory import TenantCaller, Tenants, state_hint

    tenants = Tenants(settings.online, _beside(transport, state_hint), timeout)
    caller = TenantCaller(transport=transport, credential=access, renew_on=RENEW_ON, tenants=tenants)
    return SuperOfficeAccess(caller, lambda: tenants.root, lambda: tenants.known)


def _access(
    settings: SuperOfficeSettings, transport: Transport, references: SecretSources
) -> Credential:
    auth = settings.system_user
    if auth is None:
        return credential(settings, references)
    if settings.app_token is None:
        raise ValueError("a system user needs app_token")
    from tui.api.auth.system_user_login import TicketSource

    login = _beside(transport, lambda *_: ("", ""))
    app = references.source(settings.app_token, "app token")
    ticket = TicketSource(
        monotonic=transport.time.elapsed,
        settings=auth,
        token=references.source(auth.system_user_token, "system user token"),
        key=references.source(auth.private_key, "private key", many_lines=True),
        app=app,
        fetch=login.exchange,
        now=lambda: transport.time.wall() + (login.offset or 0.0),
    )
    return Credential(
        System.SUPEROFFICE,
        (
            slot("Authorization", "SOTicket", ticket),
            slot("SO-AppToken", "", app),
            *extra_slots(settings.headers, references),
        ),
    )


def _beside(transport: Transport, hint: Hint) -> Transport:
    """Another transport of the same system that shares its connections."""
    return Transport(
        transport.system,
        transport.pool,
        hint,
        transport.max_response_mb,
        transport.time,
        transport.wire_log,
        known=lambda: transport.known(),
    )
