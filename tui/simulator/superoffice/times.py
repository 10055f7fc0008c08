"""Times as the SuperOffice side writes them: in the zone, and with the offset, that a header asks for.

Source: superoffice PROTOCOL §3, §4. Methods leave `datetime` in their trees; `told` turns it to text.
"""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from tui.simulator.http_messages import rebuilt

NEVER = datetime(1, 1, 1, tzinfo=UTC)
TENANT_ZONE = timezone(timedelta(hours=1))
"""The tenant's base zone: what a time without an offset is in."""


def told(tree: Any, zone_header: str) -> Any:
    """The tree with its times as text; `zone_header` is SO-TimeZone, such as `UTC, includeTZOffset`."""
    header = zone_header.lower()
    return rebuilt(tree, lambda leaf: _text(leaf, header) if isinstance(leaf, datetime) else leaf)


def _text(at: datetime, header: str) -> str:
    if at == NEVER:
        return "0001-01-01T00:00:00"
    utc = header.startswith("utc")
    local = at.astimezone(UTC if utc else TENANT_ZONE)
    offset = ("Z" if utc else "+01:00") if "includetzoffset" in header else ""
    return f"{local:%Y-%m-%dT%H:%M:%S.%f}0{offset}"
