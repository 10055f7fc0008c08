"""What the state and the message of a sync say."""

import pytest

from tests.domain.why.samples import first, ids, of_sync, sync
from tui.domain.why.explain import explain
from tui.domain.why.explanation import Certainty


@pytest.mark.parametrize(
    "text",
    [
        "401 from marketplace",
        "HTTP 401 Unauthorized",
        "Ihr Token bei JTL-eazyAuction ist abgelaufen",
        "access token expired",
        "invalid_grant",
        "(status 401)",
        "Expired access token",
    ],
)
def test_words_of_a_refused_login_lead_to_the_token(text: str) -> None:
    found = first(of_sync(sync(4, text)))
    assert (found.id, found.certainty) == ("marketplace-login", Certainty.KNOWN)
    assert "Temu DE" in found.steps[0].text
    assert found.steps[1].operation == "worker.restart"
    assert text in found.evidence[0].text


@pytest.mark.parametrize(
    "text",
    [
        "Die Anmeldung wurde vom Server als ungültig abgelehnt",
        "login of the seller rejected",
        "invalid credentials",
    ],
)
def test_words_that_can_mean_something_else_lead_there_as_likely(text: str) -> None:
    failed, login = explain(of_sync(sync(4, text)))
    assert (failed.id, failed.certainty) == ("run-failed", Certainty.KNOWN)
    assert (login.id, login.certainty) == ("seems-login", Certainty.LIKELY)
    assert "Temu DE" in login.steps[0].text


@pytest.mark.parametrize(
    "text",
    [
        "401 orders imported, disk full",
        "Article 401 from supplier Meyer has no price",
        "order 4711: session of the shop started, item price invalid",
        "Gutschein ungültige token-Nummer im Artikeltext",
        "timeout after 4010 s",
        "",
    ],
)
def test_other_messages_do_not(text: str) -> None:
    assert ids(of_sync(sync(4, text))) == ["run-failed"]


def test_a_locked_sync_is_unlocked_first_and_started_then() -> None:
    found = first(of_sync(sync(6, "account locked")))
    assert found.id == "locked"
    assert [one.operation for one in found.steps] == ["", "worker.start"]


def test_one_suspended_is_not_all_of_them() -> None:
    other = sync(3, id="otto")
    assert ids(of_sync(sync(0), other)) == ["suspended"]
    assert ids(of_sync(sync(0), sync(0, id="otto"))) == ["all-suspended"]
    facts = of_sync(sync(0), sync(0, id="otto"), sync(7, id="ebay"))
    assert ids(facts) == ["all-suspended"]
    said = [one.text for one in first(facts).evidence]
    assert any(text.endswith("3 syncs reported, all suspended but 1 off on purpose") for text in said), (
        said
    )


def test_a_run_without_a_new_status_for_days_may_hang() -> None:
    facts = of_sync(sync(2, "orders 420 of 1000", minutes=2_880))
    assert ids(facts) == ["run-hangs"]
    said = [one.text for one in first(facts).evidence]
    assert any("orders 420 of 1000" in text and text.endswith("for 2d") for text in said), said


def test_what_a_maintenance_stopped_is_closed_by_a_key_and_a_lock_names_it() -> None:
    nightly = "nightly (move) since 01:00, until 03:00"
    off = first(of_sync(sync(7), maintenance=nightly))
    assert (off.id, [one.operation for one in off.steps]) == ("in-maintenance", ["maintenance"])
    locked = first(of_sync(sync(6), maintenance=nightly))
    assert locked.id == "locked"
    assert nightly in locked.sentence
    assert [one.operation for one in locked.steps] == ["", "maintenance"]
    assert [one.operation for one in first(of_sync(sync(6))).steps] == ["", "worker.start"]
