"""What the live service needs: frozen settings of one profile, and references to secrets.

No secret is held here, only where to find it. The same classes are the config's tables of a system
(`tui.config.model`): pydantic reads them from the file by the checks in their annotations, and a secret
in plain text is refused before it is stored. Setting a value that no request could carry raises
`ValueError`.
"""

import re
from collections.abc import Mapping
from dataclasses import KW_ONLY, field, fields, replace
from pathlib import Path
from typing import Annotated, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, PlainValidator, ValidationInfo
from pydantic_core import PydanticCustomError

from tui import __version__
from tui.domain.profile import System
from tui.domain.text import counted, header_safe
from tui.domain.urls import fault_of
from tui.frozen import frozen

_HEADER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,80}", re.ASCII)
_OWN_HEADERS = re.compile(
    r"accept|accept-encoding|api-version|authorization|connection|content-(length|type)|cookie|host"
    r"|so-\w+|transfer-encoding|user-agent"
    r"|x-(api-key|appid|appversion|companyid|runas|sessionid|tenant-id|xsrf-token)",
    re.IGNORECASE,
)
"""Those of the requests themselves."""
_CUSTOMER = re.compile(r"[A-Za-z][A-Za-z0-9]{0,63}")


@frozen
class EnvRef:
    """`{ env = "NAME" }`: an environment variable."""

    env: str


@frozen
class FileRef:
    """`{ file = "…" }`: the text of a file without one final newline."""

    file: Path


@frozen
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


@frozen
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


def _reference(value: object, info: ValidationInfo) -> SecretRef:
    if not isinstance(value, Mapping):
        raise PydanticCustomError("clear_secret", "a secret in plain text is refused")
    if len(value) != 1:
        raise PydanticCustomError(
            "bad_reference", "a reference has exactly one of env, file, command, keyring"
        )
    [(kind, target)] = value.items()
    if kind == "command" and isinstance(target, list) and target:
        if all(isinstance(part, str) and part for part in target):
            return CommandRef(tuple(target))
    elif isinstance(target, str) and target.strip():
        match kind:
            case "env":
                return EnvRef(target)
            case "file":
                return FileRef(located(target, info))
            case "keyring" if "/" in target:
                return KeyringRef(target)
    raise PydanticCustomError(
        "bad_reference",
        'write { env = "NAME" }, { file = "PATH" }, { command = ["program", "argument"] }'
        ' or { keyring = "service/user" }',
    )


def _header(value: object) -> object:
    if isinstance(value, str) and not (value.strip() and header_safe(value)):
        raise PydanticCustomError("bad_text", "empty, or with a character that no request can carry")
    return value


def _ascii(value: object) -> object:
    if isinstance(value, str) and not value.isascii():
        raise PydanticCustomError(
            "bad_text",
            "write it without umlauts and other special letters: the web server refuses them (400)",
        )
    return _header(value)


def _extra_headers(value: object) -> object:
    for name in value if isinstance(value, Mapping) else ():
        if not _HEADER_NAME.fullmatch(name):
            raise PydanticCustomError("bad_header", "a name is letters, digits and dashes")
        if _OWN_HEADERS.fullmatch(name):
            raise PydanticCustomError("bad_header", "{name} is set by syncdeck itself", {"name": name})
    return value


def _customer(value: object) -> object:
    if isinstance(value, str) and not _CUSTOMER.fullmatch(value):
        raise PydanticCustomError("bad_text", "write the customer's id in SuperOffice's form: Cust12345")
    return value


def as_url(value: object) -> object:
    fault = fault_of(value) if isinstance(value, str) else None
    if fault:
        raise PydanticCustomError("bad_url", "{fault}", {"fault": fault})
    return value


def located(text: str, info: ValidationInfo) -> Path:
    """The path of a file: `~` is a home directory, any other relative path starts at the config."""
    try:
        folder: Path = info.context["folder"] if info.context else Path()
        return folder / Path(text).expanduser()
    except RuntimeError:
        raise PydanticCustomError("no_home", "the home directory for ~ is unknown") from None


Secret: TypeAlias = Annotated[SecretRef, PlainValidator(_reference)]
ExtraHeaders: TypeAlias = Annotated[dict[str, Secret], BeforeValidator(_extra_headers)]
"""Headers that a proxy in front of the system requires, by name; their values are references."""
Text: TypeAlias = Annotated[str, BeforeValidator(_header)]
Ascii: TypeAlias = Annotated[str, BeforeValidator(_ascii)]
Url: TypeAlias = Annotated[str, BeforeValidator(as_url)]
CustomerId: TypeAlias = Annotated[str, BeforeValidator(_customer)]


@frozen
class ClientCredentials:
    """OAuth2 client credentials (jtl PROTOCOL §4.1)."""

    type: Literal["client-credentials"] = field(default="client-credentials", kw_only=True)
    token_url: Url
    client_id: Text
    client_secret: Secret


@frozen
class BearerToken:
    """`Authorization: Bearer …`, a token that another program renews."""

    type: Literal["bearer"] = field(default="bearer", kw_only=True)
    token: Secret


@frozen
class WawiKey:
    """`Authorization: Wawi …`, the key of a registered app (jtl PROTOCOL §4.2)."""

    type: Literal["wawi"] = field(default="wawi", kw_only=True)
    api_key: Secret


