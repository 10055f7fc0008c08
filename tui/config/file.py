"""The config file as text: reads it, sketches it for the first frame, and finds a problem's line.

Standard library only. `sketch` is lenient: it gives the facts for the first frame before `model` has
validated the rest; in doubt it chooses the careful side (production, read-only).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tui.config.toml_lines import line_of
from tui.domain.profile import Environment, ProfileFacts, System
from tui.frozen import frozen
from tui.paths import shown

_PLACE = re.compile(r"\s*\((?:at (?:line (\d+), column \d+|end of document))\)$")
_NAME = re.compile(r"\w[\w .-]{0,39}")


class ConfigError(Exception):
    """The config is not usable; `str` is one sentence per problem, each with file and line."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@frozen
class ConfigFile:
    """A config file that is well-formed TOML."""

    path: Path
    text: str
    tables: Mapping[str, object]
    left_out: frozenset[str] = frozenset()
    """Variables that only profiles name which were left out."""

    @property
    def variables(self) -> frozenset[str]:
        """The environment variables that contain a secret of any profile."""
        return self.left_out.union(_variables(self.tables))

    @property
    def profiles(self) -> Mapping[str, Any]:
        """What stands below `profiles`, by name, however wrong it is."""
        found = self.tables.get("profiles")
        return found if isinstance(found, Mapping) else {}

    def alone(self, name: str) -> "ConfigFile":
        """The same without the tables of other profiles, so that what is wrong there hinders nothing."""
        if not self.profiles:
            return self
        left = {
            key: table
            for key, table in self.profiles.items()
            if key == name or not isinstance(table, Mapping)
        }
        tables = {key: table for key, table in self.tables.items() if key != "default_profile"}
        return replace(self, tables=tables | {"profiles": left}, left_out=self.variables)

    def blame(self, where: tuple[str, ...], sentence: str) -> str:
        """`sentence` preceded by the file and the line of the table or key `where`."""
        line = line_of(self.text, where)
        return f"{shown(self.path)}:{line}: {sentence}" if line else f"{shown(self.path)}: {sentence}"

    def error(self, where: tuple[str, ...], sentence: str) -> ConfigError:
        return ConfigError(self.blame(where, sentence))


def read(path: Path) -> ConfigFile:
    """Read a config file. Raises ConfigError: it is missing, unreadable, not UTF-8 or not TOML."""
    return parsed(path, _text(path))


def parsed(path: Path, text: str) -> ConfigFile:
    """The config that `text` is, as if it were in `path`. Raises ConfigError: it is not TOML."""
    import tomllib

    try:
        return ConfigFile(path, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_toml_sentence(path, text, str(error))) from None
    except RecursionError:
        raise ConfigError(f"{shown(path)}: not valid TOML: nested too deeply") from None


def _variables(tree: object) -> Iterator[str]:
    if isinstance(tree, Mapping):
        name = tree.get("env")
        if isinstance(name, str) and len(tree) == 1:
            yield name
        for value in tree.values():
            yield from _variables(value)


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise ConfigError(
            f"{shown(path)}: there is no such file; `syncdeck config init` writes a template"
        ) from None
    except OSError as error:
        raise ConfigError(f"{shown(path)}: cannot be read: {error.strerror or error}") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{shown(path)}:{line}: not UTF-8 text") from None


def _toml_sentence(path: Path, text: str, message: str) -> str:
    place = _PLACE.search(message)
    line = int(place[1]) if place and place[1] else max(1, len(text.splitlines()))
    return f"{shown(path)}:{line}: not valid TOML: {_PLACE.sub('', message)}"


def profile_names(file: ConfigFile) -> tuple[str, ...]:
    """The profiles that the file defines, in its order."""
    return tuple(name for name, table in file.profiles.items() if isinstance(table, Mapping))


def sound_names(file: ConfigFile) -> tuple[str, ...]:
    """Those of them with a valid name."""
    return tuple(name for name in profile_names(file) if is_profile_name(name))


def choose(file: ConfigFile, asked: str | None) -> str:
    """The profile to use: the requested one, else `default_profile`, else the only one.

    Raises ConfigError: there is none of that name, none at all, or several without a default.
    """
    names = profile_names(file)
    if not names:
        raise file.error(
            (), "it defines no profile; `syncdeck config init` writes a template to start from"
        )
    default = file.tables.get("default_profile")
    if asked is None and not isinstance(default, str):
        if len(names) == 1:
            return _sound(file, names[0])
        raise file.error((), f"no default_profile is set; name one with --profile: {', '.join(names)}")
    name = str(asked if asked is not None else default)
    if name not in names:
        where = () if asked is not None else ("default_profile",)
        raise file.error(
            where, f"there is no profile {name!r}{nearest(name, names)}; known: {', '.join(names)}"
        )
    return _sound(file, name)


def is_profile_name(name: str) -> bool:
    """Whether a profile may have that name, which is also used in file names."""
    return _NAME.fullmatch(name) is not None


def _sound(file: ConfigFile, name: str) -> str:
    if is_profile_name(name):
        return name
    raise file.error(
        ("profiles", name),
        f"profile name {name!r}: use at most 40 letters, digits, spaces, dots, dashes and underscores",
    )


def nearest(word: str, known: tuple[str, ...]) -> str:
    """`, did you mean 'x'?` for the nearest of `known`, or empty."""
    from difflib import get_close_matches

    found = get_close_matches(word.lower(), known, n=1, cutoff=0.5)
    return f", did you mean {found[0]!r}?" if found else ""


def sketch(file: ConfigFile, profile_name: str | None) -> ProfileFacts:
    """The facts of a profile for the first frame, before the config is validated.

    Raises ConfigError: as `choose`.
    """
    name = choose(file, profile_name)
    table = file.profiles[name]
    environment = _environment(table.get("environment"))
    read_only = table.get("read_only")
    return ProfileFacts(
        name=name,
        environment=environment,
        read_only=read_only if isinstance(read_only, bool) else environment is Environment.PRODUCTION,
        systems=frozenset(system for system in System if isinstance(table.get(system.value), Mapping)),
    )


def addresses_of(file: ConfigFile, name: str) -> tuple[str, ...]:
    """All addresses of a profile, however wrong its table is."""
    return tuple(dict.fromkeys(_addresses_in(file.profiles.get(name))))


def _addresses_in(tree: object) -> Iterator[str]:
    if isinstance(tree, Mapping):
        for value in tree.values():
            yield from _addresses_in(value)
    elif isinstance(tree, str) and "://" in tree:
        yield tree


def systems_of(file: ConfigFile, name: str) -> frozenset[System]:
    """The systems that a profile configures, however wrong its table is; all where none is seen."""
    table = file.profiles.get(name)
    seen = table if isinstance(table, Mapping) else {}
    return frozenset(system for system in System if system.value in seen) or frozenset(System)


def _environment(value: object) -> Environment:
    known = Environment._value2member_map_
    return Environment(value) if isinstance(value, str) and value in known else Environment.PRODUCTION
