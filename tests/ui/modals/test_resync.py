"""A forced resync: the right one of five calls, named and told in full before it is sent; keys accounted
for by line; many of them in calls that lose no account."""

import pytest

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator
from tui.domain.superoffice.plugin_response import PluginAnswer
from tui.store.snapshot import Topic
from tui.ui.modals.details.plugin_response import answer_facts
from tui.ui.modals.review.review import KNOWN_NOW

AGENT = "/Cust12345/api/v1/Agents/ErpSync"


async def opened(deck: Console) -> None:
    await deck.press("3")
    await deck.sees("Observed since")
    await deck.press("f")
    await deck.opens("Forced resync")


async def filled(deck: Console, source: str, keys: str, **choices: str) -> None:
    """The form with source and keys; choices by label, blanks overwrite unless they say otherwise."""
    await opened(deck)
    await deck.form.fill("Source", source)
    for label, word in {"Empty source values": "overwrite", **choices}.items():
        await deck.form.choose(label.replace("_", " "), word)
    if keys:
        await deck.form.fill("Keys", keys)


async def refused(deck: Console, label: str, told: str) -> None:
    """Ask for the review; the form reads the file first, then says at a field what stops it."""
    await deck.form.review()
    await deck.until(lambda: told in deck.form.error_at(label), f"{told!r} at {label}")


async def reviewed(deck: Console, source: str, keys: str, **choices: str) -> str:
    await filled(deck, source, keys, **choices)
    await deck.form.review()
    await deck.opens("Forced resync ·")
    return await deck.read()


async def confirm(deck: Console) -> None:
    await deck.press(*"sim", "enter")


WAYS = {
    "ForceResyncExternal": {"Scope": "external keys", "Actor type": "Supplier"},
    "ForceResync": {"Scope": "internal keys"},
    "ForceResyncBatchTask": {"How": "batch task"},
    "ForceResyncNoBlankValues": {"How": "wait", "Empty source values": "keep"},
    "ForceResyncExternalNoBlankValues": {"Scope": "external keys"},
}
"""Each call, and what is chosen for it after the call before; what each sends is proven at the API."""
BY_ERP_KEYS = {"ErpConnectionId": 1, "ErpActorType": "Supplier", "ExternalKeys": ["A1", "B 2"]}


