"""What JTL-Wawi reports of itself, and whether it is the database that the profile names. Pure.

Source: jtl PROTOCOL §10.
"""

import re
from urllib.parse import unquote, urlsplit

from tui.frozen import frozen

_DATABASE = re.compile(r"/api/([^/]+)/*")
_NUMBER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
REMEDY = "Check the database at the end of base_url; upper and lower case count"


@frozen
class ServerInfo:
    version: str = ""
    tenant: str = ""
    """On-premises the database; empty: not reported."""
    kind: str = ""
    """Such as `OnPremises`."""

    @property
    def text(self) -> str:
        """`version 1.11.7 · database eazybusiness · OnPremises`."""
        tenant = "tenant" if _NUMBER.fullmatch(self.tenant) else "database"
        parts = (("version", self.version), (tenant, self.tenant), ("", self.kind))
        return " · ".join(f"{word} {part}".strip() for word, part in parts if part)


def other_database(info: ServerInfo, base_url: str) -> str:
    """That the server reports another database than `…/api/DATABASE` names; empty: it does not.

    A tenant that is a UUID is not the name of a database.
    """
    named = _DATABASE.fullmatch(urlsplit(base_url).path)
    database = unquote(named[1]) if named else ""
    if not database or not info.tenant or _NUMBER.fullmatch(info.tenant) or info.tenant == database:
        return ""
    return f"base_url names the database {database}, the server reports {info.tenant}"
