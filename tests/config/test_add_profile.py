"""A profile is added at the end of a config, and nothing else in it changes."""

import os
from pathlib import Path

import pytest

from tests.config.conftest import GOOD
from tui.api.settings import FileRef, WawiKey
from tui.config.add_profile import NewProfile, alone, with_profile, write
from tui.config.file import ConfigError, read
from tui.config.validation import validate


def profile(**changes: object) -> NewProfile:
    known: dict[str, object] = {
        "name": "branch",
        "environment": "staging",
        "base_url": "https://wawi.example:5883/api/eazybusiness",
        "app_id": "app/1",
        "app_version": "1",
        "key_file": Path("/secrets/key"),
    }
    return NewProfile(**(known | changes))  # type: ignore[arg-type] # a test's short hand


@pytest.mark.parametrize("name", ["branch", "Filiale Nord", "v1.2", "Büro"])
@pytest.mark.parametrize("key_file", ["/secrets/key", '/with "quotes" and \\', "/ä ö/…"])
def test_names_and_paths_of_every_kind_come_back_as_they_were(
    tmp_path: Path, name: str, key_file: str
) -> None:
    new = profile(name=name, key_file=Path(key_file), ca_bundle=Path(key_file), allow_plain_http=True)
    config = validate(alone(new, tmp_path / "config.toml"))
    assert config.default_profile == name
    table = config.profiles[name]
    assert table.jtl is not None
    assert (table.jtl.deployment, table.jtl.app_id) == ("on-premises", "app/1")
    assert (str(table.ca_bundle), table.allow_plain_http) == (key_file, True)
    assert table.jtl.auth == WawiKey(FileRef(Path(key_file)))


@pytest.mark.parametrize("text", [GOOD, GOOD.rstrip("\n"), GOOD.replace("\n", "\r\n"), f"{GOOD}# end"])
def test_what_stood_there_stands_there_still(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(text.encode())
    write(with_profile(profile(), path))
    assert path.read_bytes().startswith(text.encode())
    config = validate(read(path))
    assert (config.default_profile, list(config.profiles)) == ("acme", ["acme", "branch"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace("tenant_id", "tennant_id"), "unknown key 'tennant_id'"),
        (GOOD.replace("acme", "branch"), "there is a profile 'branch' already"),
        ("[profiles", "not valid TOML"),
        (f'{GOOD}\nopen = """', "not valid TOML"),
    ],
)
def test_a_config_that_is_not_sound_or_has_it_already_is_refused(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=said):
        with_profile(profile(), path)
    assert path.read_text() == text


def test_a_disk_that_fails_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "config.toml"
    path.write_text(GOOD)
    grown = with_profile(profile(), path)

    def failing(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(OSError, match="No space"):
        write(grown)
    assert path.read_text() == GOOD
    assert [one for one in tmp_path.iterdir() if one.name.startswith(".")] == []
