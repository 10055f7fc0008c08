"""Reading a config file, and what the first frame knows of it."""

from pathlib import Path
from typing import Any

import pytest

from tests.config.conftest import GOOD
from tui.config.file import ConfigError, read, sketch
from tui.domain.profile import Environment, System


def test_broken_toml_is_one_sentence_with_its_line(write: Any) -> None:
    with pytest.raises(ConfigError, match=r"config\.toml:4: not valid TOML: ") as caught:
        write(('environment = "production"', "environment = production"))
    assert len(str(caught.value).splitlines()) == 1


def test_toml_that_ends_too_early_names_the_last_line(write: Any) -> None:
    with pytest.raises(ConfigError, match=r"config\.toml:2: not valid TOML: "):
        write(text='[a]\nb = """\n')


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"nowhere\.toml: there is no such file; `syncdeck config init`"
    ):
        read(tmp_path / "nowhere.toml")


def test_a_folder_is_no_config(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot be read"):
        read(tmp_path)


def test_text_in_another_encoding_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b'a = "b"\nc = "\xfc"\n')
    with pytest.raises(ConfigError, match=r"config\.toml:2: not UTF-8 text"):
        read(path)


def test_windows_line_ends_and_a_byte_order_mark_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert sketch(read(path), None).name == "acme"


def test_the_first_frame_knows_name_environment_and_systems(write: Any) -> None:
    facts = sketch(write(), None)
    assert (facts.name, facts.environment) == ("acme", Environment.PRODUCTION)
    assert facts.systems == {System.JTL, System.SUPEROFFICE}


@pytest.mark.parametrize(
    ("line", "read_only"),
    [
        ('environment = "production"', True),
        ('environment = "production"\nread_only = false', False),
        ('environment = "staging"', False),
        ('environment = "staging"\nread_only = true', True),
        ('environment = "nonsense"', True),
        ("", True),
    ],
)
def test_production_and_whatever_is_in_doubt_is_read_only(write: Any, line: Any, read_only: Any) -> None:
    assert sketch(write(('environment = "production"', line)), None).read_only is read_only


def test_an_unknown_profile_names_the_nearest_and_all(write: Any) -> None:
    with pytest.raises(
        ConfigError, match=r"there is no profile 'amce', did you mean 'acme'.*known: acme"
    ):
        sketch(write(), "amce")


def test_an_unknown_default_profile_is_blamed_on_its_line(write: Any) -> None:
    with pytest.raises(ConfigError, match=r"config\.toml:1: there is no profile 'beta'"):
        sketch(write(('default_profile = "acme"', 'default_profile = "beta"')), None)


def test_a_single_profile_needs_no_default(write: Any) -> None:
    assert sketch(write(('default_profile = "acme"', "")), None).name == "acme"


def test_several_profiles_without_a_default_must_be_chosen(write: Any) -> None:
    swap = ('default_profile = "acme"', '[profiles.beta]\nenvironment = "staging"')
    with pytest.raises(ConfigError, match="name one with --profile: beta, acme"):
        sketch(write(swap), None)


def test_a_profile_name_that_could_leave_its_folder_is_refused(write: Any) -> None:
    with pytest.raises(ConfigError, match=r"config\.toml:1: profile name '\.\./x'"):
        sketch(write(text='[profiles."../x"]\n'), None)


def test_a_file_without_profiles_says_so(write: Any) -> None:
    with pytest.raises(ConfigError, match="it defines no profile"):
        sketch(write(text="x = 1\n"), None)


def test_it_knows_every_variable_that_holds_a_secret(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(
        "[profiles.a.jtl.auth]\ntoken = { env = 'ONE' }\n"
        "[profiles.b.jtl]\napi_key = { env = 'TWO' }\nauth.token = { file = 'x' }\nproxy = 'env'\n"
    )
    assert read(path).variables == {"ONE", "TWO"}
