"""Checks beyond the model: the file as a whole, and whether references lead anywhere.

`validate` is the only way from a file to a `Config`; `missing` checks this machine's variables and
files, for the profiles in use.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from tui.api.settings import EnvRef, FileRef, SuperOfficeSettings, SystemUser
from tui.config.file import ConfigError, ConfigFile, choose, profile_names
from tui.config.model import Config, Profile, entries_of
from tui.domain.text import cited, clean, one_line
from tui.domain.urls import is_plain

_GENTLE_ENGINE = 10
_GENTLE_LIST, _MANY_SYNCS = 30, 500
_LONGEST_PATH = 200
_EITHER = 'base_url, or environment and customer_id (Online: environment = "online")'


def validate(file: ConfigFile) -> Config:
    """Validate the whole file. Raises ConfigError: with a sentence for every problem."""
    try:
        config = Config.model_validate(file.tables, context={"folder": file.path.absolute().parent})
    except ValidationError as error:
        from tui.config.error_messages import sentences

        raise ConfigError(*sentences(file, error)) from None
    found = [
        fault for name, profile in config.profiles.items() for fault in _faults(file, name, profile)
    ]
    if config.runbook:
        from tui.config import runbooks

        found += runbooks.faults(file, config)
    if found:
        raise ConfigError(*found)
    for name in profile_names(file):
        choose(file, name)
    if config.default_profile is not None or not config.profiles:
        choose(file, None)
    return config


def invalid_others(file: ConfigFile, name: str) -> Iterator[str]:
    """What is wrong with the file beside the profile `name`, which is valid alone: a sentence for each
    other profile."""
    try:
        validate(file)
    except ConfigError as error:
        others = [_fault_alone(file, one) for one in profile_names(file) if one != name]
        yield from filter(None, others) if any(others) else error.sentences


def _fault_alone(file: ConfigFile, name: str) -> str:
    try:
        validate(file.alone(name))
    except ConfigError as error:
        more = len(error.sentences) - 1
        beside = f" ({more} more: syncdeck config validate)" if more else ""
        return f"the profile {cited(name)} is invalid: {error.sentences[0]}{beside}"
    return ""


def missing(file: ConfigFile, name: str, profile: Profile) -> tuple[str, ...]:
    """A sentence for every missing variable and file that `profile` refers to."""
    found = []
    for where, value in _leaves(("profiles", name), profile):
        key = where[-1]
        if isinstance(value, EnvRef) and not os.environ.get(value.env):
            state = "empty" if value.env in os.environ else "not set"
            found.append(file.blame(where, f"{key}: environment variable {value.env} is {state}"))
        path = value.file if isinstance(value, FileRef) else value
        if isinstance(path, Path) and (fault := _fault_of(path)):
            found.append(file.blame(where, f"{key}: {fault}"))
    return tuple(found)


def _fault_of(path: Path) -> str:
    """Why `path` is not a readable file; empty: it is one."""
    shown = one_line(clean(str(path)))
    shown = shown if len(shown) <= _LONGEST_PATH else f"{shown[:_LONGEST_PATH]}…"
    try:
        there = stat.S_ISREG(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        there = False
    except OSError as error:
        return f"{shown} cannot be read: {error.strerror or error}"
    return "" if there else f"there is no file {shown}"


def warnings(file: ConfigFile, name: str, profile: Profile, syncs: int = 0) -> tuple[str, ...]:
    """Allowed settings that need attention, each with file and line.

    `syncs`: how many the server listed when it was last seen; 0: unknown.
    """
    here = ("profiles", name)
    found = []
    if profile.refresh.engine < _GENTLE_ENGINE:
        every = f"{profile.refresh.engine:g}"
        sentence = (
            f"engine is polled every {every} s; below {_GENTLE_ENGINE} s loads the server noticeably"
        )
        found.append(file.blame((*here, "refresh", "engine"), sentence))
    workers = profile.refresh.workers
    if workers is not None and workers < _GENTLE_LIST and syncs > _MANY_SYNCS:
        sentence = (
            f"workers requests the list with the options of all {syncs:,} syncs every {workers:g} s;"
            f" with more than {_MANY_SYNCS} set {_GENTLE_LIST} or more, and status to the shorter time"
        )
        found.append(file.blame((*here, "refresh", "workers"), sentence))
    if profile.jtl and profile.jtl.auth.type == "client-credentials" and not profile.jtl.tenant_id:
        sentence = "tenant_id is not set; the cloud responds with 401 or 412 without it"
        found.append(file.blame((*here, "jtl"), sentence))
    if profile.jtl and profile.jtl.deployment == "cloud" and profile.jtl.auth.type == "wawi":
        sentence = 'auth type wawi is for deployment = "on-premises"'
        found.append(file.blame((*here, "jtl", "auth"), sentence))
    return tuple(found)


def _faults(file: ConfigFile, name: str, profile: Profile) -> Iterator[str]:
    here = ("profiles", name)
    if profile.jtl is None and profile.superoffice is None:
        yield file.blame(here, f"profile {name!r} configures neither jtl nor superoffice")
    for where, sentence in _superoffice_faults(profile.superoffice) if profile.superoffice else ():
        yield file.blame((*here, "superoffice", *where), sentence)
    if profile.allow_plain_http:
        return
    for where, url in _urls(profile):
        if is_plain(url):
            advice = (
                "use https://, or set allow_plain_http = true in the profile if the network is trusted"
            )
            yield file.blame(
                (*here, *where), f"{where[-1]}: http:// is accepted for this machine only; {advice}"
            )


def _superoffice_faults(table: SuperOfficeSettings) -> Iterator[tuple[tuple[str, ...], str]]:
    """Contradictions and missing parts: the wrong key below the table (empty: the table), and why.

    It is either at a fixed address or a customer of Online; a system user needs the address of its login
    and its customer.
    """
    fixed, customer, environment = table.base_url, table.customer_id, table.environment
    if fixed is None and customer is None and environment is None:
        yield (), f"superoffice needs {_EITHER}"
    elif fixed is not None:
        for key in ("environment", "customer_id", "state_url"):
            if getattr(table, key) is not None:
                yield (
                    (key,),
                    f"{key} cannot be combined with base_url: a tenant of Online is looked up, keep one",
                )
    elif customer is None:
        yield ("environment",), "environment needs customer_id beside it, such as Cust12345"
    elif environment is None:
        yield ("customer_id",), "customer_id needs environment beside it: sod, qaonline or online"
    yield from _of_system_user(table)


def _of_system_user(table: SuperOfficeSettings) -> Iterator[tuple[tuple[str, ...], str]]:
    if not isinstance(table.auth, SystemUser):
        return
    if table.app_token is None:
        yield (), "a system user needs app_token, the client secret of the app, in [superoffice]"
    for key in ("context_id", "login_url") if table.base_url is not None else ():
        if getattr(table.auth, key) is None:
            yield ("auth",), f"a system user at a base_url needs {key}: only customer_id implies it"


def _urls(profile: Profile) -> Iterator[tuple[tuple[str, ...], str]]:
    if profile.jtl:
        yield ("jtl", "base_url"), profile.jtl.base_url
        if profile.jtl.auth.type == "client-credentials":
            yield ("jtl", "auth", "token_url"), profile.jtl.auth.token_url
    if profile.superoffice:
        for key in ("base_url", "state_url"):
            if url := getattr(profile.superoffice, key):
                yield ("superoffice", key), url
        if profile.superoffice.auth.type == "system-user" and profile.superoffice.auth.login_url:
            yield ("superoffice", "auth", "login_url"), profile.superoffice.auth.login_url


def _leaves(where: tuple[str, ...], value: object) -> Iterator[tuple[tuple[str, ...], object]]:
    entries = dict(value) if isinstance(value, Mapping) else entries_of(value)
    if entries is None:
        yield where, value
        return
    for key, below in entries.items():
        yield from _leaves((*where, key), below)
