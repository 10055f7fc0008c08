"""What looks like a secret by its name, and that its value then shows nowhere."""

import pytest

from tui.api.service import MASK
from tui.domain.baseline import differences_text, drift, of_sync, recordable
from tui.domain.jtl.workers import WorkerOption, WorkerSync
from tui.domain.redaction import MASKED, looks_secret, masked, masked_text, masked_tree


@pytest.mark.parametrize(
    "name",
    [
        "Password",
        "Kennwort",
        "FTP-Passwort",
        "api_key",
        "API Key",
        "ApiKey2",
        "OAuth token",
        "Client-Secret",
    ],
)
def test_a_name_of_a_secret(name: str) -> None:
    assert looks_secret(name)


WORDS = [
    "password",
    "passwd",
    "passphrase",
    "passwort",
    "kennwort",
    "pwd",
    "secret",
    "geheim",
    "token",
    "apikey",
    "accesskey",
    "privatekey",
    "schlüssel",
    "credential",
    "zugangsdaten",
    "zugangscode",
    "freischaltcode",
    "sicherheitscode",
    "securitycode",
    "authcode",
    "authentifizierungscode",
    "authenticationcode",
    "autorisierungscode",
    "authorizationcode",
    "passcode",
    "licensekey",
    "licencekey",
    "signingkey",
    "consumerkey",
    "sharedkey",
    "connectionstring",
    "verbindungszeichenfolge",
]


@pytest.mark.parametrize("name", WORDS)
def test_each_word_for_a_secret_makes_one(name: str) -> None:
    parts = name[:2], name[2:4], name[4:]
    for spelt in (name, name.upper(), f"FTP {name} 2", "_".join(parts), ". ".join(parts)):
        assert looks_secret(spelt)


@pytest.mark.parametrize(
    "name",
    [
        "API-Schluessel",
        "API-SCHLU\u0308SSEL",
        "Ａｐｉ Ｋｅｙ",
        "FTP Pass",
        "PIN",
        "ShopPIN2",
        "smtp_pw",
        "SMTPPass",
        "Connection string",
        "Pre-shared key PSK",
        "TAN",
    ],
)
def test_f5_other_spellings_of_a_secret(name: str) -> None:
    assert looks_secret(name)


@pytest.mark.parametrize("name", ["Passage", "Pinnwand", "Bypass", "Spinner", "Passend", "Standort"])
def test_f5_a_short_word_counts_only_as_a_whole(name: str) -> None:
    assert not looks_secret(name)


@pytest.mark.parametrize("naming", ["Name", "displayname", "IDENTIFIER", "Id", "Key"])
@pytest.mark.parametrize("holding", ["Value", "currentvalue", "DefaultValue"])
def test_what_a_field_beside_it_calls_a_secret_is_masked(naming: str, holding: str) -> None:
    tree = {naming: "Passwort", holding: "hush", "other": "seen", "inner": {"value": "seen"}}
    assert masked_tree([tree]) == [{**tree, holding: MASKED}]
    assert masked_tree({naming: "Account", holding: "seen"}) == {naming: "Account", holding: "seen"}
    assert masked_tree({"note": "Passwort", holding: "seen"}) == {"note": "Passwort", holding: "seen"}


def test_that_there_is_no_secret_is_none() -> None:
    assert [masked(value) for value in (None, "", "x")] == [None, "", MASKED]
    tree = {"password": {"hint": "seen", "token": "hush"}, "tokens": ["seen"], "Token": 7}
    assert masked_tree(tree) == {
        "password": {"hint": "seen", "token": MASKED},
        "tokens": ["seen"],
        "Token": 7,
    }


@pytest.mark.parametrize(
    "name", ["Account", "Stock reserve", "Key account", "Interval", "ManifestHash", ""]
)
def test_a_name_of_none(name: str) -> None:
    assert not looks_secret(name)


