"""The strict model of the config file.

It validates only shapes and single values; `validation` checks references and combinations, and
`error_messages` turns every error into a sentence with its line. No secret passes through: a value in
plain text is refused before it is stored, and no error of this model contains the input.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, ValidationInfo
from pydantic_core import PydanticCustomError

from tui import __version__
from tui.api.settings import (
    CommandRef,
    Deployment,
    EnvRef,
    FileRef,
    KeyringRef,
    OnlineEnvironment,
    SecretRef,
    header_safe,
)

_CUSTOMER = re.compile(r"[A-Za-z][A-Za-z0-9]{0,63}")


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
                return FileRef(_located(target, info))
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


def _customer(value: object) -> object:
    if isinstance(value, str) and not _CUSTOMER.fullmatch(value):
        raise PydanticCustomError("bad_text", "write the customer's id in SuperOffice's form: Cust12345")
    return value


def _url(value: object) -> object:
    from tui.config.urls import fault_of

    fault = fault_of(value) if isinstance(value, str) else None
    if fault:
        raise PydanticCustomError("bad_url", "{fault}", {"fault": fault})
    return value


def _proxy(value: object) -> object:
    return value if value in ("env", "none") else _url(value)


def _path(value: object, info: ValidationInfo) -> object:
    return _located(value, info) if isinstance(value, str) and value else value


def _located(text: str, info: ValidationInfo) -> Path:
    """The path of a file: `~` is a home directory, any other relative path starts at the config."""
    try:
        return _folder(info) / Path(text).expanduser()
    except RuntimeError:
        raise PydanticCustomError("no_home", "the home directory for ~ is unknown") from None


def _folder(info: ValidationInfo) -> Path:
    return info.context["folder"] if info.context else Path()


Secret: TypeAlias = Annotated[SecretRef, PlainValidator(_reference)]
Text: TypeAlias = Annotated[str, BeforeValidator(_header)]
Url: TypeAlias = Annotated[str, BeforeValidator(_url)]
Proxy: TypeAlias = Annotated[str, BeforeValidator(_proxy)]
CustomerId: TypeAlias = Annotated[str, BeforeValidator(_customer)]
Seconds: TypeAlias = Annotated[float, Field(ge=1, le=86_400, allow_inf_nan=False)]


class Table(BaseModel):
    """A table of the file: unknown keys are refused, values are never converted or quoted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class ClientCredentialsAuth(Table):
    type: Literal["client-credentials"]
    token_url: Url
    client_id: Text
    client_secret: Secret


class BearerAuth(Table):
    """A token that another program renews."""

    type: Literal["bearer"]
    token: Secret


class WawiAuth(Table):
    """The key of a registered app, on-premises."""

    type: Literal["wawi"]
    api_key: Secret


class BasicAuth(Table):
    """User name and password, SuperOffice onsite."""

    type: Literal["basic"]
    username: str
    password: Secret


class TicketAuth(Table):
    """A SuperOffice ticket."""

    type: Literal["so-ticket"]
    ticket: Secret


class SessionAuth(Table):
    """The cookie of a logged-in SuperOffice web session."""

    type: Literal["session"]
    cookie: Secret
    xsrf: Secret


class SystemUserAuth(Table):
    """A SuperOffice system user: a signed token instead of a human."""

    type: Literal["system-user"]
    system_user_token: Secret
    private_key: Secret
    context_id: CustomerId | None = None
    """Unset: customer_id."""
    login_url: Url | None = None
    """Unset: the environment's own."""


JtlAuth: TypeAlias = ClientCredentialsAuth | BearerAuth | WawiAuth
SuperOfficeAuth: TypeAlias = BearerAuth | BasicAuth | TicketAuth | SessionAuth | SystemUserAuth


class Jtl(Table):
    """`[profiles.X.jtl]`."""

    deployment: Deployment = "cloud"
    base_url: Url
    api_version: Literal["auto", "unversioned", "v1", "v2"] = "auto"
    tenant_id: Text | None = None
    app_id: Text = f"syncdeck/{__version__}"
    app_version: Text = __version__
    run_as: Text | None = None
    company_id: Text | None = None
    session_id: Text | None = None
    api_key: Secret | None = None
    api_version_header: Text | None = None
    auth: Annotated[JtlAuth, Field(discriminator="type")]


class SuperOffice(Table):
    """`[profiles.X.superoffice]`: at `base_url`, or in an `environment` of Online."""

    base_url: Url | None = None
    environment: OnlineEnvironment | None = None
    customer_id: CustomerId | None = None
    state_url: Url | None = None
    """Unset: the environment's own tenant state service."""
    app_token: Secret | None = None
    language: Text | None = None
    culture: Text | None = None
    time_zone: Text | None = "UTC, includeTZOffset"
    auth: Annotated[SuperOfficeAuth, Field(discriminator="type")]


class Refresh(Table):
    """`[profiles.X.refresh]`: seconds from the end of one poll to the start of the next."""

    workers: Seconds = 5
    status: Seconds | None = None
    """Unset: with the workers."""
    engine: Seconds = 10
    extensions: Seconds = 60
    connections: Seconds = 60


class Profile(Table):
    """`[profiles.X]`."""

    environment: Literal["production", "staging", "development"] = "production"
    read_only: bool | None = None
    """Unset: true for production."""
    allow_plain_http: bool = False
    ca_bundle: Annotated[Path | None, BeforeValidator(_path)] = None
    proxy: Proxy = "env"
    max_response_mb: Annotated[float, Field(gt=0, le=4_096, allow_inf_nan=False)] = 32
    jtl: Jtl | None = None
    superoffice: SuperOffice | None = None
    refresh: Refresh = Refresh()


class Config(Table):
    """The whole file."""

    default_profile: str | None = None
    profiles: dict[str, Profile]


TABLES: Mapping[tuple[str, ...], type[Table]] = {
    (): Profile,
    ("jtl",): Jtl,
    ("jtl", "auth", "client-credentials"): ClientCredentialsAuth,
    ("jtl", "auth", "bearer"): BearerAuth,
    ("jtl", "auth", "wawi"): WawiAuth,
    ("superoffice",): SuperOffice,
    ("superoffice", "auth", "bearer"): BearerAuth,
    ("superoffice", "auth", "basic"): BasicAuth,
    ("superoffice", "auth", "so-ticket"): TicketAuth,
    ("superoffice", "auth", "session"): SessionAuth,
    ("superoffice", "auth", "system-user"): SystemUserAuth,
    ("refresh",): Refresh,
}
"""The tables below `[profiles.X]`, as in the model's error locations."""
