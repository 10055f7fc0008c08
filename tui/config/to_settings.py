"""Converts the config model into the settings of the service, the poller and the guard."""

from pathlib import Path
from typing import Any

from tui.api import settings as api
from tui.config.model import Config, HistoryTable, Profile, Refresh, keys_of
from tui.config.system_addresses import jtl_address, superoffice_address
from tui.domain.history.settings import HistorySettings
from tui.domain.intervals import parse_input
from tui.domain.profile import Environment, ProfileFacts, System
from tui.store.snapshot import Topic

_LIST, _STATUS = 60.0, 5.0
"""Seconds between two polls of the syncs, and of their status, if neither is set."""
_SLOWER = 3
"""Factor for the seconds between two polls on a slow line."""


def to_service_settings(profile: Profile, hidden: frozenset[str] = frozenset()) -> api.ServiceSettings:
    """The settings of the profile's service; secrets stay references. `hidden`: see there."""
    return api.ServiceSettings(
        jtl=profile.jtl,
        superoffice=profile.superoffice,
        connection=api.ConnectionSettings(
            ca_bundle=profile.ca_bundle,
            proxy=profile.proxy,
            max_response_mb=profile.max_response_mb,
        ),
        hidden=hidden,
    )


def to_facts(name: str, profile: Profile, *, read_only: bool = False) -> ProfileFacts:
    """The profile's public facts; `read_only` forces read-only, it never lifts it."""
    environment = Environment(profile.environment)
    own = environment is Environment.PRODUCTION if profile.read_only is None else profile.read_only
    addresses = {}
    if profile.jtl is not None:
        addresses[System.JTL] = jtl_address(profile.jtl)
    if profile.superoffice is not None:
        addresses[System.SUPEROFFICE] = superoffice_address(profile.superoffice)
    return ProfileFacts(
        name,
        environment,
        read_only or own,
        frozenset(addresses),
        sealed=read_only,
        addresses=tuple(addresses.items()),
        sets=tuple(profile.sets.items()),
    )


def to_history_settings(config: Config, profile: str) -> HistorySettings:
    """The profile's table over the global one, over the defaults."""
    given: dict[str, Any] = {}
    for table in (config.history, config.profiles[profile].history):
        given |= {
            key: value for key in keys_of(HistoryTable) if (value := getattr(table, key)) is not None
        }
    for key in ("keep", "keep_days_totals"):
        if key in given:
            given[key] = parse_input(given[key])
    if "directory" in given:
        given["directory"] = Path(given["directory"])
    return HistorySettings(**given)


def every(refresh: Refresh, *, slow: bool = False) -> dict[Topic, float]:
    """Seconds between two polls by topic: the status often, the much longer list of syncs seldom. Where
    only one of both is set, a set list drives the status too.

    `slow`: the line to the terminal is slow, and every change on screen takes time.
    """
    factor = _SLOWER if slow else 1
    given = {
        Topic.WORKERS: refresh.workers or _LIST,
        Topic.STATUS: refresh.status or refresh.workers or _STATUS,
        Topic.EXTENSIONS: refresh.extensions,
        Topic.ENGINE: refresh.engine,
        Topic.CONNECTIONS: refresh.connections,
    }
    return {topic: factor * seconds for topic, seconds in given.items()}
