"""What the live service needs: frozen settings of one profile, and references to secrets.

Standard library only; no secret is held here, only where to find it. Setting a value that no request
could carry raises `ValueError`.
"""

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal, TypeAlias

from tui import __version__
from tui.domain.text import counted


@dataclass(frozen=True, slots=True)
class EnvRef:
    """`{ env = "NAME" }`: an environment variable."""

    env: str


@dataclass(frozen=True, slots=True)
class FileRef:
    """`{ file = "…" }`: the text of a file without one final newline."""

    file: Path


@dataclass(frozen=True, slots=True)
class CommandRef:
    """`{ command = ["pass", "show", "…"] }`: the output of a program; no shell."""

    command: tuple[str, ...] = field(repr=False)
    """They may contain a secret and are never shown."""

    @property
    def program(self) -> str:
        """The program's name; of a whole command line in one text, only what precedes its arguments."""
        first = self.command[0] if self.command else ""
        bare = first.split()[0].partition("=")[0] if first.split() else ""
        return bare if bare == first else f"{bare}…"

    @property
    def arguments(self) -> str:
        """Their count: `3 arguments`; empty: none."""
        count = len(self.command[1:])
        return counted(count, "argument") if count else ""


@dataclass(frozen=True, slots=True)
class KeyringRef:
    """`{ keyring = "service/user" }`: an entry of the desktop's keyring."""

    keyring: str


SecretRef: TypeAlias = EnvRef | FileRef | CommandRef | KeyringRef


def describe(ref: SecretRef) -> str:
    """Name the reference for a sentence: `environment variable ACME_SECRET`."""
    match ref:
        case EnvRef(env=name):
            return f"environment variable {name}"
        case FileRef(file=path):
            return f"secret file {path}"
        case CommandRef():
            many = f" ({ref.arguments})" if ref.arguments else ""
            return f"secret command `{ref.program}{' …' if many else ''}`{many}"
        case KeyringRef(keyring=entry):
            return f"keyring entry {entry}"


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """OAuth2 client credentials (jtl PROTOCOL §4.1)."""

    token_url: str
    client_id: str
    client_secret: SecretRef


@dataclass(frozen=True, slots=True)
class BearerToken:
    """`Authorization: Bearer …`, a token that another program renews."""

    token: SecretRef


@dataclass(frozen=True, slots=True)
class WawiKey:
    """`Authorization: Wawi …`, the key of a registered app (jtl PROTOCOL §4.2)."""

    api_key: SecretRef


@dataclass(frozen=True, slots=True)
class BasicLogin:
    """`Authorization: Basic …`, onsite only (superoffice PROTOCOL §4)."""

    username: str
    password: SecretRef


@dataclass(frozen=True, slots=True)
class SoTicket:
    """`Authorization: SOTicket 7T:…` (superoffice PROTOCOL §4)."""

    ticket: SecretRef


@dataclass(frozen=True, slots=True)
class WebSession:
    """The cookie of a logged-in web session and its `X-XSRF-TOKEN` (superoffice PROTOCOL §4)."""

    cookie: SecretRef
    """The whole `Cookie` header, such as `ASP.NET_SessionId=…`."""
    xsrf: SecretRef


@dataclass(frozen=True, slots=True)
class SystemUser:
    """A ticket for a signed system user token; no human is involved (superoffice PROTOCOL §10)."""

    system_user_token: SecretRef
    private_key: SecretRef
    """RSA, as PEM without a password."""
    context_id: str
    """The tenant's customer id, such as `Cust12345`."""
    login_url: str
    """The whole address of PartnerSystemUser/Authenticate."""


JtlAuth: TypeAlias = ClientCredentials | BearerToken | WawiKey
SuperOfficeAuth: TypeAlias = BearerToken | BasicLogin | SoTicket | WebSession | SystemUser
OnlineEnvironment: TypeAlias = Literal["sod", "qaonline", "online"]
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
    """Header `x-api-key`; the cloud's gateway adds it if absent."""
    api_version_header: str | None = None
    """Header `api-version`, on unversioned paths only. It also sets the release's dialect."""

    def __post_init__(self) -> None:
        _check_headers(self)


@dataclass(frozen=True, slots=True)
class OnlineTenant:
    """A tenant that is looked up by its customer id (superoffice PROTOCOL §9)."""

    environment: OnlineEnvironment
    customer_id: str
    state_url: str = ""
    """Replaces the environment's own state service; the customer id is appended."""

    @property
    def address(self) -> str:
        """The tenant's name as an address: its real address is not known yet."""
        return f"{online_host(self.environment)}/{self.customer_id}"

    @property
    def asked_at(self) -> str:
        """The URL of its state."""
        service = self.state_url or f"{online_host(self.environment)}/api/state"
        return f"{service.rstrip('/')}/{self.customer_id}"


LOGIN_PATH = "/Login/api/PartnerSystemUser/Authenticate"
"""Where a system user logs in, on the un-numbered host (superoffice PROTOCOL §10)."""


def online_host(environment: str) -> str:
    """The un-numbered host of an environment, which knows every tenant (superoffice PROTOCOL §9)."""
    return f"https://{environment}.superoffice.com"


@dataclass(frozen=True, slots=True)
class SuperOfficeSettings:
    """`[profiles.X.superoffice]`."""

    base_url: str
    """The tenant's root, with or without `/api`; empty: looked up, see `online`."""
    auth: SuperOfficeAuth
    app_token: SecretRef | None = None
    language: str | None = None
    culture: str | None = None
    time_zone: str | None = "UTC, includeTZOffset"
    online: OnlineTenant | None = None

    def __post_init__(self) -> None:
        _check_headers(self)


@dataclass(frozen=True, slots=True)
class ConnectionSettings:
    """How the profile's systems are reached."""

    ca_bundle: Path | None = None
    proxy: str = "env"
    """`env`, `none`, or a URL; loopback never uses a proxy."""
    max_response_mb: float = 32
    read_timeout: float = 30
    """Seconds for a whole read or small write, its retries included."""
    sync_timeout: float = 120
    """Seconds for a call that works through records, such as ForceResync."""


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """Everything that the service of one profile needs; None: the system is absent."""

    name: str
    jtl: JtlSettings | None = None
    superoffice: SuperOfficeSettings | None = None
    connection: ConnectionSettings = ConnectionSettings()
    hidden: frozenset[str] = frozenset()
    """Environment variables that no started program gets: the config says that they contain a secret, of
    this profile or another."""


def _check_headers(settings: JtlSettings | SuperOfficeSettings) -> None:
    for item in fields(settings):
        value = getattr(settings, item.name)
        if isinstance(value, str) and not header_safe(value):
            raise ValueError(f"{item.name} contains a character that no request can carry")


def header_safe(value: str) -> bool:
    """Whether a header can carry `value` unchanged: Latin-1, no control character."""
    return all(" " <= char <= "~" or "\xa0" <= char <= "\xff" for char in value)
