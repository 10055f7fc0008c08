"""What registering an app needs from a JTL-Wawi on-premises; `live_registration` does it over HTTP.

Standard library only. Source: jtl-erp-api §4.2.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tui.domain.registration import Decision

if TYPE_CHECKING:
    from pydantic import SecretStr

ALREADY_TOLD = 410
"""The status of a request whose verdict was told before; the key is not told again."""


@dataclass(frozen=True, slots=True)
class AppFacts:
    """What the app says of itself; JTL-Wawi shows it to the person who decides."""

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


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided about a request."""

    decision: Decision
    key: "SecretStr | None" = None
    """With ACCEPTED, and only in this one answer."""
    granted: tuple[str, ...] | None = None
    """Names of scopes; None where the answer does not tell."""


class Registrar(Protocol):
    """The two calls of a registration."""

    async def request(self, app: AppFacts, challenge: str) -> str:
        """POST /authentication: ask to be registered; the request's id.

        Raises:
            ErpError: `Forbidden` where no window is open, `Conflict` where the AppId is taken.
        """

    async def verdict(self, request_id: str, challenge: str) -> Verdict:
        """GET /authentication/{id}: what was decided. The key is told once.

        Raises:
            ErpError: `NotFound` for an unknown request; status 410 where it was told already.
        """

    async def aclose(self) -> None:
        """Drop every connection."""
