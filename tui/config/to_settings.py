"""Converts the config model into the settings of the service, the poller and the guard."""

from tui.api import settings as api
from tui.config.model import (
    BasicAuth,
    BearerAuth,
    ClientCredentialsAuth,
    Jtl,
    JtlAuth,
    Profile,
    Refresh,
    SessionAuth,
    SuperOffice,
    SystemUserAuth,
    TicketAuth,
    WawiAuth,
)
from tui.config.system_addresses import jtl_address, superoffice_address
from tui.domain.profile import Environment, ProfileFacts, System
from tui.store.snapshot import Topic

_SLOWER = 3
"""Factor for the seconds between two polls on a slow line."""


def to_service_settings(
    name: str, profile: Profile, hidden: frozenset[str] = frozenset()
) -> api.ServiceSettings:
    """The settings of the profile's service; secrets stay references. `withheld`: see there."""
    return api.ServiceSettings(
        name=name,
        jtl=_jtl(profile.jtl) if profile.jtl else None,
        superoffice=_superoffice(profile.superoffice) if profile.superoffice else None,
        connection=api.ConnectionSettings(
            ca_bundle=profile.ca_bundle,
            proxy=profile.proxy,
            max_response_mb=profile.max_response_mb,
        ),
        hidden=hidden,
    )


def to_facts(name: str, profile: Profile, *, read_only: bool = False) -> ProfileFacts:
    """The profile's public facts; `read_only` forces read-only, it never lifts it."""
    environment = Environment(profile.environment)
    own = environment is Environment.PRODUCTION if profile.read_only is None else profile.read_only
    systems = {System.JTL: profile.jtl, System.SUPEROFFICE: profile.superoffice}
    configured = frozenset(system for system, table in systems.items() if table is not None)
    addresses = (
        *([(System.JTL, jtl_address(profile.jtl))] if profile.jtl else []),
        *(
            [(System.SUPEROFFICE, superoffice_address(profile.superoffice))]
            if profile.superoffice
            else []
        ),
    )
    return ProfileFacts(
        name, environment, read_only or own, configured, sealed=read_only, addresses=addresses
    )


def every(refresh: Refresh, *, slow: bool = False) -> dict[Topic, float]:
    """Seconds between two polls by topic; the status follows the workers unless it is set.

    `slow`: the line to the terminal is slow, and every change on screen takes time.
    """
    factor = _SLOWER if slow else 1
    given = {
        Topic.WORKERS: refresh.workers,
        Topic.STATUS: refresh.workers if refresh.status is None else refresh.status,
        Topic.EXTENSIONS: refresh.extensions,
        Topic.ENGINE: refresh.engine,
        Topic.CONNECTIONS: refresh.connections,
    }
    return {topic: factor * seconds for topic, seconds in given.items()}


def _jtl(table: Jtl) -> api.JtlSettings:
    return api.JtlSettings(
        base_url=table.base_url,
        auth=_jtl_auth(table.auth),
        deployment=table.deployment,
        api_version=table.api_version,
        tenant_id=table.tenant_id,
        app_id=table.app_id,
        app_version=table.app_version,
        run_as=table.run_as,
        company_id=table.company_id,
        session_id=table.session_id,
        api_key=table.api_key,
        api_version_header=table.api_version_header,
    )


def _jtl_auth(auth: JtlAuth) -> api.JtlAuth:
    match auth:
        case ClientCredentialsAuth():
            return api.ClientCredentials(auth.token_url, auth.client_id, auth.client_secret)
        case BearerAuth():
            return api.BearerToken(auth.token)
        case WawiAuth():
            return api.WawiKey(auth.api_key)


def _superoffice(table: SuperOffice) -> api.SuperOfficeSettings:
    return api.SuperOfficeSettings(
        base_url=table.base_url or "",
        auth=_superoffice_auth(table),
        app_token=table.app_token,
        language=table.language,
        culture=table.culture,
        time_zone=table.time_zone,
        online=_online(table),
    )


def _online(table: SuperOffice) -> api.OnlineTenant | None:
    if table.environment is None or table.customer_id is None:
        return None
    return api.OnlineTenant(table.environment, table.customer_id, table.state_url or "")


def _superoffice_auth(table: SuperOffice) -> api.SuperOfficeAuth:
    match auth := table.auth:
        case BearerAuth():
            return api.BearerToken(auth.token)
        case BasicAuth():
            return api.BasicLogin(auth.username, auth.password)
        case TicketAuth():
            return api.SoTicket(auth.ticket)
        case SessionAuth():
            return api.WebSession(auth.cookie, auth.xsrf)
        case SystemUserAuth():
            return api.SystemUser(
                auth.system_user_token,
                auth.private_key,
                auth.context_id or table.customer_id or "",
                auth.login_url or f"{api.online_host(table.environment or '')}{api.LOGIN_PATH}",
            )
