"""Connections: what is known of each and how old, tested and changed from the keyboard; and a
configuration value that is on screen for one look, and nowhere else."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator
from tui.api.errors import TimedOut
from tui.domain.profile import System
from tui.domain.superoffice.engine import Connection
from tui.launch import RunOptions
from tui.presentation.connections import ConnectionExtras
from tui.store.on_demand import OnDemandValue
from tui.ui.modals.details import config_fields
from tui.ui.screens.connections import rows as connection_rows

AGENT = "/Cust12345/api/v1/Agents/ErpSync"
SECRET = "geheim"
DE, NO, AT, EXCEL = "Business Central DE", "Visma.net NO", "Business Central AT", "Excel Testdaten"


def asked(erp: RunningSimulator, method: str) -> list[Any]:
    return [entry["body"] for entry in erp.received("POST", f"{AGENT}/{method}")]


async def shown(deck: Console, row: str = DE) -> None:
    await deck.connections.show()
    await deck.connections.focus(row)


def row_of(deck: Console, name: str) -> str:
    return next(row for row in deck.rows() if name in row)


async def row_says(deck: Console, name: str, *texts: str) -> None:
    def says(text: str) -> bool:
        return text in row_of(deck, name)

    for text in texts:
        await deck.until(partial(says, text), f"{text!r} beside {name}")


# Looking.


async def test_each_row_has_its_connectors_name_and_its_last_sync(erp: RunningSimulator) -> None:
    async with console(erp, size=(140, 24)) as deck:
        await shown(deck)
        await row_says(deck, NO, "Visma.net NO", " Visma.net ", "m ago")
        assert "Connector Business Central (3)" in deck.text()
        await row_says(deck, AT, "inactive", "never")
        assert len(erp.received("POST", f"{AGENT}/GetAllConnectors")) == 1
        wanted = [{"ErpSyncConnectionId": number} for number in (1, 2, 3, 4)]
        summary = "GetErpSyncConnectionSummary"
        await deck.until(lambda: sorted(asked(erp, summary), key=str) == wanted, "one of each")


async def test_summaries_are_asked_for_what_is_in_sight_only() -> None:
    with RunningSimulator(still=True, connections=60) as erp:
        async with console(erp, size=(80, 15)) as deck:
            await deck.connections.show()
            await deck.until(lambda: "ago" in deck.cursor_row(), "its summary")
            in_sight = {int(row.split()[2]) for row in deck.rows()}
            await deck.until(
                lambda: len(asked(erp, "GetErpSyncConnectionSummary")) >= len(in_sight), "all in sight"
            )
            bodies = asked(erp, "GetErpSyncConnectionSummary")
            assert {body["ErpSyncConnectionId"] for body in bodies} == in_sight
            assert len(bodies) == len(in_sight) < 15


async def test_a_last_sync_is_shown_as_what_it_is(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await shown(deck)
        for text, row, fact in (
            (
                "2026-03-31T18:00:00",
                "tenant 03-31",
                "2026-03-31T18:00:00 (tenant time, no offset given)",
            ),
            ("0001-01-01T00:00:00", "never", "Last sync never"),
            ("soon", "soon", "soon (unreadable time)"),
        ):
            erp.clear_faults()
            erp.fault(f"ConnectionSummary=last-sync:{text}")
            await deck.refresh()
            await row_says(deck, DE, row)
            await deck.press("enter")
            await deck.opens("Connection 1")
            assert fact in await deck.read()
            await deck.press("escape")
            await deck.opens("")


async def test_a_summary_that_fails_says_so_and_spoils_no_other(erp: RunningSimulator) -> None:
    erp.fault("ConnectionSummary=message:no rights*1")
    async with console(erp) as deck:
        await deck.connections.show()
        await deck.until(lambda: "failed" in " ".join(deck.rows()), "failure in its row")
        await deck.until(lambda: not any("…  " in row for row in deck.rows()), "the others")
        failed = [row for row in deck.rows() if "failed" in row]
        assert len(failed) == 1
        await deck.connections.focus(next(name for name in (DE, NO, AT, EXCEL) if name in failed[0]))
        await deck.press("enter")
        await deck.opens("Connection")
        assert "Summary failed at" in await deck.read()
        assert "no rights" in await deck.read()
        await deck.press("escape")
        await deck.refresh()
        await deck.loses("failed")


async def test_a_refused_login_is_the_cause_and_no_list_of_the_system_looks_live(
    erp: RunningSimulator,
) -> None:
    async with console(erp, refresh={"engine": 1}) as deck:
        erp.fault(".*=expired")
        await deck.until(lambda: "was" in deck.said("engine"), "engine that is not known")
        for key in "42":
            await deck.press(key)
            await deck.until(lambda: "login refused" in deck.chip(), "cause in the header")
            await deck.sees("login refused; press A to re-enter the credentials")
        await deck.press("4")
        await deck.until(lambda: "refused" in deck.rows()[0], "cause in the row")


async def test_details_tell_actors_in_words_and_fields_by_name(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await shown(deck)
        await deck.press("enter")
        await deck.opens("Connection 1")
        core = deck.app.session.core
        assert core is not None
        assert core.connections is not None
        book = core.connections
        await deck.until(lambda: book.connector(3) is not None, "connector")
        await deck.until(lambda: book.summaries.of(1).data is not None, "summary")
        await deck.until(lambda: book.fields.of(3).data is not None, "names of fields")
        await deck.looks()
        told = await deck.read()
        assert "Connector Business Central (3)" in told
        assert "https://connector.example/bc" in told
        assert "Customer has mappings Mappings: NAME ↔ Name, VATNO → OrgNr" in told
        assert "Defaults: Category: Kunde" in told
        assert "Project has no mappings" in told
        assert "PASSWORD ••• · Password" in told
        assert SECRET not in told
        assert asked(erp, "GetErpConnectionConfigFields") == []
        await deck.press("v")
        raw = await deck.read()
        assert "GetErpSyncConnectionSummary" in raw
        assert SECRET not in raw


async def test_deleted_ones_are_listed_on_request_by_sign_and_word(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await shown(deck)
        assert "Altes Navision" not in deck.text()
        await deck.press("d")
        await deck.until(lambda: "Altes Navision" in deck.text(), "the deleted one")
        assert row_of(deck, "Altes Navision").split()[:2] == ["†", "deleted"]
        assert "with deleted ones" in deck.said("status")
        assert asked(erp, "GetAllConnections")[-1] == {"IncludeDeleted": True}
        await deck.connections.focus("Altes Navision")
        for key in ("t", "L", "f"):
            await deck.press(key)
            assert "it is deleted" in deck.said("notice")
        await deck.press("d")
        assert "Altes Navision" not in deck.text()
        await deck.until(
            lambda: asked(erp, "GetAllConnections")[-1] == {"IncludeDeleted": False}, "another ask"
        )


async def test_inactive_ones_say_how_long_they_were_seen_so(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await shown(deck, AT)
        await deck.press("enter")
        await deck.opens("Connection 3")
        assert "observed for less than 1m by this console" in await deck.read()


async def test_texts_of_the_tenant_read_well(erp: RunningSimulator) -> None:
    name = 'NO:"Norsk navn";US:"English name"'
    erp.state(superoffice={"connections": {"2": {"name": name, "description": "[SR_NOTHING]"}}})
    async with console(erp) as deck:
        await shown(deck, "English name")
        assert "Norsk" not in deck.text()
        await deck.press("enter")
        await deck.opens("English name")
        assert "SR_NOTHING (a resource id; no text was sent)" in await deck.read()
        await deck.press("v")
        assert "Norsk navn" in await deck.read()


# Testing.


async def test_a_test_says_passed_or_failed_with_its_time_and_never_why(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await shown(deck)
        await deck.press("T")
        await row_says(deck, DE, "passed ")
        assert asked(erp, "TestConnectionById") == [{"ErpConnectionId": 1}]
        await deck.connections.focus(EXCEL)
        await deck.press("T")
        await row_says(deck, EXCEL, "failed ")
        assert row_of(deck, EXCEL).split()[-1].count(":") == 2
        await deck.press("enter")
        await deck.opens("Connection 4")
        assert (
            "server gives no reason: check the connector's URL and the configuration"
            in await deck.read()
        )
        assert deck.sent() == []


async def test_all_are_tested_with_marks(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await shown(deck)
        await deck.press("asterisk", "T")
        for name in (DE, NO, AT):
            await row_says(deck, name, "passed ")
        await row_says(deck, EXCEL, "failed ")
        assert sorted(asked(erp, "TestConnectionById"), key=str) == [
            {"ErpConnectionId": number} for number in (1, 2, 3, 4)
        ]


async def test_a_test_without_an_answer_is_not_known(erp: RunningSimulator) -> None:
    erp.fault("TestConnectionById=null")
    async with console(erp) as deck:
        await shown(deck)
        await deck.press("T")
        await row_says(deck, DE, "unknown: ")
        assert "failed" not in row_of(deck, DE)


def test_a_test_that_timed_out_is_not_known_to_have_failed() -> None:
    error = TimedOut(system=System.SUPEROFFICE, sentence="no response within 30 s", next_step="again")
    at = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
    connection, seen = (
        Connection(1, "Main", active=True),
        ConnectionExtras(test=OnDemandValue(error=error, failed_at=at)),
    )
    assert "unknown: timed out" in connection_rows.listed(connection, seen, at).row.cells
    told = dict(connection_rows.facts(connection, seen, at))
    assert told["Test"] == "unknown at 03:00:00 UTC: timed out"


# Toggling.


async def test_a_toggle_reads_before_and_after_and_is_taken_back(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await shown(deck)
        await deck.press("t")
        await deck.opens("Activate or deactivate · Business Central DE (connection 1)")
        told = await deck.read()
        assert "State active → inactive" in told
        assert "It does not synchronise until it is activated again" in told
        erp.clear_log()
        await deck.press("y")
        await deck.opens("")
        await deck.sees("applied; read again: State is inactive")
        calls = [entry["path"].rsplit("/")[-1] for entry in erp.received("POST", f"{AGENT}/")]
        at = calls.index("ToggleErpConnectionActive")
        assert "GetAllConnections" in calls[:at]
        assert "GetAllConnections" in calls[at + 1 :]
        (request,) = deck.sent()
        assert request["body"] == {"ErpConnectionId": 1}
        await row_says(deck, DE, "inactive")
        await deck.press("u", "enter")
        await deck.opens("Undo activate or deactivate")
        assert "State inactive → active" in await deck.read()
        await deck.press("y")
        await deck.sees("read again: State is active")
        assert len(deck.sent()) == 2


async def test_a_refused_toggle_tells_every_reason_in_full(erp: RunningSimulator) -> None:
    reasons = [f"Mandatory field F{number} has no sync direction" for number in range(9)]
    erp.state(superoffice={"connections": {"3": {"toggle_reasons": [*reasons, "[SR_MORE]"]}}})
    async with console(erp) as deck:
        await shown(deck, AT)
        await deck.press("t")
        await deck.opens("Activate or deactivate")
        assert "Mandatory fields need a sync direction" in await deck.read()
        await deck.press("y")
        await deck.sees("not done; reasons of the server")
        told = await deck.read()
        for reason in (*reasons, "SR_MORE (a resource id; no text was sent)"):
            assert reason in told
        assert len(deck.sent()) == 1


async def test_an_answer_that_the_list_contradicts_is_said(erp: RunningSimulator) -> None:
    erp.state(superoffice={"connections": {"1": {"ignores_toggle": True}}})
    async with console(erp) as deck:
        await shown(deck)
        await deck.press("t")
        await deck.opens("Activate or deactivate")
        await deck.press("y")
        await deck.sees("the server reported success, but read again: State is active")
        assert len(deck.sent()) == 1


async def test_flipped_elsewhere_meanwhile_nothing_is_sent(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await shown(deck)
        await deck.press("t")
        await deck.opens("Activate or deactivate")
        erp.state(superoffice={"connections": {"1": {"active": False}}})
        await deck.press("y")
        await deck.sees("someone else made the same change")
        assert deck.sent() == []


async def test_a_lost_answer_is_looked_for_and_never_sent_again(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await shown(deck)
        await deck.press("t")
        await deck.opens("Activate or deactivate")
        erp.fault("ToggleErpConnectionActive=html")
        await deck.press("y")
        await deck.sees("; checked:")
        assert len(deck.sent()) == 1


async def test_no_toggle_follows_one_whose_answer_was_lost(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await shown(deck)
        erp.fault("ToggleErpConnectionActive=html*1")
        await deck.press("t")
        await deck.opens("Activate or deactivate")
        await deck.press("y")
        await deck.sees("the request may still take effect")
        await deck.press("escape", "t")
        await deck.opens("Activate or deactivate")
        await deck.press("y")
        await deck.sees("nothing was sent: a toggle to inactive at")
        assert len(deck.sent()) == 1


async def test_what_cannot_be_told_is_not_toggled(erp: RunningSimulator) -> None:
    erp.fault("GetAllConnections=one-bad-row")
    async with console(erp) as deck:
        await shown(deck, "unknown")
        await deck.press("t")
        assert "its row could not be read" in deck.said("notice")
        assert deck.heading() == ""


async def test_marks_do_not_make_a_toggle_of_many(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await shown(deck)
        await deck.press("asterisk", "t")
        assert "acts on one connection" in deck.said("notice")
        assert deck.heading() == ""


# Fields and order.


async def test_fields_are_read_anew_after_a_confirmation(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await shown(deck)
        await deck.press("L")
        await deck.opens("Update fields · Business Central DE (connection 1)")
        await deck.press("y")
        await deck.sees("Update fields · Business Central DE (connection 1): applied")
        (request,) = deck.sent()
        assert request["path"] == f"{AGENT}/UpdateConnectionFields"
        assert request["body"] == {"ErpConnectionId": 1}


async def test_another_order_is_reviewed_sent_and_read_again(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await shown(deck)
        await deck.press("w")
        await deck.opens("Priorities")
        assert "this assumes" in deck.text()
        await deck.press("J")
        await deck.press("f2")
        await deck.opens("Priorities · connections")
        told = await deck.read()
        assert "Order 1, 2, 3, 4 → 2, 1, 3, 4" in told
        assert "Visma.net NO (connection 2) place 2 → place 1" in told
        assert "ErpConnectionIds" in told
        await deck.press("a")
        await deck.sees("applied; read again: Order is 2, 1, 3, 4")
        (request,) = deck.sent()
        assert request["path"] == f"{AGENT}/SaveErpConnectionSyncPriorities"
        assert request["body"] == {"ErpConnectionIds": [2, 1, 3, 4]}
        await deck.press("u", "enter")
        await deck.opens("Undo priorities")
        assert "Order 2, 1, 3, 4 → 1, 2, 3, 4" in await deck.read()


async def test_an_order_that_is_not_sent_is_left_with_a_question(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await shown(deck)
        await deck.press("w", "J", "escape")
        assert "the new order was not sent" in deck.dialog_trouble()
        await deck.press("escape")
        await deck.opens("")
        assert deck.sent() == []


async def test_the_listed_order_is_reviewed_and_said_to_be_the_same(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await shown(deck)
        await deck.press("w", "J", "K", "f2")
        await deck.opens("Priorities · connections")
        assert "the same, as listed" in await deck.read()
        assert deck.sent() == []


async def test_by_name_the_same_reviews_open(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await shown(deck)
        await deck.command("priorities order=2,1,3,4")
        await deck.opens("Priorities · connections")
        await deck.press("escape")
        await deck.command("toggle active=false")
        await deck.opens("Activate or deactivate · Business Central DE")
        await deck.press("escape")
        await deck.command("priorities order=2,1")
        await deck.sees("missing: 3, 4")


# A value on screen.


async def to_the_fields(deck: Console) -> None:
    await shown(deck)
    await deck.press("enter")
    await deck.opens("Connection 1")
    await deck.press("x")
    await deck.opens("Configuration · Connection 1")
    await deck.until(lambda: "PASSWORD" in deck.text(), "names of fields")
    while "PASSWORD" not in deck.choice():
        await deck.press("j")


async def test_one_value_is_shown_until_the_next_key(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await to_the_fields(deck)
        assert asked(erp, "GetErpConnectionConfigFields") == []
        assert SECRET not in deck.text()
        await deck.press("X")
        await deck.sees(f"PASSWORD: {SECRET}")
        assert asked(erp, "GetErpConnectionConfigFields") == [{"ErpConnectionId": 1}]
        assert "erp1.example" not in deck.text()
        await deck.press("k")
        assert SECRET not in deck.text()
        await deck.press("X")
        await deck.sees("COMPANY: 100")
        await deck.press("z")
        assert "COMPANY: 100" not in deck.text()


async def test_it_is_hidden_by_itself_after_a_while(
    erp: RunningSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config_fields, "SHOWN_FOR", 0.2)
    async with console(erp) as deck:
        await to_the_fields(deck)
        await deck.press("X")
        await deck.until(lambda: asked(erp, "GetErpConnectionConfigFields") != [], "the question")
        await deck.loses("asking…")
        await deck.loses("hidden at the next key")
        assert SECRET not in deck.text()


async def test_leaving_hides_it_and_copying_has_no_way_to_it(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await to_the_fields(deck)
        await deck.press("X")
        await deck.sees(SECRET)
        await deck.press("y")
        assert deck.heading().startswith("Configuration")
        assert SECRET not in deck.text()
        await deck.press("X")
        await deck.sees(SECRET)
        await deck.press("escape")
        await deck.opens("Connection 1")
        await deck.press("y", "enter")
        assert SECRET not in deck.app._clipboard
        assert SECRET not in deck.text()


async def test_after_a_look_nothing_that_was_written_has_it(
    erp: RunningSimulator, private_places: Path, tmp_path: Path
) -> None:
    log = tmp_path / "wire.log"
    async with console(erp, options=RunOptions(log=log)) as deck:
        await to_the_fields(deck)
        await deck.press("X")
        await deck.sees(SECRET)
        picture = deck.app.export_screenshot()
        assert SECRET not in picture
        assert "PASSWORD" in picture
        await deck.press("escape", "v", "y", "enter", "escape")
        await deck.press("t")
        await deck.opens("Activate or deactivate")
        await deck.press("y")
        await deck.sees("read again")
    written = [path for place in (private_places, tmp_path) for path in place.rglob("*")]
    files = [path for path in written if path.is_file() and path.name not in ("jtl", "superoffice")]
    assert log in files
    for path in files:
        assert SECRET.encode() not in path.read_bytes(), path


async def test_a_value_that_does_not_come_says_why(erp: RunningSimulator) -> None:
    erp.fault("GetErpConnectionConfigFields=message:no rights to it")
    async with console(erp) as deck:
        await to_the_fields(deck)
        await deck.press("X")
        await deck.sees("message instead of the fields")
        assert "no rights to it" not in deck.text()


async def test_names_are_not_cut_beside_blank_columns(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.connections.show()
        for size in ((80, 24), (120, 30)):
            await deck.resize(*size)
            await deck.until(lambda: all("…" not in row for row in deck.rows()), "whole names")
            for name in (DE, NO, AT, EXCEL):
                assert sum(name in row for row in deck.rows()) == 1
