"""A secret that a server repeats is in no text, no data and no log; ordinary words stay."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from tests.api.conftest import Open, Profiles, failure_of
from tests.drivers.simulator import RunningSimulator
from tui.api.masking import masked, masked_tree, may_hold, secrets_in_header
from tui.api.settings import BasicLogin, BearerToken, WebSession

TOKEN = "eyJhbGciOiJIUzI1NiJ9.aa+bb/cc==.signature"


def secret(*texts: str) -> list[SecretStr]:
    return [SecretStr(text) for text in texts]


@pytest.mark.parametrize(
    ("said", "known", "shown"),
    [
        (f"no {TOKEN} here, {TOKEN}", TOKEN, "no ••• here, •••"),
        (f"cut: {TOKEN[:20]}…", TOKEN, "cut: •••…"),
        ("in a URL: eyJhbGciOiJIUzI1NiJ9.aa%2Bbb%2Fcc%3D%3D.signature!", TOKEN, "in a URL: •••!"),
        ("p&amp;ssword in a page", "p&ssword", "••• in a page"),
        ("myhunterhat", "hunter", "my•••hat"),
        ("tom, tomato and 'tom'", "tom", "•••, tomato and '•••'"),
        ("a word", "a", "a word"),
        ("nothing of it", TOKEN, "nothing of it"),
        (f"only eight: {TOKEN[:8]}", TOKEN, f"only eight: {TOKEN[:8]}"),
    ],
)
def test_how_much_is_masked_depends_on_the_length(said: str, known: str, shown: str) -> None:
    assert masked(said, secret(known)) == shown


@pytest.mark.parametrize(
    ("value", "known"),
    [
        ("Bearer abc=", {"abc="}),
        ("abc", {"abc"}),
        ("Basic " + base64.b64encode(b"erp:hunter2").decode(), {"ZXJwOmh1bnRlcjI=", "hunter2"}),
        ("a=first; b=second=", {"first", "second="}),
    ],
)
def test_what_of_a_header_is_secret(value: str, known: set[str]) -> None:
    found = {one.get_secret_value() for one in secrets_in_header(SecretStr(value))}
    assert found == known


@pytest.mark.parametrize("text", [json.dumps(TOKEN), json.dumps(TOKEN).replace("+", "\\u002B")])
def test_a_secret_is_found_in_an_answer_however_it_is_escaped(text: str) -> None:
    content = b'[{"Name":' + text.encode() + b"}]"
    assert may_hold(content, secret(TOKEN))
    assert masked_tree(json.loads(content), secret(TOKEN)) == [{"Name": "•••"}]
    assert not may_hold(b'[{"Name": "Temu"}]', secret(TOKEN))


@pytest.mark.parametrize("status", ["echo", "echo:401", "echo:500"])
async def test_no_secret_of_a_call_comes_back_in_its_failure(
    erp: RunningSimulator, profiles: Profiles, open_service: Open, tmp_path: Path, status: str
) -> None:
    log = tmp_path / "wire.log"
    basic = BasicLogin(erp.so_user, profiles.secret(erp.so_password, "p"))
    session = WebSession(profiles.secret(erp.so_cookie, "c"), profiles.secret(erp.so_xsrf, "x"))
    app = profiles.secret(erp.so_app_token, "a")
    key = profiles.secret("the-key-of-the-gateway", "k")
    erp.fault(f"workers|ErpSync={status}")
    failures = [
        await failure_of(open_service(profiles.cloud(api_key=key), log_file=log).workers()),
        await failure_of(open_service(profiles.on_premises(), log_file=log).workers()),
    ]
    for auth in (basic, session, BearerToken(profiles.secret(erp.so_token, "t"))):
        superoffice = profiles.superoffice(auth=auth, app_token=app)
        failures.append(await failure_of(open_service(None, superoffice, log_file=log).engine_status()))
    said = "".join(_all_of(failure) for failure in failures)
    assert "•••" in said
    sent = [one["headers"].get("authorization", "\0 \0").split()[-1] for one in erp.log()]
    known = (erp.api_key, erp.so_password, erp.so_cookie, erp.so_xsrf, erp.so_app_token, erp.so_token)
    for one in (*known, "the-key-of-the-gateway", erp.client_secret, *sent):
        assert one not in said
        assert one not in log.read_text()


def _all_of(failure: Any) -> str:
    return repr(failure) + str(failure) + failure.next_step + repr(getattr(failure, "fields", ""))


async def test_no_secret_of_a_call_comes_back_in_its_data(
    erp: RunningSimulator, profiles: Profiles, open_service: Open
) -> None:
    service = open_service(profiles.on_premises())
    erp.state(jtl={"workers": {"Hauptshop": {"channel": f"shop {erp.api_key}"}}})
    found = await service.workers()
    assert "shop •••" in [sync.channel for sync in found]
    assert erp.api_key not in repr([(sync, sync.raw) for sync in found])
