"""What the state and the message of a sync say."""

import pytest

from tests.domain.why.samples import first, ids, of_sync, sync
from tui.domain.why.explanation import Certainty


@pytest.mark.parametrize(
    "text",
    [
        "401 from marketplace",
        "HTTP 401 Unauthorized",
        "Ihr Token bei JTL-eazyAuction ist abgelaufen",
        "access token expired",
        "invalid_grant",
        "Die Anmeldung wurde vom Server als ungültig abgelehnt",
    ],
)
def test_words_of_a_refused_login_lead_to_the_token(text: str) -> None:
    found = first(of_sync(sync(4, text)))
    assert (found.id, found.certainty) == ("marketplace-login", Certainty.KNOWN)
    assert "Temu DE" in found.steps[0].text
    assert found.steps[1].operation == "worker.restart"
    assert text in found.evidence[0].text


@pytest.mark.parametrize("text", ["401 orders imported, disk full", "timeout after 4010 s", ""])
def test_other_messages_do_not(text: str) -> None:
    assert first(of_sync(sync(4, text))).id == "run-failed"


def test_a_locked_sync_is_unlocked_first_and_started_then() -> None:
    found = first(of_sync(sync(6, "account locked")))
    assert found.id == "locked"
    assert [one.operation for one in found.steps] == ["", "worker.start"]


def test_one_suspended_is_not_all_of_them() -> None:
    other = sync(3, id="otto")
    assert ids(of_sync(sync(0), other)) == ["suspended"]
    assert ids(of_sync(sync(0), sync(0, id="otto"))) == ["all-suspended"]
