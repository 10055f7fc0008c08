"""What a profile's systems are known by: the address, and the tenant where an address has several.

Invariant: two configurations that reach different data have different names here, and no name holds a
login. A tenant of Online keeps its name when it moves.
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
    """The tenant's root; of a tenant that is looked up, the one who is asked, and its customer id."""
    if table.base_url:
        root = _plain(table.base_url)
        return root[: -len(_API)] if root.lower().endswith(_API) else root
    service = table.state_url or _ONLINE.format(table.environment)
    return f"{_plain(service)} · tenant {table.customer_id}"


def _plain(url: str) -> str:
    """A URL as it is compared: no login, no default port, no slash at its end."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    port = "" if parts.port in (None, _PORTS.get(parts.scheme.lower())) else f":{parts.port}"
    return f"{parts.scheme.lower()}://{host}{port}{parts.path.rstrip('/')}"