def test_in_raw_json_the_value_is_masked_and_its_name_is_not() -> None:
    options = [
        {"Identifier": "1", "DisplayName": "API key", "CurrentValue": "hunter2"},
        {"Identifier": "2", "DisplayName": "Account", "CurrentValue": "main"},
    ]
    raw = {"Id": "7", "Configurations": options, "accessToken": "abc", "password": None}
    assert masked_tree(raw) == {
        "Id": "7",
        "Configurations": [{**options[0], "CurrentValue": MASKED}, options[1]],
        "accessToken": MASKED,
        "password": None,
    }
    assert MASKED == MASK


def sync(value: str) -> WorkerSync:
    return WorkerSync("a1", options=(WorkerOption("o1", "API key", value=value),))


def test_a_secret_that_changed_elsewhere_is_noticed_and_not_told() -> None:
    before, now = of_sync(sync("hunter2")), of_sync(sync("hunter3"))
    assert differences_text(drift(before, now)) == f"API key {MASKED} → {MASKED}"
    assert [facet.key for facet in recordable(now)] == ["Interval"]


@pytest.mark.parametrize(
    "said",
    [
        "JTL-Wawi failed (500)",
        "the gateway got an invalid response from JTL-Wawi (502): web page",
        "JTL-Wawi cannot be reached",
        "JTL-Wawi unreachable: the name is not known",
        "JTL-Wawi rejected the values (422)",
        "JTL-Wawi antwortet nicht, Wawi Verkaufskanäle, Wawi-API und WAWI workers/status.",
        "JTL-Wawi 1.11.7.0 is too old",
    ],
)
def test_our_own_sentence_about_the_product_stays(said: str) -> None:
    assert masked_text(said) == said


@pytest.mark.parametrize(
    "key",
    ["a1b2c3d4", "0f8fad5b-d9cb-469f-a165-70867728950e", "AbCdEfGh", "ABCDEFGH", "x_y_z_key", "123456"],
)
def test_a_key_after_the_name_of_its_login_is_masked(key: str) -> None:
    for said in ("Authorization: Wawi {}", "JTL-Wawi {}, refused", "wawi {}"):
        assert masked_text(said.format(key)) == said.format(MASKED)
    assert masked_text("Authorization: Wawi lettersalone") == f"Authorization: Wawi {MASKED}"


@pytest.mark.parametrize(
    ("said", "masked"),
    [
        ("password=hunter2 token=abcdefgh123", "password=••• token=•••"),
        ("password: hunter2 api_key: sk-live-1 x", "password: ••• api_key: ••• x"),
        ("pwd=a;token=b&secret=c,pin=d", "pwd=•••;token=•••&secret=•••,pin=•••"),
        ('token="a b" FTP Pass: xyz', "token=••• FTP Pass: •••"),
        (r"{\"password\":\"hunter2\"}", r"{\"password\":•••}"),
        ("<password>hunter2</password>", "<password>•••</password>"),
        ("cannot take ['Authorization: Basic YTpi']", "cannot take ['Authorization: Basic •••']"),
        ("cannot take ['Authorization: Basic •••']", "cannot take ['Authorization: Basic •••']"),
        ('refused Bearer "abc12345"', 'refused Bearer •••"'),
        ("Authorization: Basic YTpi", "Authorization: Basic •••"),
        ("token => abc1; client_secret%3Dabc", "token => •••; client_secret%3D•••"),
        ("password 'hunter2' und Kennwort »geheim1« falsch", "password ••• und Kennwort ••• falsch"),
        ("Cookie: ASP.NET_SessionId=abc1; path=/", "Cookie: ASP.NET_SessionId=•••; path=/"),
        ("Token: expired9", "Token: •••"),
    ],
)
def test_one_secret_does_not_hide_the_next(said: str, masked: str) -> None:
    assert masked_text(said) == masked


@pytest.mark.parametrize(
    "said",
    [
        "credentials missing: the token server refused client acme (401)",
        "client_secret: environment variable ACME_SECRET is not set",
        "invalid_token: The access token expired",
        "Passwort: ungültig",
        'the field "token" was not found in "header"',
        "bearer token refused; the basic authentication failed",
        "secret file /var/lib/monitoring/credentials/acme/client-secret.txt can be read by others",
        "Der_sehr_lange_Name_eines_Shops_in_Deutschland_2",
    ],
)
def test_a_sentence_about_a_secret_stays(said: str) -> None:
    assert masked_text(said) == said
