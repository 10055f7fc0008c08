"""Answers of SuperOffice in forms that were seen or are documented elsewhere (F8, F9, F10)."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import SecretStr

from tests.api.conftest import failure_of
from tests.drivers.simulator import RunningSimulator
from tui.api.auth.rsa_signing import NoSignature, signature
from tui.api.live_service import LiveService
from tui.domain.timestamps import MomentKind
from tui.domain.writes import ForceResync


def answers(erp: RunningSimulator, match: str, body: object, **more: Any) -> None:
    erp.fault(f"{match}=raw:{json.dumps({'body': body, **more})}")


async def test_f8_languages_without_a_separator_on_the_engine(
    both: LiveService, erp: RunningSimulator
) -> None:
    text = 'US:"Running, last sync 3 minutes ago"NO:"Kjører"GE:"Läuft"'
    answers(erp, "GetEngineStatus", {"IsRunning": True, "StatusMessage": text, "Interval": "00:15:00"})
    assert (await both.superoffice.engine_status()).message == "Running, last sync 3 minutes ago"


async def test_f8_f9_languages_and_encoded_values_in_the_change_log(
    both: LiveService, erp: RunningSimulator
) -> None:
    row = {
        "connection": 'NO:"Visma";US:"Visma Business"',
        "source": "CRM",
        "target": "[SR_ERPSYNC_ERP]",
        "crmfieldkey": "contact/category",
        "oldvalue": "[D:11/30/2011]",
        "newvalue": "[I:7]",
        "updated": "[DT:11/29/2026 17:40:02.0000000]",
    }
    answers(erp, "ErpSyncLog", {"value": [row, {**row, "updated": "11/29/2026 5:38 PM"}]})
    first, second = (await both.superoffice.sync_log()).entries
    assert (first.connection, first.old, first.new) == ("Visma Business", "2011-11-30", "7")
    assert first.target == "SR_ERPSYNC_ERP (a resource id; no text was sent)"
    assert first.at.plain == "2026-11-29 17:40:02 UTC"
    assert (second.at.kind, second.at.text) == (MomentKind.UNREADABLE, "11/29/2026 5:38 PM")


async def test_f9_an_object_as_interval_hides_nothing_else(
    both: LiveService, erp: RunningSimulator
) -> None:
    interval = {"Ticks": 9000000000, "Minutes": 15}
    answers(erp, "GetEngineStatus", {"IsRunning": True, "StatusMessage": "Idle", "Interval": interval})
    engine = await both.superoffice.engine_status()
    assert (engine.running, engine.message) == (True, "Idle")
    assert engine.interval.seconds is None
    assert json.loads(engine.interval.shown) == interval


async def test_f9_xml_is_called_xml(both: LiveService, erp: RunningSimulator) -> None:
    body = "<ErpSyncEngineStatus><IsRunning>true</IsRunning></ErpSyncEngineStatus>"
    answers(erp, "GetEngineStatus", body, ctype="application/xml")
    failure = await failure_of(both.superoffice.engine_status())
    assert "it is XML, not JSON" in failure.sentence
    assert failure.detail == body


async def test_f9_the_message_of_the_exception_is_shown(
    both: LiveService, erp: RunningSimulator
) -> None:
    body = {
        "Message": "An error has occurred.",
        "ExceptionMessage": "The ErpSync engine batch task is not registered.",
        "StackTrace": "   at X()",
    }
    answers(erp, "GetEngineStatus", body, status=500)
    failure = await failure_of(both.superoffice.engine_status())
    assert "batch task is not registered. An error has occurred" in failure.sentence


async def test_f9_the_messages_of_the_fields_are_shown(both: LiveService, erp: RunningSimulator) -> None:
    wrong = "Input string '1.5' is not a valid integer."
    body = {"Message": "The request is invalid.", "ModelState": {"request.InternalKeyIds": [wrong]}}
    answers(erp, "/ForceResync", body, status=400)
    failure = await failure_of(both.superoffice.force_resync(ForceResync(1, (5,))))
    assert wrong.rstrip(".") in failure.sentence
    assert failure.fields == {"request.InternalKeyIds": (wrong,)}


def xml_of(pem: str) -> str:
    import base64

    key = load_pem_private_key(pem.encode(), None)
    assert isinstance(key, RSAPrivateKey)
    known = key.private_numbers()
    numbers = {
        "Modulus": known.public_numbers.n,
        "Exponent": known.public_numbers.e,
        "P": known.p,
        "Q": known.q,
        "DP": known.dmp1,
        "DQ": known.dmq1,
        "InverseQ": known.iqmp,
        "D": known.d,
    }
    parts = (
        f"<{name}>{base64.b64encode(n.to_bytes((n.bit_length() + 7) // 8, 'big')).decode()}</{name}>"
        for name, n in numbers.items()
    )
    return f"<RSAKeyValue>\n{' '.join(parts)}</RSAKeyValue>\n"


@pytest.mark.parametrize("form", ["xml", "declared", "escaped", "escaped-crlf"])
def test_f10_a_key_in_every_form_signs_the_same(erp: RunningSimulator, form: str) -> None:
    pem = erp.so_private_key
    text = {
        "xml": xml_of(pem),
        "declared": f'<?xml version="1.0"?>\n{xml_of(pem)}',
        "escaped": pem.strip().replace("\n", "\\n"),
        "escaped-crlf": pem.strip().replace("\n", "\\r\\n"),
    }[form]
    assert signature(b"token.time", SecretStr(text)) == signature(b"token.time", SecretStr(pem))


@pytest.mark.parametrize("text", ["<RSAKeyValue></RSAKeyValue>", "<RSAKeyValue><Modulus>*</Modulus>"])
def test_f10_a_broken_key_is_named_without_its_content(text: str) -> None:
    with pytest.raises(NoSignature, match="no private key in PEM or RSAKeyValue") as caught:
        signature(b"x", SecretStr(text))
    assert "RSAKeyValue>" not in caught.value.step
