"""`[history]` of the config, and that of a profile over it."""

from pathlib import Path

import pytest

from tui.config.effective_config import as_toml
from tui.config.file import ConfigError, read
from tui.config.model import Config
from tui.config.to_settings import to_history_settings
from tui.config.validation import validate
from tui.domain.history.settings import HistorySettings

PROFILE = '\n[profiles.acme.superoffice]\nbase_url = "https://so.example/C1"\n'
AUTH = '[profiles.acme.superoffice.auth]\ntype = "bearer"\ntoken = { env = "T" }\n'


def config(tmp_path: Path, text: str) -> Config:
    path = tmp_path / "config.toml"
    path.write_text(text + PROFILE + AUTH)
    return validate(read(path))


def test_without_a_table_the_defaults_hold(tmp_path: Path) -> None:
    assert to_history_settings(config(tmp_path, ""), "acme") == HistorySettings()


def test_a_profile_overrides_key_by_key(tmp_path: Path) -> None:
    text = '[history]\nkeep = "7d"\ngroup = "oncall"\ndirectory = "h"\n'
    own = '[profiles.acme.history]\nkeep = "12h"\nmessages = "none"\nenabled = false\n'
    settings = to_history_settings(config(tmp_path, text + own), "acme")
    assert settings == HistorySettings(
        enabled=False,
        directory=tmp_path / "h",
        group="oncall",
        keep=12 * 3_600.0,
        messages="none",
    )


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("keeep = '7d'", ":2: unknown key 'keeep', did you mean 'keep'?"),
        ("keep = 14", ':2: keep: write a time of at least 1h, such as "14d" or "12h"'),
        ("keep = '10s'", ':2: keep: write a time of at least 1h, such as "14d" or "12h"'),
        ("messages = 'all'", ":2: messages must be one of"),
        ("max_mb = 0.5", ":2: max_mb must be at least 1"),
        ("group = 'on call'", ":2: group must be the name of a group of this system"),
        ("enabled = 'yes'", ":2: enabled must be true or false"),
    ],
)
@pytest.mark.parametrize("table", ["[history]", "[profiles.acme.history]"])
def test_a_wrong_value_is_named_with_its_line(
    tmp_path: Path, table: str, line: str, sentence: str
) -> None:
    with pytest.raises(ConfigError) as failure:
        config(tmp_path, f"{table}\n{line}\n")
    assert sentence in str(failure.value)


def test_the_effective_config_shows_it(tmp_path: Path) -> None:
    shown = as_toml(config(tmp_path, '[history]\nkeep = "7d"\n'))
    assert '[history]\nenabled = true\nkeep = "7d"\nkeep_days_totals = "400d"\nmax_mb = 256' in shown
    assert "[profiles.acme.history]" not in shown
    shown = as_toml(config(tmp_path, '[profiles.acme.history]\nkeep = "7d"\n'))
    assert '[profiles.acme.history]\nkeep = "7d"' in shown
