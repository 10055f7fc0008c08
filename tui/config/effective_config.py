"""The effective config as TOML: with defaults, and with secrets as references.

Of a secret command it shows only the program: its arguments may contain a secret.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

from tui.api.settings import CommandRef, EnvRef, FileRef, KeyringRef
from tui.config.model import Config, RunbookTable, entries_of, keys_of
from tui.config.to_settings import every, to_facts
from tui.domain.history.settings import HistorySettings
from tui.domain.intervals import short
from tui.store.snapshot import Topic


def as_toml(config: Config, only: str | None = None) -> str:
    """The whole config, or only the profile `only`."""
    lines = [f"default_profile = {_value(config.default_profile)}"] if config.default_profile else []
    lines += _history(config)
    for runbook in config.runbook:
        given = {key: value for key in keys_of(RunbookTable) if (value := getattr(runbook, key))}
        lines += ["", "[[runbook]]", *(f"{key} = {_value(value)}" for key, value in given.items())]
    for name, profile in config.profiles.items():
        if only in (None, name):
            pauses = every(profile.refresh)
            refresh = replace(
                profile.refresh, workers=pauses[Topic.WORKERS], status=pauses[Topic.STATUS]
            )
            known = replace(profile, read_only=to_facts(name, profile).read_only, refresh=refresh)
            lines += _table(f"profiles.{key_text(name)}", entries_of(known) or {})
    return "\n".join(lines).lstrip("\n") + "\n"


def _history(config: Config) -> Iterator[str]:
    """For all profiles, with defaults."""
    default = HistorySettings()
    known = {
        "enabled": default.enabled,
        "keep": short(default.keep),
        "keep_days_totals": short(default.keep_days_totals),
        "max_mb": default.max_mb,
        "messages": default.messages,
    }
    given = {
        key: value for key, value in (entries_of(config.history) or {}).items() if value is not None
    }
    return _table("history", {**known, **given})


def _table(path: str, entries: Mapping[str, object]) -> Iterator[str]:
    tables = {key: known for key, value in entries.items() if (known := entries_of(value)) is not None}
    yield ""
    yield f"[{path}]"
    for key, value in entries.items():
        if value not in (None, {}) and key not in tables:
            yield f"{key} = {_value(value)}"
    for key, table in tables.items():
        if any(value is not None for value in table.values()):
            yield from _table(f"{path}.{key}", table)


def key_text(name: str) -> str:
    """A name as part of a TOML key, quoted if necessary."""
    return name if name.isascii() and name.replace("-", "").replace("_", "").isalnum() else quoted(name)


def _value(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return f"{value:g}"
        case EnvRef(env=text):
            return f"{{ env = {quoted(text)} }}"
        case FileRef(file=path):
            return f"{{ file = {quoted(str(path))} }}"
        case CommandRef():
            parts = [value.program, f"… ({value.arguments})"] if value.arguments else [value.program]
            return f"{{ command = [{', '.join(map(quoted, parts))}] }}"
        case KeyringRef(keyring=text):
            return f"{{ keyring = {quoted(text)} }}"
        case Mapping():
            pairs = (f"{key_text(str(key))} = {_value(one)}" for key, one in value.items())
            return f"{{ {', '.join(pairs)} }}"
        case tuple():
            return f"[{', '.join(map(_value, value))}]"
        case _:
            return quoted(str(value))


def quoted(text: str) -> str:
    """A TOML basic string: TOML knows all of JSON's escapes, but no raw DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
