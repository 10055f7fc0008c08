"""The error tree: every failure of a remote system is one of these; only `transport` translates into it.
An error carries a sentence and the next step for an operator."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from tui.domain.profile import System

IN_DOUBT = "whether it took effect is unknown"


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
    """What the operator can do; may be empty."""
    detail: str = ""
    """The server's own message (cleaned), if any."""
    code: str = ""
    """The server's machine-readable name of the error, in any language the same; may be empty."""
    sent: bool = True
    """False if certainly nothing of the call reached the server; True: it may have."""

    in_doubt: bool = False
    """Whether the call was a write that the server may have applied."""

    @property
    def message(self) -> str:
        """The sentence, with the doubt if there is one."""
        return f"{self.sentence}; {IN_DOUBT}" if self.in_doubt else self.sentence

    def __str__(self) -> str:
        return self.message

    __hash__ = Exception.__hash__


class Unreachable(ErpError):
    """No connection: DNS, refused, reset."""


class TimedOut(ErpError):
    """No response within the deadline."""


@dataclass(eq=False, kw_only=True)
class TlsFailed(ErpError):
    """The certificate or the handshake was rejected."""

    authority_is_unknown: bool = False
    """Whether trusting the certificate's authority would help."""


@dataclass(eq=False, kw_only=True)
class NotAuthorised(ErpError):
    """401, or SuperOffice's 403 after one renewal."""

    renewed: bool = False
    """Whether the credential was renewed since: another call may succeed."""


class Forbidden(ErpError):
    """403: a scope or a permission is missing."""


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
    """421: the tenant lives at another address."""


@dataclass(eq=False, kw_only=True)
class Rejected(ErpError):
    """400 or 422, with messages per field where the server gave them."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(eq=False, kw_only=True)
class Throttled(ErpError):
    """The server asks for a pause: 429, or 503 with Retry-After."""

    retry_after: float | None = None
    """Seconds."""


class TenantUnavailable(Throttled):
    """The Online tenant is suspended, in maintenance or moving: nothing was sent to it."""


class ServerFailed(ErpError):
    """5xx, or an undocumented code."""


class BadAnswer(ErpError):
    """The response violates the protocol: also 200 with `null` or `{"Message"}`."""


class Absent(ErpError):
    """The profile does not configure this system; nothing was sent."""


class VersionUnknown(ErpError):
    """Under `api_version = "auto"` no list was loaded yet; nothing was sent."""


class CredentialFailed(ErpError):
    """A secret or a token is not available; the call was not sent."""


def is_about_credentials(error: ErpError | None) -> bool:
    """Whether re-entering a credential may end this failure."""
    return isinstance(error, NotAuthorised | CredentialFailed)


E = TypeVar("E", bound=ErpError)


def recast(error: ErpError, kind: type[E], **changes: Any) -> E:
    """The same failure as another kind, with other values of some fields."""
    return kind(**{one.name: getattr(error, one.name) for one in fields(ErpError)} | changes)
