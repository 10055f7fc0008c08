"""The login of a system user: a ticket only for what the test key has signed just now."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.simulator.conftest import NOON, Erp
from tui.api.auth.system_user_login import ticket_in
from tui.simulator import credentials as known
from tui.simulator.superoffice.system_user_key import PRIVATE_KEY

LOGIN = "/Login/api/PartnerSystemUser/Authenticate"
OWN = load_pem_private_key(PRIVATE_KEY.encode(), password=None)


def body(
    key: Any = OWN,
    *,
    token: str = known.SO_SYSTEM_USER_TOKEN,
    at: Any = NOON,
    digest: Any = SHA256,
    **changes: str,
) -> dict[str, str]:
    text = f"{token}.{at:%Y%m%d%H%M}"
    assert isinstance(key, RSAPrivateKey)
    sealed = base64.b64encode(key.sign(text.encode(), PKCS1v15(), digest())).decode()
    return {
        "SignedSystemToken": f"{text}.{sealed}",
        "ApplicationToken": known.SO_APP_TOKEN,
        "ContextIdentifier": known.SO_TENANT,
        "ReturnTokenType": "JWT",
    } | changes


async def test_a_ticket_opens_the_agent_until_it_expires(erp: Erp) -> None:
    answer = (await erp.http.post(LOGIN.lower(), json=body())).json()
    assert (answer["IsSuccessful"], answer["ErrorMessage"]) == (True, "")
    ticket = ticket_in(answer["Token"])
    assert ticket is not None
    headers = {
        "Authorization": f"SOTicket {ticket.get_secret_value()}",
        "SO-AppToken": known.SO_APP_TOKEN,
    }
    assert (await erp.agent("GetEngineStatus", headers=headers)).status_code == 200
    assert (await erp.http.get("/_sim/state")).json()["superoffice"]["tickets"] == 1
    await erp.merge(superoffice={"expire_tickets": True})
    assert (await erp.agent("GetEngineStatus", headers=headers)).status_code == 401


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (body(generate_private_key(65_537, 2_048)), "signature is not valid"),
        (body(digest=SHA1), "signature is not valid"),
        (body(token="another"), "signature is not valid"),
        (body(at=NOON - timedelta(minutes=6)), "signed too long ago"),
        (body(ApplicationToken="wrong"), "application token"),
        (body(ContextIdentifier="Cust9"), "not authorised"),
        (body(ReturnTokenType="SAML"), "Only JWT"),
        (body(SignedSystemToken="a.b.c"), "signature is not valid"),
        ({}, "application token"),
    ],
)
async def test_anything_else_is_refused_with_a_reason(
    erp: Erp, given: dict[str, str], words: str
) -> None:
    answer = await erp.http.post(LOGIN, json=given)
    assert answer.status_code == 200
    assert (answer.json()["IsSuccessful"], answer.json()["Token"]) == (False, None)
    assert words in answer.json()["ErrorMessage"]


async def test_what_is_no_json_object_is_a_bad_request(erp: Erp) -> None:
    assert (await erp.http.post(LOGIN, content=b"hello")).status_code == 400
    assert (await erp.http.get(LOGIN)).status_code == 405
