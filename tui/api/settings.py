"""What the live service must be told: frozen settings of one profile, and references to secrets.

Standard library only; no secret is ever held here, only where to find it. A value that no request
could carry is refused with `ValueError` when it is set.
"""

from dataclasses import dataclass, fields
from pathlib import Path
from shlex import join
from typing import Literal, TypeAlias

from tui import __version__


@dataclass(frozen=True, slots=True)
class EnvRef:
    """`{ env = "NAME" }`: an environment variable."""

    env: str


@dataclass(frozen=True, slots=True)
class FileRef:
    """`{ file = "…" }`: the text of a file; one newline at its end is dropped."""

    file: Path


@dataclass(frozen=True, slots=True)
class CommandRef:
    """`{ command = ["pass", "show", "…"] }`: what a program prints; no shell."""

    command: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyringRef:
    """`{ keyring = "service/user" }`: an entry of the desktop's keyring."""

    keyring: str


SecretRef: TypeAlias = EnvRef | FileRef | CommandRef | KeyringRef


def describe(ref: SecretRef) -> str:
    """Name the reference in a sentence: `environment variable ACME_SECRET`."""
    match ref:
        case EnvRef(env=name):
            return f"environment variable {name}"
        case FileRef(file=path):
            return f"secret file {path}"
        case CommandRef(command=argv):
            return f"secret command `{join(argv)}`"
        case KeyringRef(keyring=entry):
            return f"keyring entry {entry}"


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """OAuth2 client credentials (jtl-erp-api §4.1)."""

    token_url: str
    client_id: str
    client_secret: SecretRef


@dataclass(frozen=True, slots=True)
class BearerToken:
    """`Authorization: Bearer …`, a token that somebody else renews."""

    token: SecretRef


@dataclass(frozen=True, slots=True)
class WawiKey:
    """`Authorization: Wawi …`, the key of a registered app (jtl-erp-api §4.2)."""

    api_key: SecretRef


@dataclass(frozen=True, slots=True)
class BasicLogin:
    """`Authorization: Basic …`, onsite only (superoffice-erpsync §4)."""

    username: str
    password: SecretRef


@dataclass(frozen=True, slots=True)
class SoTicket:
    """`Authorization: SOTicket 7T:…` (superoffice-erpsync §4)."""

    ticket: SecretRef


@dataclass(frozen=True, slots=True)
class WebSession:
    """The cookie of a logged-in web session and its `X-XSRF-TOKEN` (superoffice-erpsync §4)."""

    cookie: SecretRef
    """The whole `Cookie` header, such as `ASP.NET_SessionId=…`."""
    xsrf: SecretRef


JtlAuth: TypeAlias = ClientCredentials | BearerToken | WawiKey
SuperOfficeAuth: TypeAlias = BearerToken | BasicLogin | SoTicket | WebSession
Deployment: TypeAlias = Literal["cloud", "on-premises"]
ApiVersion: TypeAlias = Literal["auto", "unversioned", "v1", "v2"]


@dataclass(frozen=True, slots=True)
class JtlSettings:
    """`[profiles.X.jtl]`."""

    base_url: str
    auth: JtlAuth
    deployment: Deployment = "cloud"
    api_version: ApiVersion = "auto"
    tenant_id: str | None = None
    app_id: str = f"syncdeck/{__version__}"
    app_version: str = __version__
    run_as: str | None = None
    company_id: str | None = None
    session_id: str | None = None
    api_key: SecretRef | None = None
    """Header `x-api-key`; the cloud's gateway fills it in when absent."""
    api_version_header: str | None = None
    """Header `api-version`, on unversioned paths only. It also tells the release's dialect."""

    def __post_init__(self) -> None:
        _check_headers(self)


@dataclass(frozen=True, slots=True)
class SuperOfficeSettings:
    """`[profiles.X.superoffice]`."""

    base_url: str
    """The tenant's root, with or without `/api`."""
    auth: SuperOfficeAuth
    app_token: SecretRef | None = None
    language: str | None = None
    culture: str | None = None
    time_zone: str | None = "UTC, includeTZOffset"

    def __post_init__(self) -> None:
        _check_headers(self)


@dataclass(frozen=True, slots=True)
class ConnectionSettings:
    """How the profile's systems are reached."""

    ca_bundle: Path | None = None
    proxy: str = "env"
    """`env`, `none`, or a URL; loopback is never asked through a proxy."""
    max_response_mb: float = 32
    read_timeout: float = 30
    """Seconds for the whole of a read or a small write, its retries included."""
    sync_timeout: float = 120
    """Seconds for a call that works through records, such as ForceResync."""


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """All that the service of one profile needs; a system that is None is absent."""

    name: str
    jtl: JtlSettings | None = None
    superoffice: SuperOfficeSettings | None = None
    connection: ConnectionSettings = ConnectionSettings()


def _check_headers(settings: JtlSettings | SuperOfficeSettings) -> None:
    for item in fields(settings):
        value = getattr(settings, item.name)
        if isinstance(value, str) and not header_safe(value):
            raise ValueError(f"{item.name} holds a character that no request can carry")


def header_safe(value: str) -> bool:
    """Whether a header can carry `value` as it is: Latin-1, no control character."""
    return all(" " <= char <= "~" or "\xa0" <= char <= "\xff" for char in value)
