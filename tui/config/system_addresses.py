"""The identifying addresses of a profile's systems: with the tenant if an address has several.

Invariant: two configurations that reach different data have different addresses here, and none contains
a login. The address of an Online tenant does not change when it moves.
"""

from urllib.parse import urlsplit

from tui.config.model import Jtl, SuperOffice

_PORTS = {"http": 80, "https": 443}
_API = "/api"
_ONLINE = "https://{}.superoffice.com"


def jtl_address(table: Jtl) -> str:
    """The base address with tenant and company, such as `https://api.jtl-cloud.com/erp · tenant …`."""
    more = (("tenant", table.tenant_id), ("company", table.company_id))
    return " · ".join((_plain(table.base_url), *(f"{name} {value}" for name, value in more if value)))


def superoffice_address(table: SuperOffice) -> str:
    """The tenant's root; of an Online tenant the state service and the customer id."""
    if table.base_url:
        root = _plain(table.base_url)
        return root[: -len(_API)] if root.lower().endswith(_API) else root
    service = table.state_url or _ONLINE.format(table.environment)
    return f"{_plain(service)} · tenant {table.customer_id}"


def _plain(url: str) -> str:
    """A URL for comparison: no login, no default port, no slash at its end."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    port = "" if parts.port in (None, _PORTS.get(parts.scheme.lower())) else f":{parts.port}"
    return f"{parts.scheme.lower()}://{host}{port}{parts.path.rstrip('/')}"
