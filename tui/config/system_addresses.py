"""The identifying addresses of a profile's systems: with the tenant if an address has several.

Invariant: two configurations that reach different data have different addresses here, and none contains
a login. The address of an Online tenant does not change when it moves.
"""

from urllib.parse import urlsplit

from tui.api.settings import JtlSettings, SuperOfficeSettings, online_host

_PORTS = {"http": 80, "https": 443}
_API = "/api"


def jtl_address(table: JtlSettings) -> str:
    """The base address with tenant and company, such as `https://api.jtl-cloud.com/erp · tenant …`."""
    more = (("tenant", table.tenant_id), ("company", table.company_id))
    return " · ".join((_plain(table.base_url), *(f"{name} {value}" for name, value in more if value)))


def superoffice_address(table: SuperOfficeSettings) -> str:
    """The tenant's root; of an Online tenant the state service and the customer id."""
    if table.base_url:
        root = _plain(table.base_url)
        return root[: -len(_API)] if root.lower().endswith(_API) else root
    service = table.state_url or online_host(table.environment or "")
    return f"{_plain(service)} · tenant {table.customer_id}"


def _plain(url: str) -> str:
    """A URL for comparison: no login, no default port, no slash at its end."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    port = "" if parts.port in (None, _PORTS.get(parts.scheme.lower())) else f":{parts.port}"
    return f"{parts.scheme.lower()}://{host}{port}{parts.path.rstrip('/')}"
