"""A tenant at a fixed address or of Online: exactly one of both, and every mistake is one sentence."""

from pathlib import Path
from typing import Any

from tui.api.settings import EnvRef, FileRef, OnlineTenant, SystemUser
from tui.config.effective_config import as_toml
from tui.config.to_settings import to_service_settings
from tui.config.validation import validate

BASE = 'base_url = "https://online3.superoffice.com/Cust12345"'
ONLINE = 'environment = "online"\ncustomer_id = "Cust12345"'
BEARER = 'type = "bearer"\ntoken = { env = "ACME_SO_TOKEN" }'
USER = (
    'type = "system-user"\nsystem_user_token = { env = "SYSTEM_USER" }\n'
    'private_key = { file = "/run/key.pem" }'
)


def superoffice(file: Any) -> Any:
    return to_service_settings(validate(file).profiles["acme"]).superoffice


def test_a_customer_of_online_is_looked_up_at_its_environment(write: Any) -> None:
    given = superoffice(write((BASE, ONLINE)))
    assert given.base_url is None
    assert given.online == OnlineTenant("online", "Cust12345")
    assert given.online.asked_at == "https://online.superoffice.com/api/state/Cust12345"
    assert given.online.address == "https://online.superoffice.com/Cust12345"


def test_another_state_service_can_be_named(write: Any) -> None:
    given = superoffice(write((BASE, f'{ONLINE}\nstate_url = "http://127.0.0.1:8700/api/state/"')))
    assert given.online.asked_at == "http://127.0.0.1:8700/api/state/Cust12345"


def test_a_fixed_address_is_never_looked_up(write: Any) -> None:
    assert superoffice(write()).online is None


def test_show_writes_an_online_tenant_and_a_system_user_that_mean_the_same(write: Any) -> None:
    file = write((BASE, f'{ONLINE}\napp_token = {{ env = "APP" }}'), (BEARER, USER))
    shown = write(text=as_toml(validate(file)))
    assert superoffice(shown) == superoffice(file)


def test_neither_says_what_there_is_to_choose(refused: Any) -> None:
    assert refused((f"{BASE}\n", "")) == [
        "config.toml:15: superoffice needs base_url, or environment and customer_id"
        ' (Online: environment = "online")'
    ]


def test_both_is_one_too_many(refused: Any) -> None:
    assert refused((BASE, f"{BASE}\n{ONLINE}")) == [
        f"config.toml:{line}: {key} cannot be combined with base_url:"
        " a tenant of Online is looked up, keep one"
        for line, key in ((17, "environment"), (18, "customer_id"))
    ]


def test_half_of_it_names_the_other_half(refused: Any) -> None:
    assert refused((BASE, 'environment = "sod"')) == [
        "config.toml:16: environment needs customer_id beside it, such as Cust12345"
    ]
    assert refused((BASE, 'customer_id = "Cust12345"')) == [
        "config.toml:16: customer_id needs environment beside it: sod, qaonline or online"
    ]


def test_an_environment_that_there_is_not_lists_those_that_there_are(refused: Any) -> None:
    [sentence] = refused((BASE, 'environment = "production"\ncustomer_id = "Cust12345"'))
    assert sentence == "config.toml:16: environment must be one of sod, qaonline or online"


def test_a_customer_id_that_could_be_a_path_is_refused(refused: Any) -> None:
    [sentence] = refused((BASE, 'environment = "online"\ncustomer_id = "../Cust1"'))
    assert sentence == (
        "config.toml:17: customer_id: write the customer's id in SuperOffice's form: Cust12345"
    )


def test_a_state_service_over_plain_http_is_for_this_machine_only(refused: Any) -> None:
    [sentence] = refused((BASE, f'{ONLINE}\nstate_url = "http://state.example/api/state"'))
    assert sentence.startswith("config.toml:18: state_url: http:// is accepted for this machine only")


def test_a_system_user_logs_in_at_the_environment_for_the_customer(write: Any) -> None:
    file = write((BASE, f'{ONLINE}\napp_token = {{ env = "APP" }}'), (BEARER, USER))
    assert superoffice(file).system_user == SystemUser(
        EnvRef("SYSTEM_USER"),
        FileRef(Path("/run/key.pem")),
        "Cust12345",
        "https://online.superoffice.com/Login/api/PartnerSystemUser/Authenticate",
    )


def test_a_system_user_needs_the_app_token(refused: Any) -> None:
    [sentence] = refused((BASE, ONLINE), (BEARER, USER))
    assert "a system user needs app_token, the client secret of the app" in sentence


def test_a_system_user_at_a_fixed_address_names_where_and_for_whom(refused: Any, write: Any) -> None:
    app = f'{BASE}\napp_token = {{ env = "APP" }}'
    sentences = refused((BASE, app), (BEARER, USER))
    assert ["context_id" in sentences[0], "login_url" in sentences[1], len(sentences)] == [True, True, 2]
    more = f'{USER}\ncontext_id = "Cust7"\nlogin_url = "https://online.superoffice.com/Login"'
    auth = superoffice(write((BASE, app), (BEARER, more))).auth
    assert (auth.context_id, auth.login_url) == ("Cust7", "https://online.superoffice.com/Login")


def test_a_private_key_in_clear_is_refused_and_not_repeated(refused: Any) -> None:
    [sentence] = refused(
        (BASE, f'{ONLINE}\napp_token = {{ env = "APP" }}'),
        (BEARER, USER),
        ('{ file = "/run/key.pem" }', '"hunter2"'),
    )
    assert 'write private_key = { env = "ACME_SUPEROFFICE_PRIVATE_KEY" }' in sentence
    assert "hunter2" not in sentence


def test_the_type_of_login_is_among_those_that_are_named(refused: Any) -> None:
    [sentence] = refused((BEARER, 'type = "magic"'))
    assert sentence.endswith("bearer, basic, so-ticket, session, system-user")