async def test_what_is_chosen_picks_the_call_which_is_named_and_sent_once(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await filled(deck, "1", "A1, B 2")
        for method, choices in WAYS.items():
            for label, word in choices.items():
                await deck.form.choose(label, word)
            await deck.sees(f"calls {method} ·", "values in CRM are overwritten")
        await deck.form.review()
        await deck.opens("Forced resync ·")
        said = await deck.read()
        assert "Call ForceResyncExternalNoBlankValues " in said
        assert "Business Central DE (connection 1) → CRM" in said
        assert "its empty values overwrite nothing" in said
        await deck.press(*"sim")
        assert deck.sent() == []
        await deck.press("enter")
        await deck.opens("the server's response")
        (sent,) = deck.sent()
        assert sent["method"] == "POST"
        assert sent["path"] == f"{AGENT}/ForceResyncExternalNoBlankValues"
        assert sent["headers"]["authorization"] == f"Bearer {erp.so_token}"
        assert sent["headers"]["content-type"] == "application/json"
        assert sent["body"] == BY_ERP_KEYS


async def test_everything_is_resynced_only_where_everything_was_chosen(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await filled(deck, "crm", "")
        await deck.form.review()
        assert "choose everything as the scope" in deck.form.error_at("Keys")
        assert deck.sent() == []
        await deck.form.choose("Scope", "everything")
        await deck.form.review()
        await deck.opens("Forced resync · CRM")
        said = await deck.read()
        assert "EVERYTHING: the request carries []" in said
        assert "including by its empty values" in said
        assert "CRM is the source: values in the connected ERP systems are overwritten" in said
        await confirm(deck)
        await deck.opens("the server's response")
        (sent,) = deck.sent()
        assert sent["body"] == {"ErpConnectionId": 0, "InternalKeyIds": []}


async def test_what_no_call_does_is_refused_in_words(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await filled(deck, "1", "12", How="batch task", Empty_source_values="keep")
        told = "no batch task that ignores empty values"
        await deck.sees("no such call:", told)
        await deck.form.review()
        assert deck.heading() == "Forced resync"
        assert told in deck.form.error_at("How")
        await deck.form.choose("Scope", "external keys")
        await deck.sees("no such call:", "no batch task for external keys")
        await deck.form.choose("How", "wait")
        await deck.form.fill("Source", "0")
        told = "choose that connection as the source"
        await deck.sees("no such call:", told)
        await deck.form.review()
        assert told in deck.form.error_at("Source")
        assert deck.sent() == []


async def test_pasted_lines_stay_lines_and_what_is_wrong_is_told_by_line(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await opened(deck)
        await deck.form.fill("Source", "1")
        await deck.form.go_to("Keys")
        await deck.paste("670\n47\n# of Monday\nabc\n670, 5\n")
        await deck.sees("4 lines · 3 keys · 1 bad line · 1 repeated")
        await deck.form.review()
        assert "line 4: 'abc' is not a number" in deck.form.error_at("Invalid lines")
        await deck.press("f4")
        await deck.opens("Key list")
        await deck.sees("line 4 'abc' is not a number", "line 5 670 again, first on line 1")
        await deck.press("q")
        await deck.form.choose("Invalid lines", "skip")
        await deck.form.review()
        await deck.opens("Forced resync ·")
        assert "1 bad line left out: 4" in await deck.read()
        await confirm(deck)
        await deck.opens("the server's response")
        assert deck.sent()[0]["body"]["InternalKeyIds"] == [670, 47, 5]


async def test_on_every_size_the_field_with_the_focus_and_the_call_are_in_sight(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await filled(deck, "1", "670", Scope="external keys")
        for size in ((80, 24), (60, 15)):
            await deck.resize(*size)
            for label in (
                "Source",
                "Scope",
                "Actor type",
                "Keys",
                "or a file",
                "Empty source values",
                "How",
            ):
                await deck.form.go_to(label)
                await deck.sees(label, "calls ForceResyncExternal ·", "values in CRM")


async def test_a_connection_that_changed_meanwhile_is_a_conflict_and_what_was_filled_in_stays(
    erp: RunningSimulator,
) -> None:
    async with console(erp, refresh={"connections": 60}) as deck:
        await reviewed(deck, "1", "670, 47", Empty_source_values="keep")
        erp.state(superoffice={"connections": {"1": {"active": False}}})
        await confirm(deck)
        await deck.opens("Changed elsewhere")
        assert deck.sent() == []
        await deck.press("c")
        await deck.opens("Forced resync")
        await deck.sees("calls ForceResyncNoBlankValues · 2 keys", "based on the server's values, read")
        await deck.form.review()
        await deck.opens("Forced resync ·")
        await confirm(deck)
        await deck.opens("the server's response")
        assert deck.sent()[0]["body"] == {"ErpConnectionId": 1, "InternalKeyIds": [670, 47]}


async def test_connections_that_are_read_while_the_form_is_open_are_shown_and_checked(
    erp: RunningSimulator,
) -> None:
    erp.fault("GetAllConnections=status:503")
    async with console(erp) as deck:
        await opened(deck)
        await deck.sees("the connections are unknown at the moment")
        erp.clear_faults()
        core = deck.app.session.core
        assert core is not None
        await core.poller.read_once(Topic.CONNECTIONS)
        await deck.sees("0 CRM · 1 Business Central DE")
        await deck.form.fill("Source", "9")
        await refused(deck, "Source", "connection 9 is not in the list")
        await deck.form.fill("Source", "1")
        await deck.form.fill("Keys", "670")
        await deck.form.review()
        await deck.opens("Forced resync ·")
        assert "Business Central DE (connection 1) → CRM" in deck.text()


async def test_connections_that_are_read_while_it_is_reviewed_are_named_and_read_before_it_counts(
    erp: RunningSimulator,
) -> None:
    erp.fault("GetAllConnections=status:503")
    async with console(erp) as deck:
        await filled(deck, "1", "670")
        await deck.form.review()
        await deck.opens("Forced resync · connection 1")
        assert "Data never received" in deck.text()
        await deck.type("sim")
        erp.clear_faults()
        core = deck.app.session.core
        assert core is not None
        await core.poller.read_once(Topic.CONNECTIONS)
        await deck.opens("Forced resync · Business Central DE (connection 1) → CRM")
        assert ("never received" in deck.text(), deck.form.typed()) == (False, "")
        assert KNOWN_NOW in deck.dialog_trouble()
        await confirm(deck)
        await deck.opens("the server's response")
        assert len(deck.sent()) == 1


async def test_a_resync_from_crm_rests_on_no_connection(erp: RunningSimulator) -> None:
    erp.fault("GetAllConnections=status:503")
    async with console(erp) as deck:
        assert "never received" not in await reviewed(deck, "0", "670", Scope="internal keys")


async def test_a_source_that_is_not_listed_is_refused_and_one_not_active_is_warned_of(
    erp: RunningSimulator,
) -> None:
    erp.state(superoffice={"connections": {"2": {"active": False}}})
    async with console(erp) as deck:
        await filled(deck, "77", "5")
        await deck.form.review()
        await deck.sees("connection 77 is not in the list: write 0 for CRM, or one of 1, 2, 3, 4")
        await deck.form.fill("Source", "2")
        await deck.form.review()
        assert "connection 2 is not active" in await deck.read()
        assert deck.sent() == []


async def test_from_the_connections_the_source_is_the_one_under_the_cursor(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await deck.connections.show()
        first = deck.cursor_row()
        await deck.press("f")
        await deck.opens("Forced resync")
        assert deck.form.text_of("Source") == first.split()[2]


# The answer.


@pytest.mark.parametrize(
    ("answer", "result", "changes"),
    [
        (PluginAnswer(True, "Ok", changes=()), "✔ succeeded", "none listed"),
        (PluginAnswer(True, "OkWithInfo", changes=()), "✔ succeeded, with information", "none listed"),
        (PluginAnswer(True, "Warning", changes=()), "▲ succeeded, with a warning", "none listed"),
        (PluginAnswer(False, "Error"), "✖ failed", "the changes were not reported"),
        (
            PluginAnswer(True, "Error"),
            "? doubtful: IsOk is true but Status is Error",
            "the changes were not reported",
        ),
    ],
)
def test_a_result_has_its_sign_and_word(answer: PluginAnswer, result: str, changes: str) -> None:
    facts = dict(answer_facts(answer, unfolded=False))
    assert (facts["Result"], facts["Status"]) == (result, answer.status)
    assert facts["Changes"] == changes


async def test_the_answer_is_shown_with_its_technical_text_folded_away(erp: RunningSimulator) -> None:
    told = {"status": "OkWithInfo", "explanation": "12 of 40 done", "technical": "at ErpSync.Send()"}
    erp.state(superoffice={"outcomes": {"ForceResync": told}})
    async with console(erp) as deck:
        await reviewed(deck, "1", "5")
        await confirm(deck)
        await deck.opens("the server's response")
        await deck.sees("Result ✔ succeeded, with information Status OkWithInfo", "updated")
        await deck.sees("Explanation 12 of 40 done")
        assert "ErpSync.Send" not in deck.text()
        await deck.press("t")
        await deck.sees("at ErpSync.Send()")
        await deck.press("t")
        await deck.loses("at ErpSync.Send()")
        assert len(deck.sent()) == 1


async def test_changes_are_counted_by_table_then_listed_to_the_last(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await reviewed(deck, "1", "101-180")
        await confirm(deck)
        await deck.opens("the server's response")
        await deck.sees("contact: 80 updated", "updated contact 101")
        await deck.press(*["pagedown"] * 8)
        await deck.sees("updated contact 180")


async def test_a_call_under_way_tells_how_long_and_is_found_again_in_activity(
    erp: RunningSimulator,
) -> None:
    erp.fault("ForceResync$=hang")
    async with console(erp) as deck:
        await reviewed(deck, "1", "5")
        await confirm(deck)
        await deck.sees("sending, 1s (esc closes, the request continues)")
        await deck.press("escape")
        await deck.opens("")
        await deck.press("5")
        await deck.sees("in flight")
        await deck.until(lambda: len(deck.sent()) == 1, "the call")


# Looking.


async def test_whether_a_record_is_linked_is_told_per_connection(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await opened(deck)
        await deck.press("f3")
        await deck.opens("Is it linked?")
        await deck.form.fill("Its CRM id", "753")
        await deck.press("enter")
        await deck.sees(
            "✔ linked Business Central DE (connection 1) as Customer",
            "○ not linked Visma.net NO (connection 2)",
            "Customer number (CUSTNO)",
            "does not return the ErpInternalKey id",
        )
        (asked,) = erp.received("POST", "GetConnectionsAndDisplayFields")
        assert asked["body"] == {"CrmActorType": "Contact", "EntityId": 753}
        erp.fault("GetConnectionsAndDisplayFields=null")
        await deck.form.choose("Record", "Person")
        await deck.press("enter")
        await deck.sees("it is empty")
        assert deck.sent() == []
        await deck.press("escape")
        await deck.opens("Forced resync")


async def test_after_a_batch_resync_the_tasks_since_are_possibly_yours(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.press("3", "b")
        await deck.opens("Batch tasks")
        await deck.sees("no batch resync was sent in this session", "Mailing 2026-03 19")
        assert "possibly" not in deck.text()
        await deck.press("q")
        await reviewed(deck, "1", "5", How="batch task")
        await confirm(deck)
        await deck.opens("Batch tasks")
        await deck.sees("→ Started 40% ErpSync forced resync 100 · possibly yours", "no id came back")
        assert deck.text().count("possibly yours") == 1
        asked = erp.received("POST", "/Agents/Batch/GetBatchTaskInfosByState")
        assert asked[0]["body"] == {"State": "All"}
        await deck.press("r")
        await deck.until(
            lambda: len(erp.received("POST", "GetBatchTaskInfosByState")) > len(asked), "another look"
        )
        await deck.press("q")
        await deck.activity.show()
        assert "→ accepted" in deck.cursor_row()
        await deck.sees("queued")


async def test_batch_tasks_that_cannot_be_told_are_said_to_be_so(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.press("3", "b")
        await deck.opens("Batch tasks")
        for fault, told in (
            ("status:404", "the Batch agent is not available here"),
            ("html", "web page"),
            ("null", "it is empty"),
            ("wrong-types", "can be read"),
        ):
            assert told not in deck.text()
            erp.fault(f"GetBatchTaskInfosByState={fault}")
            await deck.press("r")
            await deck.sees(told)
            erp.clear_faults()