@frozen
class BasicLogin:
    """`Authorization: Basic …`, onsite only (superoffice PROTOCOL §4)."""

    type: Literal["basic"] = field(default="basic", kw_only=True)
    username: str
    password: Secret


@frozen
class SoTicket:
    """`Authorization: SOTicket 7T:…` (superoffice PROTOCOL §4)."""

    type: Literal["so-ticket"] = field(default="so-ticket", kw_only=True)
    ticket: Secret


@frozen
class WebSession:
    """The cookie of a logged-in web session and its `X-XSRF-TOKEN` (superoffice PROTOCOL §4)."""

    type: Literal["session"] = field(default="session", kw_only=True)
    cookie: Secret
    """The whole `Cookie` header, such as `ASP.NET_SessionId=…`."""
    xsrf: Secret


@frozen
class SystemUser:
    """A ticket for a signed system user token; no human is involved (superoffice PROTOCOL §10)."""

    type: Literal["system-user"] = field(default="system-user", kw_only=True)
    system_user_token: Secret
    private_key: Secret
    """RSA, as PEM without a password."""
    context_id: CustomerId | None = None
    """The tenant's customer id, such as `Cust12345`; None: the settings' own."""
    login_url: Url | None = None
    """The whole address of PartnerSystemUser/Authenticate; None: the environment's own."""


JtlAuth: TypeAlias = ClientCredentials | BearerToken | WawiKey
SuperOfficeAuth: TypeAlias = BearerToken | BasicLogin | SoTicket | WebSession | SystemUser
OnlineEnvironment: TypeAlias = Literal["sod", "qaonline", "online"]
Deployment: TypeAlias = Literal["cloud", "on-premises"]
ApiVersion: TypeAlias = Literal["auto", "unversioned", "v1", "v2"]


@frozen
class JtlSettings:
    """`[profiles.X.jtl]`."""

    deployment: Deployment = field(default="cloud", kw_only=True)
    base_url: Url
    _: KW_ONLY
    api_version: ApiVersion = "auto"
    tenant_id: Text | None = None
    app_id: Ascii = f"syncdeck/{__version__}"
    app_version: Ascii = __version__
    run_as: Text | None = None
    company_id: Text | None = None
    session_id: Text | None = None
    api_key: Secret | None = None
    """Header `x-api-key`; the cloud's gateway adds it if absent."""
    api_version_header: Text | None = None
    """Header `api-version`, on unversioned paths only. It also sets the release's dialect."""
    headers: ExtraHeaders = field(default_factory=dict, hash=False)
    server_name: Text | None = None
    """The name in the server's certificate, where that of `base_url` is another one."""
    auth: Annotated[JtlAuth, Field(discriminator="type")]

    def __post_init__(self) -> None:
        _check_headers(self)


@frozen
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


@frozen
class SuperOfficeSettings:
    """`[profiles.X.superoffice]`: at `base_url`, or in an `environment` of Online."""

    base_url: Url | None = None
    """The tenant's root, with or without `/api`; None: looked up, see `online`."""
    _: KW_ONLY
    environment: OnlineEnvironment | None = None
    customer_id: CustomerId | None = None
    state_url: Url | None = None
    """None: the environment's own tenant state service."""
    app_token: Secret | None = None
    language: Text | None = None
    culture: Text | None = None
    time_zone: Text | None = "UTC, includeTZOffset"
    headers: ExtraHeaders = field(default_factory=dict, hash=False)
    server_name: Text | None = None
    """The name in the server's certificate, where that of `base_url` is another one."""
    auth: Annotated[SuperOfficeAuth, Field(discriminator="type")]

    def __post_init__(self) -> None:
        _check_headers(self)

    @property
    def online(self) -> OnlineTenant | None:
        """The tenant to look up."""
        if self.environment is None or self.customer_id is None:
            return None
        return OnlineTenant(self.environment, self.customer_id, self.state_url or "")

    @property
    def address(self) -> str:
        """`base_url`, or the tenant's name as an address."""
        return self.online.address if self.online else self.base_url or ""

    @property
    def system_user(self) -> SystemUser | None:
        """The login of a system user, with the customer and address that it leaves out."""
        if not isinstance(self.auth, SystemUser):
            return None
        return replace(
            self.auth,
            context_id=self.auth.context_id or self.customer_id or "",
            login_url=self.auth.login_url or f"{online_host(self.environment or '')}{LOGIN_PATH}",
        )


def certificate_name(settings: JtlSettings | SuperOfficeSettings) -> tuple[str, str] | None:
    """The host of `base_url`, and the name that its certificate has instead; None: the same."""
    host = urlsplit(settings.base_url or "").hostname
    return (host, settings.server_name) if host and settings.server_name else None


@frozen
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


@frozen
class ServiceSettings:
    """Everything that the service of one profile needs; None: the system is absent."""

    jtl: JtlSettings | None = None
    superoffice: SuperOfficeSettings | None = None
    connection: ConnectionSettings = ConnectionSettings()
    hidden: frozenset[str] = frozenset()
    """Environment variables that no started program gets: the config says that they contain a secret, of
    this profile or another."""

    def of(self, system: System) -> JtlSettings | SuperOfficeSettings | None:
        return self.jtl if system is System.JTL else self.superoffice


def _check_headers(settings: JtlSettings | SuperOfficeSettings) -> None:
    for item in fields(settings):
        value = getattr(settings, item.name)
        if isinstance(value, str) and not header_safe(value):
            raise ValueError(f"{item.name} contains a character that no request can carry")
