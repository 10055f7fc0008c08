"""Where things live, and that what is made there is private."""

import stat
from pathlib import Path
from typing import Any

import pytest

from tui import paths


def test_variables_win_over_the_platform(private_places: Any) -> None:
    assert paths.config_path() == private_places / "config" / "config.toml"
    assert (paths.state_dir(), paths.cache_dir()) == (private_places / "state", private_places / "cache")


def test_without_variables_everything_is_below_home(
    private_places: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("SYNCDECK_CONFIG", "SYNCDECK_STATE_DIR", "SYNCDECK_CACHE_DIR"):
        monkeypatch.delenv(variable)
    found = (paths.config_path(), paths.state_dir(), paths.cache_dir())
    assert all(path.is_relative_to(private_places / "home") for path in found)
    assert len(set(found)) == 3


def test_the_styles_are_found() -> None:
    assert list(paths.styles_dir().glob("*.tcss"))


def test_a_home_is_written_as_a_tilde(private_places: Any) -> None:
    assert paths.shown(private_places / "home" / "a.toml") == "~/a.toml"
    assert paths.shown(private_places / "homeless" / "a.toml") == str(
        private_places / "homeless" / "a.toml"
    )


def test_a_private_file_is_written_once_in_private_folders(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deeper" / "file"
    paths.create_private(path, "first")
    with pytest.raises(FileExistsError):
        paths.create_private(path, "second")
    assert path.read_text() == "first"
    modes = [stat.S_IMODE(one.stat().st_mode) for one in (path, path.parent, path.parent.parent)]
    assert modes == [0o600, 0o700, 0o700]


@pytest.mark.parametrize(
    ("variable", "place"),
    [
        ("SYNCDECK_CONFIG", paths.config_path),
        ("SYNCDECK_STATE_DIR", paths.state_dir),
        ("SYNCDECK_CACHE_DIR", paths.cache_dir),
    ],
)
def test_a_variable_whose_home_directory_is_not_known_names_itself(
    monkeypatch: pytest.MonkeyPatch, variable: Any, place: Any
) -> None:
    monkeypatch.setenv(variable, "~nosuchuser/here")
    with pytest.raises(FileNotFoundError) as told:
        place()
    assert told.value.filename == "~nosuchuser/here"
    assert told.value.strerror == f"the home directory for ~ in ${variable} is unknown"
