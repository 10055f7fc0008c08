"""The error tree: every failure of a remote system is one of these, and `transport` is its only
translator. An error carries what an operator needs: a sentence and the next step."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tui.domain.systems import System


@dataclass(eq=True, kw_only=True)
class ErpError(Exception):
    """A call to a remote system failed."""

    system: System
    method: str = ""
    path: str = ""
    status: int | None = None
    request_id: str = ""
    sentence: str
    """What happened, in one sentence without a full stop, safe to show."""
    next_step: str = ""
    """What the operator can do."""
    detail: str = ""
    """The server's own words (cleaned), if any."""
    sent: bool = True
    """False where certainly nothing of the call reached the server; True: it may have."""

    def __str__(self) -> str:
        return self.sentence

    __hash__ = Exception.__hash__


class Unreachable(ErpError):
    """No connection: DNS, refused, reset."""


class TimedOut(ErpError):
    """No answer within the deadline."""


class TlsFailed(ErpError):
    """The certificate or the handshake was not accepted."""


class NotAuthorised(ErpError):
    """401, or SuperOffice's 403 after one renewal."""


class Forbidden(ErpError):
    """403: a scope or a right is missing."""


class LicenceRequired(ErpError):
    """402."""


class NotFound(ErpError):
    """404."""


class NotOffered(ErpError):
    """405: this server does not have the call."""


class Conflict(ErpError):
    """409."""


class PreconditionFailed(ErpError):
    """412: the tenant header, or a manifest signature."""


class Moved(ErpError):
    """421: the tenant lives elsewhere."""


@dataclass(eq=True, kw_only=True)
class Rejected(ErpError):
    """400 or 422, with messages per field where the server gave them."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    __hash__ = Exception.__hash__


@dataclass(eq=True, kw_only=True)
class Throttled(ErpError):
    """The server asks to stay away for a while: 429, or 503 with Retry-After."""

    retry_after: float | None = None
    """Seconds."""

    __hash__ = Exception.__hash__


class TenantUnavailable(Throttled):
    """The Online tenant is suspended, in maintenance or elsewhere on its way: nothing was sent to it."""


class ServerFailed(ErpError):
    """5xx, or a code that nobody documented."""


class BadAnswer(ErpError):
    """The answer was not what the protocol says: also 200 with `null` or `{"Message"}`."""


class Absent(ErpError):
    """The profile does not configure this system; nothing was sent."""


class VersionUnknown(ErpError):
    """Under `api_version = "auto"` no list was answered yet; nothing was sent."""


class CredentialFailed(ErpError):
    """A secret could not be resolved or a token not be obtained; the call was not sent."""


def is_about_credentials(error: ErpError | None) -> bool:
    """Whether a credential that is given anew may end this failure."""
    return isinstance(error, NotAuthorised | CredentialFailed)
