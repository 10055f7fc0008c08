"""Adds a new profile to the config file: its lines, and the file with them at its end.

Invariant: the file's content stays unchanged, comments included, and the file is replaced only by a
valid one that differs in nothing but the new profile.
"""

import stat
from collections.abc import Iterator
from pathlib import Path

from tui.config.effective_config import key_text, quoted
from tui.config.file import ConfigError, ConfigFile, parsed, profile_names, read
from tui.config.validation import validate
from tui.frozen import frozen
from tui.paths import replace_private, shown


@frozen
class NewProfile:
    """A profile of a JTL-Wawi on-premises."""

    name: str
    environment: str
    base_url: str
    app_id: str
    app_version: str
    key_file: Path
    ca_bundle: Path | None = None
    allow_plain_http: bool = False
    api_version_header: str = ""

    @property
    def lines(self) -> str:
        """The tables of the profile as TOML; they contain no secret."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        here = f"profiles.{key_text(self.name)}"
        yield f"[{here}]"
        yield f"environment = {quoted(self.environment)}"
        if self.allow_plain_http:
            yield "allow_plain_http = true"
        if self.ca_bundle is not None:
            yield f"ca_bundle = {quoted(str(self.ca_bundle))}"
        yield ""
        yield f"[{here}.jtl]"
        yield 'deployment = "on-premises"'
        yield f"base_url = {quoted(self.base_url)}"
        yield f"app_id = {quoted(self.app_id)}"
        yield f"app_version = {quoted(self.app_version)}"
        if self.api_version_header:
            yield f"api_version_header = {quoted(self.api_version_header)}"
        yield f"[{here}.jtl.auth]"
        yield 'type = "wawi"'
        yield f"api_key = {{ file = {quoted(str(self.key_file))} }}"


def alone(profile: NewProfile, path: Path) -> ConfigFile:
    """A config with this one profile, as if it were in `path`.

    Raises ConfigError: the profile is invalid.
    """
    return _sound(path, f"default_profile = {quoted(profile.name)}\n\n{profile.lines}")


def with_profile(profile: NewProfile, path: Path) -> ConfigFile:
    """The config at `path` with the profile at its end; if there is no file, a new one with it as the
    default. Writes nothing.

    Raises ConfigError: the file is invalid, has a profile of that name, or cannot hold one at its end.
    """
    if not path.exists():
        return alone(profile, path)
    file = read(path)
    validate(file)
    if profile.name in profile_names(file):
        raise file.error(
            ("profiles", profile.name),
            f"there is a profile {profile.name!r} already, and it is not changed",
        )
    gap = "" if not file.text else "\n" if file.text.endswith("\n") else "\n\n"
    try:
        grown = _sound(path, f"{file.text}{gap}{profile.lines}")
    except ConfigError:
        raise ConfigError(
            f"{shown(path)}: no profile can be added at its end: [profiles] is written in one line there"
        ) from None
    others = {name: table for name, table in grown.profiles.items() if name != profile.name}
    if {**grown.tables, "profiles": others} != file.tables:
        raise ConfigError(f"{shown(path)}: no profile can be added without changing another one")
    return grown


def write(file: ConfigFile) -> None:
    """Replace the file at its path, with the permissions of the old one; a link to it stays a link.

    Raises OSError: it cannot be written; the old one is unchanged.
    """
    target = file.path.resolve()
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o600
    replace_private(target, file.text.encode(), mode)


def _sound(path: Path, text: str) -> ConfigFile:
    file = parsed(path, text)
    validate(file)
    return file
