"""One call to the JTL side, taken apart: version, casing, area, path, body.

Source: jtl PROTOCOL §1, §4.2, §7.
"""

import re
from typing import Any
from uuid import UUID

from tui.frozen import frozen
from tui.simulator.http_messages import Received, lowered
from tui.simulator.jtl.errors import invalid, not_found, refusal

_PATH = re.compile(
    r"/?(?:v(?P<version>\d+)(?:/|$))?(?P<area>workers|extensions)?(?P<rest>/.*)?", re.IGNORECASE
)
_HEADER_VERSIONS = {"1": 1, "2": 2}


@frozen
class Call:
    request: Received
    camel: bool
    area: str
    parts: tuple[str, ...]
    """What follows the area, split at slashes."""

    @property
    def fields(self) -> dict[str, Any]:
        """The JSON object of the body, its names lower case (ASP.NET reads them in any case).

        Raises Refused: 400 where it is no JSON object.
        """
        return fields_of(self.request)


def fields_of(request: Received) -> dict[str, Any]:
    try:
        tree = request.parsed
    except ValueError as error:
        raise refusal(400, "MALFORMED_JSON", f"The body is no JSON: {error}") from None
    if not isinstance(tree, dict):
        raise refusal(400, "MALFORMED_JSON", "The body must be a JSON object.")
    return lowered(tree)


def read_call(request: Received, path: str) -> Call:
    """Take apart `path`, which begins behind the base.

    Raises Refused: 404 for an unknown path, 400 for a version that is given twice or unknown.
    """
    match = _PATH.fullmatch(path)
    if match is None or match["area"] is None:
        raise not_found("The path")
    in_path = int(match["version"] or 0)
    in_header = request.headers.get("api-version")
    if in_path and in_header is not None:
        raise refusal(400, "AmbiguousApiVersion", "Specify only a single API version: path or header.")
    if in_path > 2:
        raise not_found("The path")
    chosen = in_path or _from_header(in_header)
    parts = tuple(part for part in (match["rest"] or "").split("/") if part)
    return Call(request, chosen == 2, match["area"].lower(), parts)


def read_id(text: str, name: str) -> str:
    """The uuid in a path, in our spelling. Raises Refused: 400 where it is none."""
    try:
        return str(UUID(text))
    except ValueError:
        raise invalid({name: [f"The value '{text}' is not a valid Guid."]}) from None


def _from_header(header: str | None) -> int:
    if header is None:
        return 1
    major = header.partition(".")[0]
    if major not in _HEADER_VERSIONS:
        raise refusal(400, "UnsupportedApiVersion", f"The API version '{header}' is not supported.")
    return _HEADER_VERSIONS[major]
