"""Registering an app at a JTL-Wawi on-premises; `jtl.http_registrar` implements it over HTTP.

Standard library only. Source: jtl PROTOCOL §4.2.
"""

from typing import TYPE_CHECKING, Protocol

from tui.domain.jtl.registration import Decision
from tui.frozen import frozen

if TYPE_CHECKING:
    from pydantic import SecretStr

ALREADY_TOLD = 410
"""The status for a request whose decision was already reported; the key is reported only once."""


@frozen
class AppFacts:
    """The app's own description; JTL-Wawi shows it to the person who decides."""

    app_id: str
    """Unique in the installation; every later call carries it as `X-AppID`."""
    display_name: str
    description: str
    version: str
    provider: str
    website: str
    mandatory: tuple[str, ...]
    """Names of scopes."""
    optional: tuple[str, ...]


@frozen
class Verdict:
    decision: Decision
    key: "SecretStr | None" = None
    """Only in the one response with ACCEPTED."""
    granted: tuple[str, ...] | None = None
    """Names of scopes; None if the response does not list them."""


class Registrar(Protocol):
    @property
    def api_version(self) -> str:
        """The `api-version` header that the server needs; empty: none, as far as is known."""
        ...

    async def request(self, app: AppFacts, challenge: str) -> str:
        """POST /authentication: request a registration; the request's id.

        Raises ErpError: `Forbidden` if no window is open, `Conflict` if the AppId is in use.
        """

    async def verdict(self, request_id: str, challenge: str) -> Verdict:
        """GET /authentication/{id}: the decision. The key is reported only once.

        Raises ErpError: `NotFound` for an unknown request; status 410 if it was already reported.
        """

    async def aclose(self) -> None:
        """Drop every connection."""
