"""What a config means to the service, the poller and the guard; what `show` and `init` write."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.config.conftest import GOOD
from tui.api.settings import (
    BasicLogin,
    BearerToken,
    ClientCredentials,
    CommandRef,
    EnvRef,
    FileRef,
    KeyringRef,
    SoTicket,
    WawiKey,
    WebSession,
)
from tui.config.effective_config import as_toml
from tui.config.template import TEMPLATE
from tui.config.to_settings import every, to_facts, to_service_settings
from tui.config.validation import validate
from tui.store.snapshot import Topic


def settings(file: Any) -> Any:
    return to_service_settings(validate(file).profiles["acme"])


def test_the_service_is_told_everything_that_the_profile_says(write: Any) -> None:
    given = settings(
        write(("[profiles.acme.jtl]\n", '[profiles.acme.jtl]\nrun_as = "7"\ncompany_id = "2"\n'))
    )
    assert given.jtl.auth == ClientCredentials(
        "https://auth.jtl-cloud.com/oauth2/token", "app", EnvRef("ACME_JTL_SECRET")
    )
    assert (given.jtl.run_as, given.jtl.company_id, given.jtl.api_version) == ("7", "2", "auto")
    assert given.superoffice.auth == BearerToken(EnvRef("ACME_SO_TOKEN"))


@pytest.mark.parametrize(
    ("lines", "login"),
    [
        ('type = "bearer"\ntoken = { env = "T" }', BearerToken(EnvRef("T"))),
        (
            'type = "basic"\nusername = "u"\npassword = { command = ["pass", "show", "x"] }',
            BasicLogin("u", CommandRef(("pass", "show", "x"))),
        ),
        ('type = "so-ticket"\nticket = { keyring = "so/me" }', SoTicket(KeyringRef("so/me"))),
        (
            'type = "session"\ncookie = { file = "/run/cookie" }\nxsrf = { env = "X" }',
            WebSession(FileRef(Path("/run/cookie")), EnvRef("X")),
        ),
    ],
)
def test_every_superoffice_login_reaches_the_service(write: Any, lines: Any, login: Any) -> None:
    file = write(('type = "bearer"\ntoken = { env = "ACME_SO_TOKEN" }', lines))
    assert settings(file).superoffice.auth == login


def test_the_on_premises_key_reaches_the_service(write: Any) -> None:
    head, tail = GOOD.split('type = "client-credentials"')
    rest = tail[tail.index("[profiles.acme.superoffice]") :]
    text = f'{head}type = "wawi"\napi_key = {{ env = "KEY" }}\n{rest}'
    assert settings(write(text=text)).jtl.auth == WawiKey(EnvRef("KEY"))


def test_a_system_that_is_left_out_is_absent(write: Any) -> None:
    assert settings(write(text=GOOD[: GOOD.index("[profiles.acme.superoffice]")])).superoffice is None


def test_the_status_follows_the_workers_unless_it_is_set(write: Any) -> None:
    follows = validate(write(("workers = 5", "workers = 7"))).profiles["acme"].refresh
    own = validate(write(("workers = 5", "workers = 7\nstatus = 3"))).profiles["acme"].refresh
    assert (every(follows)[Topic.STATUS], every(own)[Topic.STATUS]) == (7, 3)
    assert every(follows)[Topic.EXTENSIONS] == 60


def test_l7_by_default_the_status_comes_often_and_the_list_seldom(write: Any) -> None:
    unset = validate(write(("workers = 5", "engine = 10"))).profiles["acme"].refresh
    status = validate(write(("workers = 5", "status = 9"))).profiles["acme"].refresh
    assert (every(unset)[Topic.STATUS], every(unset)[Topic.WORKERS]) == (5, 60)
    assert (every(status)[Topic.STATUS], every(status)[Topic.WORKERS]) == (9, 60)


def test_read_only_from_the_command_line_forces_and_never_lifts(write: Any) -> None:
    free = validate(write(('"production"', '"staging"'))).profiles["acme"]
    bound = validate(write()).profiles["acme"]
    assert to_facts("acme", free, read_only=True).read_only
    assert to_facts("acme", bound, read_only=False).read_only
    assert not to_facts("acme", free).read_only


def test_show_writes_a_config_that_means_the_same(write: Any) -> None:
    file = write()
    shown = as_toml(validate(file))
    assert 'client_secret = { env = "ACME_JTL_SECRET" }' in shown
    assert settings(write(text=shown)) == settings(file)


def test_show_names_what_follows_from_other_settings(write: Any) -> None:
    """Whether a profile is read-only, and the status polled with the syncs."""
    shown = tomllib.loads(as_toml(validate(write())))["profiles"]["acme"]
    assert shown["read_only"] is True
    assert (shown["refresh"]["workers"], shown["refresh"]["status"]) == (5, 5)
    shown = tomllib.loads(as_toml(validate(write(('"production"', '"staging"'), ("workers", "engine")))))
    assert shown["profiles"]["acme"]["read_only"] is False
    refresh = shown["profiles"]["acme"]["refresh"]
    assert (refresh["workers"], refresh["status"], refresh["engine"]) == (60, 5, 5)


def test_the_template_is_valid_as_it_stands(write: Any) -> None:
    assert validate(write(text=TEMPLATE)).default_profile == "acme"


def test_every_key_that_the_template_comments_out_exists(write: Any) -> None:
    known = tomllib.loads(as_toml(validate(write(text=TEMPLATE))))
    offered = TEMPLATE.replace("# proxy", "proxy").replace("# max_response", "max_response")
    offered = offered.replace("# read_only", "read_only").replace("# allow_plain", "allow_plain")
    assert validate(write(text=offered)).profiles["acme"].read_only is True
    assert known["profiles"]["acme"]["proxy"] == "env"
