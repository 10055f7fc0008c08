"""Every mistake in the config is one sentence with file and line, and shows no value."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.config.conftest import GOOD
from tui.api.settings import SystemUser
from tui.config.file import ConfigError, ConfigFile
from tui.config.model import Config
from tui.config.validation import missing, validate, warnings


def test_the_good_config_is_accepted(write: Any) -> None:
    assert list(validate(write()).profiles) == ["acme"]


def test_an_unknown_key_names_the_nearest_one(refused: Any) -> None:
    assert refused(("tenant_id", "tennant_id")) == [
        "config.toml:8: unknown key 'tennant_id', did you mean 'tenant_id'?"
    ]


def test_an_unknown_key_that_belongs_elsewhere_says_where(refused: Any) -> None:
    assert refused(("workers = 5", "read_only = true")) == [
        "config.toml:22: unknown key 'read_only' here; it belongs in [profiles.acme]"
    ]


def test_an_unknown_key_like_no_other_lists_those_that_are_known(refused: Any) -> None:
    [sentence] = refused(("workers = 5", "qqqqqq = 5"))
    assert sentence.startswith("config.toml:22: unknown key 'qqqqqq'; known here: workers, status")


@pytest.mark.parametrize(
    ("reference", "line", "instead"),
    [
        ('client_secret = { env = "ACME_JTL_SECRET" }', 13, "ACME_JTL_CLIENT_SECRET"),
        ('token = { env = "ACME_SO_TOKEN" }', 19, "ACME_SUPEROFFICE_TOKEN"),
    ],
)
def test_a_secret_in_clear_is_refused_with_what_to_write_and_not_repeated(
    refused: Any, reference: Any, line: Any, instead: Any
) -> None:
    key = reference.split(" = ")[0]
    sentences = refused((reference, f'{key} = "hunter2"'))
    assert sentences == [
        f"config.toml:{line}: {key} is a secret in plain text, which is refused:"
        f' write {key} = {{ env = "{instead}" }}'
    ]


def test_no_error_of_the_model_carries_what_was_given(write: Any) -> None:
    file = write(('{ env = "ACME_SO_TOKEN" }', '"hunter2"'), ("tenant_id", "passwort"))
    with pytest.raises(ValidationError) as caught:
        Config.model_validate(file.tables)
    assert "hunter2" not in str(caught.value) + repr(caught.value)
    with pytest.raises(ConfigError) as told:
        validate(file)
    assert told.value.__cause__ is None
    assert told.value.__suppress_context__


@pytest.mark.parametrize(
    "reference",
    [
        "{}",
        '{ env = "A", file = "b" }',
        '{ env = "" }',
        "{ env = 3 }",
        '{ vault = "hunter2" }',
        '{ command = "pass show hunter2" }',
        "{ command = [] }",
        '{ command = ["pass", 3] }',
        '{ keyring = "hunter2" }',
    ],
)
def test_a_reference_that_is_none_says_what_one_looks_like(refused: Any, reference: Any) -> None:
    [sentence] = refused(('{ env = "ACME_SO_TOKEN" }', reference))
    assert sentence.startswith("config.toml:19: token: ")
    assert "env" in sentence
    assert "hunter2" not in sentence


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("htp://api.jtl-cloud.com/erp", "it must start with https://"),
        ("api.jtl-cloud.com/erp", "it must start with https://"),
        ("https://", "the host is missing"),
        ("https://host:port/erp", "the host or the port is invalid"),
        ("https://[::1/erp", "the host or the port is invalid"),
        ("https://ho st/erp", "white space"),
        ("https://user:hunter2@host/erp", "a login inside a URL is refused"),
        ("https://host/erp?key=hunter2", "leave out everything from the ? or # on"),
        ("", "it must start with https://"),
    ],
)
def test_a_bad_url_says_why_and_is_not_repeated(refused: Any, url: Any, why: Any) -> None:
    [sentence] = refused(("https://api.jtl-cloud.com/erp", url))
    assert sentence.startswith("config.toml:7: base_url: ")
    assert why in sentence
    assert "hunter2" not in sentence


def test_plain_http_is_refused_for_other_machines(refused: Any) -> None:
    [sentence] = refused(("https://online3", "http://online3"))
    assert sentence.startswith("config.toml:16: base_url: http:// is accepted for this machine only")


def test_plain_http_to_get_a_token_is_refused_too(refused: Any) -> None:
    [sentence] = refused(("https://auth", "http://auth"))
    assert sentence.startswith("config.toml:11: token_url: http://")


def login_at(url: Any) -> Any:
    bearer = 'type = "bearer"\ntoken = { env = "ACME_SO_TOKEN" }'
    keys = 'system_user_token = { env = "T" }\nprivate_key = { env = "K" }\ncontext_id = "Cust1"'
    system_user = f'type = "system-user"\n{keys}\nlogin_url = "{url}"'
    return (
        (
            'https://online3.superoffice.com/Cust12345"',
            'https://online3.superoffice.com/Cust12345"\napp_token = { env = "A" }',
        ),
        (bearer, system_user),
    )


def test_plain_http_to_log_in_a_system_user_is_refused_too(refused: Any, write: Any) -> None:
    [sentence] = refused(*login_at("http://online.superoffice.com/Login"))
    assert sentence.startswith("config.toml:23: login_url: http:// is accepted for this machine only")
    allowed = ("[profiles.acme]\n", "[profiles.acme]\nallow_plain_http = true\n")
    for swaps in (
        login_at("http://127.0.0.1:8700/Login"),
        login_at("https://online.superoffice.com/Login"),
    ):
        superoffice = validate(write(*swaps)).profiles["acme"].superoffice
        assert superoffice is not None
        assert isinstance(superoffice.auth, SystemUser)
        assert superoffice.auth.login_url
    plain = login_at("http://online.superoffice.com/Login")
    assert validate(write(*plain, allowed)).profiles["acme"].allow_plain_http


def test_plain_http_to_the_state_service_is_refused_too(refused: Any) -> None:
    base = 'base_url = "https://online3.superoffice.com/Cust12345"'
    online = 'environment = "online"\ncustomer_id = "Cust12345"\nstate_url = "http://state.example"'
    [sentence] = refused((base, online))
    assert sentence.startswith("config.toml:18: state_url: http:// is accepted for this machine only")


@pytest.mark.parametrize("host", ["localhost:8700", "127.0.0.1", "[::1]:80", "erp.localhost"])
def test_plain_http_is_accepted_for_this_machine(write: Any, host: Any) -> None:
    config = validate(write(("https://api.jtl-cloud.com", f"http://{host}")))
    jtl = config.profiles["acme"].jtl
    assert jtl is not None
    assert jtl.base_url == f"http://{host}/erp"


def test_plain_http_is_accepted_where_the_profile_allows_it(write: Any) -> None:
    swaps = (
        ("https://api", "http://api"),
        ("[profiles.acme]\n", "[profiles.acme]\nallow_plain_http = true\n"),
    )
    assert validate(write(*swaps)).profiles["acme"].allow_plain_http


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("0.5", "must be at least 1"),
        ("0", "must be at least 1"),
        ("inf", "must be a number"),
        ("nan", "must be a number"),
        ('"5"', "must be a number"),
        ("true", "must be a number"),
        ("1e9", "must be at most 86400"),
    ],
)
def test_an_interval_below_a_second_or_none_at_all_is_refused(
    refused: Any, value: Any, why: Any
) -> None:
    [sentence] = refused(("workers = 5", f"workers = {value}"))
    assert sentence.startswith("config.toml:22: workers")
    assert why in sentence


def test_an_eager_engine_warns_and_is_obeyed(write: Any) -> None:
    file = write(("workers = 5", "engine = 2"))
    profile = validate(file).profiles["acme"]
    [warning] = warnings(file, "acme", profile)
    assert profile.refresh.engine == 2
    assert "config.toml:22: engine is polled every 2 s" in warning


def test_the_gentle_config_warns_of_nothing(write: Any) -> None:
    file = write()
    assert warnings(file, "acme", validate(file).profiles["acme"]) == ()


TENANT = ('tenant_id = "00000000-0000-0000-0000-000000000000"\n', "")
CLIENT = (
    'type = "client-credentials"\ntoken_url = "https://auth.jtl-cloud.com/oauth2/token"\n'
    'client_id = "app"\nclient_secret = { env = "ACME_JTL_SECRET" }'
)
ON_PREMISES = ('base_url = "https://api', 'deployment = "on-premises"\nbase_url = "https://api')


@pytest.mark.parametrize(
    ("swaps", "words"),
    [
        (
            (TENANT,),
            ["config.toml:6: tenant_id is not set; the cloud responds with 401 or 412 without it"],
        ),
        ((TENANT, (CLIENT, 'type = "bearer"\ntoken = { env = "T" }')), []),
        (
            (TENANT, (CLIENT, 'type = "wawi"\napi_key = { env = "T" }')),
            ['config.toml:8: auth type wawi is for deployment = "on-premises"'],
        ),
        ((TENANT, ON_PREMISES, (CLIENT, 'type = "wawi"\napi_key = { env = "T" }')), []),
        (
            (("workers = 5", "engine = 9.5"),),
            ["config.toml:22: engine is polled every 9.5 s; below 10 s"],
        ),
        ((("workers = 5", "engine = 10"),), []),
    ],
)
def test_what_is_warned_of_and_what_is_not(write: Any, swaps: Any, words: Any) -> None:
    file = write(*swaps)
    found = warnings(file, "acme", validate(file).profiles["acme"])
    assert len(found) == len(words)
    assert [word for word, warning in zip(words, found, strict=True) if word not in warning] == []


@pytest.mark.parametrize(
    ("swap", "sentence"),
    [
        (
            ('type = "bearer"', ""),
            "config.toml:17: [profiles.acme.superoffice.auth] needs a type: bearer",
        ),
        (
            ('type = "bearer"', 'type = "client-credentials"'),
            "config.toml:17: type of [profiles.acme.superoffice.auth] must be one of bearer, basic,",
        ),
        (
            ('client_id = "app"\n', ""),
            "config.toml:9: 'client_id' is missing in [profiles.acme.jtl.auth]",
        ),
        (('"production"', '"prod"'), "config.toml:4: environment must be one of production, staging or"),
        (
            ('"production"', '"production"\nread_only = "yes"'),
            "config.toml:5: read_only must be true or false",
        ),
        (('"production"', '"production"\nproxy = "none at all"'), "config.toml:5: proxy: not a URL"),
        (
            ('"production"', '"production"\nmax_response_mb = 0'),
            "config.toml:5: max_response_mb must be more",
        ),
        (
            ('"app"', '"a\\u0007pp"'),
            "config.toml:12: client_id: empty, or with a character that no request",
        ),
    ],
)
def test_every_other_mistake_is_a_sentence_with_its_line(refused: Any, swap: Any, sentence: Any) -> None:
    assert refused(swap)[0].startswith(sentence)


def test_several_mistakes_are_one_line_each(refused: Any) -> None:
    sentences = refused(("tenant_id", "tennant_id"), ("workers = 5", "workers = 0"))
    assert [sentence.split(": ")[0] for sentence in sentences] == ["config.toml:8", "config.toml:22"]


def test_a_profile_without_any_system_is_refused(refused: Any) -> None:
    text = '[profiles.empty]\nenvironment = "staging"\n'
    assert refused(text=text) == [
        "config.toml:1: profile 'empty' configures neither jtl nor superoffice"
    ]


def test_a_variable_that_is_not_set_is_named_with_its_line(
    write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_SO_TOKEN", "")
    monkeypatch.delenv("ACME_JTL_SECRET", raising=False)
    file = write()
    first, second = missing(file, "acme", validate(file).profiles["acme"])
    assert first.endswith(
        "config.toml:13: client_secret: environment variable ACME_JTL_SECRET is not set"
    )
    assert second.endswith("config.toml:19: token: environment variable ACME_SO_TOKEN is empty")


def test_files_are_looked_for_beside_the_config(
    write: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_JTL_SECRET", "x")
    file = write(('{ env = "ACME_SO_TOKEN" }', '{ file = "token.txt" }'))
    profile = validate(file).profiles["acme"]
    assert "token: there is no file" in missing(file, "acme", profile)[0]
    (tmp_path / "token.txt").write_text("t")
    assert missing(file, "acme", profile) == ()


def test_a_path_that_the_system_refuses_is_one_sentence_with_its_line(
    write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_JTL_SECRET", "x")
    file = write(('{ env = "ACME_SO_TOKEN" }', f'{{ file = "{"n" * 5_000}" }}'))
    [sentence] = missing(file, "acme", validate(file).profiles["acme"])
    assert "config.toml:19: token: " in sentence
    assert sentence.endswith("cannot be read: File name too long")
    assert len(sentence) < 500


@pytest.mark.parametrize(
    ("swap", "start"),
    [
        (('{ env = "ACME_SO_TOKEN" }', '{ file = "~nosuchuser/t" }'), "config.toml:19: token: "),
        (
            ('environment = "production"', 'ca_bundle = "~nosuchuser/ca.pem"'),
            "config.toml:4: ca_bundle: ",
        ),
    ],
)
def test_a_home_directory_that_is_not_known_is_told_with_its_line(
    refused: Any, swap: Any, start: Any
) -> None:
    [sentence] = refused(swap)
    assert sentence == f"{start}the home directory for ~ is unknown"


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
PLACES = st.sampled_from(
    [
        ("profiles",),
        ("profiles", "acme"),
        ("profiles", "acme", "jtl"),
        ("profiles", "acme", "jtl", "base_url"),
        ("profiles", "acme", "jtl", "auth"),
        ("profiles", "acme", "jtl", "auth", "type"),
        ("profiles", "acme", "jtl", "auth", "client_secret"),
        ("profiles", "acme", "superoffice"),
        ("profiles", "acme", "refresh"),
        ("default_profile",),
    ]
)


def verdict_on(tables: Any) -> tuple[str, ...]:
    """The sentences of a refusal; none where the config is accepted."""
    try:
        validate(ConfigFile(Path("config.toml"), GOOD, tables))
    except ConfigError as error:
        return error.sentences
    return ()


@given(PLACES, JSONISH)
def test_whatever_stands_anywhere_is_accepted_or_told_in_sentences(place: Any, value: Any) -> None:
    tables = tomllib.loads(GOOD)
    spot = tables
    for part in place[:-1]:
        spot = spot[part]
    spot[place[-1]] = value
    for sentence in verdict_on(tables):
        assert sentence.startswith("config.toml")
        assert len(sentence.splitlines()) == 1


def with_jtl(*lines: str) -> tuple[str, str]:
    return "tenant_id", "\n".join((*lines, "tenant_id"))


@pytest.mark.parametrize("key", ["app_id", "app_version"])
def test_f6_a_name_that_the_web_server_refuses_is_refused_here(refused: Any, key: str) -> None:
    (sentence,) = refused(with_jtl(f'{key} = "Bäckerei/1"'))
    assert f"{key}: write it without umlauts" in sentence
    assert "Bäckerei" not in sentence


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('headers = { Host = { env = "X" } }', "Host is set by syncdeck itself"),
        ('headers = { "x-tenant-ID" = { env = "X" } }', "x-tenant-ID is set by syncdeck itself"),
        ('headers = { "a b" = { env = "X" } }', "a name is letters, digits and dashes"),
        ('headers = { CF = "hunter2" }', "CF is a secret in plain text, which is refused"),
        ('headers = "CF"', "headers must be a table"),
    ],
)
def test_f12_an_extra_header_that_cannot_be_is_refused(refused: Any, line: str, words: str) -> None:
    (sentence,) = refused(with_jtl(line))
    assert words in sentence
    assert "hunter2" not in sentence


def test_f12_a_missing_secret_of_a_header_is_named(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CF_ID", raising=False)
    file = write(with_jtl('headers = { CF-Access-Client-Id = { env = "CF_ID" } }'))
    found = missing(file, "acme", validate(file).profiles["acme"])
    assert any("CF-Access-Client-Id: environment variable CF_ID is not set" in one for one in found)
