"""A secret that a server repeats is in no text, no data and no log; ordinary words stay."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from tests.api.conftest import Open, Profiles, failure_of
from tests.drivers.simulator import RunningSimulator
from tui.api.errors import Rejected
from tui.api.http.secret_masking import masked, masked_tree, may_hold, secrets_in_header, without_secrets
from tui.api.settings import BasicLogin, BearerToken, WebSession
from tui.domain.profile import System
from tui.domain.text import Altered

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
        # Where a text begins and where it ends.
        (f"{TOKEN[:20]}…", TOKEN, "•••…"),
        (f"cut: {TOKEN[:20]}", TOKEN, "cut: •••"),
        (TOKEN[:20], TOKEN, "•••"),
        (f"{TOKEN[:20]}{TOKEN[:14]}", TOKEN, "••••••"),
        (f"{TOKEN[:15]}-{TOKEN[:13]}!", TOKEN, "•••-•••!"),
        # At each limit of the length.
        (f"cut: {TOKEN[:12]}", TOKEN, "cut: •••"),
        (f"cut: {TOKEN[:11]}", TOKEN, f"cut: {TOKEN[:11]}"),
        ("cut: abcdefghijk", "abcdefghijkl", "cut: abcdefghijk"),
        ("whole: xabcdefghijkly", "abcdefghijkl", "whole: x•••y"),
        ("whole: xabcdefghijky", "abcdefghijk", "whole: x•••y"),
        ("myhuntehat", "hunte", "myhuntehat"),
        ("hunte, hunte-two and 2hunte", "hunte", "•••, •••-two and 2hunte"),
        ("huntehat", "hunte", "huntehat"),
        ("abc (abc)", "abc", "••• (•••)"),
        ("ab (ab)", "ab", "ab (ab)"),
        ("", TOKEN, ""),
        ("a.c abc", "a.c", "••• abc"),
        ("say &quot;hush!&quot;", '"hush!"', "say •••"),
        ("p&ss/word, p%26ss%2Fword", "p&ss/word", "•••, •••"),
    ],
)
def test_how_much_is_masked_depends_on_the_length(said: str, known: str, shown: str) -> None:
    assert masked(said, secret(known)) == shown


@pytest.mark.parametrize("longer", ["hunter-two", "a-hunter"])
def test_of_two_secrets_of_which_one_holds_the_other_no_rest_stays(longer: str) -> None:
    for known in (("hunter", longer), (longer, "hunter")):
        assert masked(f"{longer}, hunter", secret(*known)) == "•••, •••"


def test_a_beginning_is_masked_whole_where_another_secret_is_the_shorter_one() -> None:
    longer = TOKEN + "-and-much-more-of-it"
    for known in ((TOKEN[:14], longer), (longer, TOKEN[:14])):
        assert masked(f"cut: {longer[:40]}… {TOKEN[:14]}", secret(*known)) == "cut: •••… •••"


def test_of_two_tokens_that_begin_alike_the_one_that_was_cut_is_masked_whole() -> None:
    head = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
    first, second = f"{head}eyJzdWIiOiJtZSJ9.signed-one", f"{head}eyJpc3MiOiJ5b3UifQ.signed-another"
    for known in ((first, second), (second, first)):
        assert masked(f"{first[:-6]}… and {second[:-7]}…", secret(*known)) == "•••… and •••…"


def test_keys_are_masked_as_values_are_and_what_was_changed_is_known() -> None:
    tree = {TOKEN: 1, "plain": [TOKEN, "word", 7, None], "in": {"it": f"x {TOKEN}"}}
    found = masked_tree(tree, secret(TOKEN))
    assert found == {"•••": 1, "plain": ["•••", "word", 7, None], "in": {"it": "x •••"}}
    assert isinstance(found, dict)
    changed = [type(found["plain"][0]), type(found["plain"][1]), type(found["in"]["it"])]
    assert changed == [Altered, str, Altered]


def test_a_failure_is_masked_in_every_text() -> None:
    said = f"no {TOKEN}"
    failure = Rejected(
        system=System.JTL,
        sentence=said,
        next_step=said,
        detail=said,
        request_id=said,
        fields={said: (said, "word")},
    )
    assert without_secrets(failure, secret(TOKEN)) is failure
    texts = (failure.sentence, failure.next_step, failure.detail, failure.request_id)
    assert texts == ("no •••",) * 4
    assert failure.fields == {"no •••": ("no •••", "word")}


@pytest.mark.parametrize(
    ("value", "known"),
    [
        ("Bearer abc=", {"abc="}),
        ("abc", {"abc"}),
        ("Basic " + base64.b64encode(b"erp:hunter2").decode(), {"ZXJwOmh1bnRlcjI=", "hunter2"}),
        ("a=first; b=second=", {"first", "second="}),
        ("a=one", {"one"}),
        ("a=with blank; b=two", {"with blank", "two"}),
        ("abc==", {"abc=="}),
        ("Basic bm9jb2xvbg==", {"bm9jb2xvbg==", ""}),
        ("Basic not-base64!", {"not-base64!"}),
        ("Basic ZXJw!Omh1bnRlcjI=", {"ZXJw!Omh1bnRlcjI="}),
        ("Basic //8=", {"//8="}),
        ("basic ZXJwOmh1bnRlcjI=", {"ZXJwOmh1bnRlcjI="}),
        ("Basic " + base64.b64encode(b"erp:a:b").decode(), {"ZXJwOmE6Yg==", "a:b"}),
        ("Bearer a b", {"a b"}),
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


@pytest.mark.parametrize(
    ("content", "known", "is_held"),
    [
        ('"ab+cd/ef=gh~x"', "ab+cd/ef=gh~" + "x" * 40, True),
        (f'"{TOKEN[:20]}…"', TOKEN, True),
        (f'"{TOKEN[:12]}"', TOKEN, True),
        ('"eyJhbGciOiJ"', TOKEN, False),
        ('"abc"', "abc", True),
        ('"ab"', "ab", False),
        ('"word"', "abc", False),
        ('"zebra a"', "z+long/a=", False),
        ('"&"', "&&&", True),
    ],
)
def test_an_answer_that_holds_nothing_is_not_looked_through(
    content: str, known: str, is_held: bool
) -> None:
    assert may_hold(content.encode(), secret(known)) is is_held
    assert may_hold(content.encode(), secret("another-one-of-them", known)) is is_held


def test_without_a_secret_nothing_is_held() -> None:
    assert not may_hold(b"anything", [])
    assert masked("anything", []) == "anything"


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
        await failure_of(open_service(profiles.cloud(api_key=key), log_file=log).jtl.workers()),
        await failure_of(open_service(profiles.on_premises(), log_file=log).jtl.workers()),
    ]
    for auth in (basic, session, BearerToken(profiles.secret(erp.so_token, "t"))):
        superoffice = profiles.superoffice(auth=auth, app_token=app)
        failures.append(
            await failure_of(open_service(None, superoffice, log_file=log).superoffice.engine_status())
        )
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
    found = await service.jtl.workers()
    assert "shop •••" in [sync.channel for sync in found]
    assert erp.api_key not in repr([(sync, sync.raw) for sync in found])
