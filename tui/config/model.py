"""The config file's tables; those of a system are the settings of the service (`tui.api.settings`).

Checks only shapes and single values; `validation` checks references and combinations, and
`error_messages` turns every error into a sentence with its line. No error contains the input.
"""

from collections.abc import Mapping
from dataclasses import field, fields
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from tui.api import settings as api
from tui.domain.intervals import IntervalInputError, parse_input
from tui.frozen import frozen


def _proxy(value: object) -> object:
    return value if value in ("env", "none") else api.as_url(value)


def _path(value: object, info: ValidationInfo) -> object:
    return api.located(value, info) if isinstance(value, str) and value else value


def _duration(value: object) -> object:
    try:
        seconds = parse_input(value) if isinstance(value, str) else 0.0
    except IntervalInputError:
        seconds = 0.0
    if seconds < _LEAST:
        raise PydanticCustomError("bad_duration", 'write a time of at least 1h, such as "14d" or "12h"')
    return value


def _folder(value: object, info: ValidationInfo) -> object:
    return str(api.located(value, info)) if isinstance(value, str) and value else value


def _set_name(value: str) -> str:
    from tui.domain.maintenance.set_words import NAME

    if not NAME.fullmatch(value):
        raise PydanticCustomError("bad_set_name", "a name has letters, digits, . _ - only")
    return value


def _set_word(value: str) -> str:
    from tui.domain.maintenance.set_words import wrong_with

    if problem := wrong_with(value):
        raise PydanticCustomError("bad_set_word", "{problem}", {"problem": problem})
    return value


_LEAST = 3_600.0
"""Seconds for which history is kept at least."""
Duration: TypeAlias = Annotated[str, Field(strict=True), BeforeValidator(_duration)]
Flag: TypeAlias = Annotated[bool, Field(strict=True)]
Proxy: TypeAlias = Annotated[str, BeforeValidator(_proxy)]
SetName: TypeAlias = Annotated[str, AfterValidator(_set_name)]
SetWord: TypeAlias = Annotated[str, Field(strict=True), AfterValidator(_set_word)]
Seconds: TypeAlias = Annotated[float, Field(strict=True, ge=1, le=86_400, allow_inf_nan=False)]


@frozen
class Refresh:
    """`[profiles.X.refresh]`: seconds from the end of one poll to the start of the next."""

    workers: Seconds | None = None
    """The list with its options; unset: 60."""
    status: Seconds | None = None
    """Unset: with the workers if they are set, else 5."""
    engine: Seconds = 10
    extensions: Seconds = 60
    connections: Seconds = 60


@frozen
class HistoryTable:
    """`[history]` for all profiles, and `[profiles.X.history]`, which overrides it key by key; what
    neither sets is as in `domain.history.settings`."""

    enabled: Flag | None = None
    directory: Annotated[str | None, Field(strict=True), BeforeValidator(_folder)] = None
    group: Annotated[str | None, Field(strict=True, pattern=r"^[A-Za-z_][A-Za-z0-9_.-]*$")] = None
    keep: Duration | None = None
    keep_days_totals: Duration | None = None
    max_mb: Annotated[float | None, Field(strict=True, ge=1, le=1e6, allow_inf_nan=False)] = None
    messages: Literal["masked", "none"] | None = None


@frozen
class RunbookTable:
    """`[[runbook]]`: what the team wrote about rows that `when` matches."""

    when: Annotated[str, Field(strict=True)]
    text: Annotated[str, Field(strict=True)] = ""
    url: Annotated[str, Field(strict=True)] = ""
    call: Annotated[str, Field(strict=True)] = ""


@frozen
class Profile:
    """`[profiles.X]`."""

    environment: Literal["production", "staging", "development"] = "production"
    read_only: Flag | None = None
    """Unset: true for production."""
    allow_plain_http: Flag = False
    ca_bundle: Annotated[Path | None, Field(strict=True), BeforeValidator(_path)] = None
    proxy: Proxy = "env"
    max_response_mb: Annotated[float, Field(strict=True, gt=0, le=4_096, allow_inf_nan=False)] = 32
    jtl: api.JtlSettings | None = None
    superoffice: api.SuperOfficeSettings | None = None
    refresh: Refresh = Refresh()
    history: HistoryTable = HistoryTable()
    sets: Mapping[SetName, Annotated[tuple[SetWord, ...], Field(min_length=1)]] = field(
        default_factory=dict
    )
    """For maintenance: filters by the name of a set."""


class Config(BaseModel):
    """The whole file. Its configuration holds for every table below it."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    default_profile: str | None = None
    history: HistoryTable = HistoryTable()
    runbook: tuple[RunbookTable, ...] = ()
    profiles: dict[str, Profile]


TABLES: Mapping[tuple[str, ...], type[Any]] = {
    (): Profile,
    ("jtl",): api.JtlSettings,
    ("jtl", "auth", "client-credentials"): api.ClientCredentials,
    ("jtl", "auth", "bearer"): api.BearerToken,
    ("jtl", "auth", "wawi"): api.WawiKey,
    ("superoffice",): api.SuperOfficeSettings,
    ("superoffice", "auth", "bearer"): api.BearerToken,
    ("superoffice", "auth", "basic"): api.BasicLogin,
    ("superoffice", "auth", "so-ticket"): api.SoTicket,
    ("superoffice", "auth", "session"): api.WebSession,
    ("superoffice", "auth", "system-user"): api.SystemUser,
    ("refresh",): Refresh,
    ("history",): HistoryTable,
}
"""The tables below `[profiles.X]`, as in the model's error locations."""


def keys_of(table: type[Any]) -> tuple[str, ...]:
    return tuple(one.name for one in fields(table))


def entries_of(value: object) -> dict[str, object] | None:
    """The values of a table by key; None: it is a value, such as a reference to a secret."""
    if type(value) not in TABLES.values():
        return None
    return {name: getattr(value, name) for name in keys_of(type(value))}
