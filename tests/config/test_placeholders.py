"""An unfilled template of `config init` is refused by name, wherever it would be used."""

import re

import pytest

from tests.config.conftest import Write
from tests.drivers.command import Finished, syncdeck
from tui.config.placeholders import placeholders, unfilled
from tui.config.template import TEMPLATE
from tui.paths import config_path

SET = {"ACME_JTL_CLIENT_SECRET": "hush", "ACME_SUPEROFFICE_TOKEN": "hush"}
TENANT = '"00000000-0000-0000-0000-000000000000"'
CLIENT = '"your-client-id"'
ADDRESS = '"https://online3.superoffice.com/Cust12345"'
FILLED = {
    TENANT: '"5f2c7a10-3d0e-4c55-9a41-8f6f3c0b1d27"',
    CLIENT: '"wawi-console"',
    ADDRESS: '"https://online2.superoffice.com/Cust54321"',
}


def filled(*but: str) -> str:
    text = TEMPLATE
    for placeholder, value in FILLED.items():
        text = text if placeholder in but else text.replace(placeholder, value)
    return text


def line(part: str) -> int:
    return next(n for n, text in enumerate(TEMPLATE.splitlines(), 1) if part in text)


def lines_of(done: Finished) -> list[int]:
    return [
        int(number)
        for number in re.findall(r"config\.toml:(\d+): profiles\.acme\.", done.err + done.out)
    ]


@pytest.mark.parametrize(
    "command", [("config", "validate"), ("engine",), ("doctor",), ("status", "--json")]
)
def test_the_template_as_it_stands_is_refused_with_every_line(command: tuple[str, ...]) -> None:
    assert syncdeck("config", "init").code == 0
    done = syncdeck(*command, **SET)
    assert done.code == 2
    assert lines_of(done) == [line(TENANT), line(CLIENT), line(ADDRESS)]
    said = done.err + done.out
    assert (
        "profiles.acme.jtl.tenant_id is still the template's placeholder: write the id of your tenant"
        in said
    )
    assert "profiles.acme.jtl.auth.client_id is still" in said
    assert "profiles.acme.superoffice.base_url is still" in said
    assert "the client id of your registered app" in said


def test_what_is_not_set_beside_it_is_named_as_well() -> None:
    syncdeck("config", "init")
    done = syncdeck("config", "validate")
    assert done.code == 2
    assert len(done.err.splitlines()) == 5
    assert "environment variable ACME_JTL_CLIENT_SECRET is not set" in done.err


@pytest.mark.parametrize("left", FILLED)
def test_one_that_is_left_is_refused_alone(left: str) -> None:
    syncdeck("config", "init")
    config_path().write_text(filled(left))
    done = syncdeck("config", "validate", **SET)
    assert (done.code, lines_of(done)) == (2, [line(left)])
    assert len(done.err.splitlines()) == 1


def test_once_it_is_filled_in_it_is_valid() -> None:
    syncdeck("config", "init")
    config_path().write_text(filled())
    done = syncdeck("config", "validate", **SET)
    assert (done.code, done.out, done.err) == (0, "ok\n", "")


def test_a_profile_that_is_not_used_may_be_unfilled(write: Write) -> None:
    used = filled()[filled().index("[profiles.acme]") :].replace(
        "profiles.acme", 'profiles."the real one"'
    )
    file = write(text=f"{TEMPLATE}\n{used}")
    assert unfilled(file, "the real one") == ()
    assert len(unfilled(file, "acme")) == 3
    file = write(text=file.text.replace('"wawi-console"', CLIENT))
    [sentence] = unfilled(file, "the real one")
    assert 'profiles."the real one".jtl.auth.client_id is still' in sentence


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (TENANT, '"{00000000-0000-0000-0000-000000000000}"'),
        (CLIENT, '"Your-Client-ID"'),
        (ADDRESS, '"https://online3.superoffice.com/cust12345/api/"'),
        (ADDRESS, '"https://online3.superoffice.com/Cust12345/api/v1"'),
        (CLIENT, '"..."'),
    ],
)
def test_spelling_makes_no_other_value_of_it(write: Write, old: str, new: str) -> None:
    assert len(unfilled(write(text=filled(old).replace(old, new)), "acme")) == 1


def test_an_alternative_that_is_commented_out_counts_once_it_is_not(write: Write) -> None:
    online = 'environment = "online"\ncustomer_id = "Cust12345"'
    text = filled(ADDRESS).replace(f"base_url = {ADDRESS}", online)
    [sentence] = unfilled(write(text=text), "acme")
    assert "profiles.acme.superoffice.customer_id is still the template's placeholder" in sentence
    own = text.replace(online, f'{online}\nstate_url = "http://127.0.0.1:8700/api/state"')
    assert unfilled(write(text=own), "acme") == ()


def test_what_is_good_as_it_stands_is_no_placeholder() -> None:
    assert {one.where for one in placeholders()} == {
        ("jtl", "tenant_id"),
        ("jtl", "auth", "client_id"),
        ("superoffice", "base_url"),
        ("superoffice", "customer_id"),
    }
