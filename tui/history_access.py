"""The history of a profile for commands that need no server: what is recorded, and where notes go.

Imports late, as the composition root does.
"""

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from tui.config.file import ConfigFile
    from tui.domain.history.lasting import Lasting
    from tui.domain.history.reader import HistoryReader
    from tui.domain.history.records import Event
    from tui.domain.history.settings import HistorySettings
    from tui.domain.runbooks import Runbook
    from tui.headless.history.recorded import Recorded
    from tui.ops.audit.entries import Entry


def open_history(config_file: "ConfigFile", profile_name: str) -> "HistoryReader":
    """The recorded history of a profile, whichever program recorded it; writes nothing.

    Raises tui.config.file.ConfigError: the config is invalid.
    """
    return _reader(*_places(config_file, profile_name))


def recorded(config_file: "ConfigFile", profile_name: str) -> "Recorded":
    """The same with what commands need beside it.

    Raises tui.config.file.ConfigError: the config is invalid.
    """
    from tui.config.to_settings import to_facts
    from tui.config.validation import validate
    from tui.headless.history.recorded import Recorded
    from tui.history.writing.lock import holder_of
    from tui.ops.maintenance.covered import covered_of

    place, fallback = _places(config_file, profile_name)
    facts = to_facts(profile_name, validate(config_file).profiles[profile_name])
    return Recorded(
        profile_name,
        _reader(place, fallback),
        place,
        lambda: holder_of(place),
        lambda since: _entries(profile_name, since),
        runbooks=_runbooks(config_file),
        covered=lambda: covered_of(profile_name, facts),
    )


def _runbooks(config_file: "ConfigFile") -> "tuple[Runbook, ...]":
    if "runbook" not in config_file.tables:
        return ()
    from tui.config.runbooks import to_runbooks
    from tui.config.validation import validate

    return to_runbooks(validate(config_file))


def lasting_of(config_file: "ConfigFile", profile_name: str) -> "Callable[[datetime], Lasting]":
    """Reads since when rows are as they are; what cannot be read is not known.

    Raises tui.config.file.ConfigError: the config is invalid.
    """
    place, fallback = _places(config_file, profile_name)

    def read(now: "datetime") -> "Lasting":
        from tui.domain.history.lasting import NOT_RECORDED
        from tui.headless.history.since import lasting

        try:
            return lasting(_reader(place, fallback), now) if place.is_dir() else NOT_RECORDED
        except (OSError, ValueError):
            return NOT_RECORDED

    return read


def inbox_of(config_file: "ConfigFile", profile_name: str) -> "Callable[[Event], Path]":
    """Keeps an event where the recorder of the profile takes it in, or readers find it.

    Raises tui.config.file.ConfigError: the config is invalid.
    """
    from tui.history import inbox

    return partial(inbox.append, *_places(config_file, profile_name))


def _places(config_file: "ConfigFile", profile_name: str) -> "tuple[Path, Path]":
    from tui.config.to_settings import to_history_settings
    from tui.config.validation import validate

    return places_of(to_history_settings(validate(config_file), profile_name), profile_name)


def places_of(settings: "HistorySettings", profile_name: str) -> "tuple[Path, Path]":
    """The folder of the files, and the user's own one where that cannot be written."""
    from tui.paths import state_dir

    own = state_dir() / "history"
    return (settings.directory or own) / profile_name, own / profile_name


def _reader(place: "Path", fallback: "Path") -> "HistoryReader":
    from tui.history.reader import FileReader

    return FileReader(place, fallback)


def _entries(profile_name: str, since: "datetime") -> "Sequence[Entry]":
    from tui.ops.audit.trail_end import Reach
    from tui.ops.audit.trail_follower import read_end
    from tui.paths import trail_path

    return read_end(trail_path(profile_name), Reach(_MOST, since, back_to=since)).entries


_MOST = 20_000
"""Newest entries of the audit trail that are read."""
