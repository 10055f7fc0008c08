"""A forced resync: the right one of five calls, named and told in full before it is sent; keys accounted
for by line; many of them in calls that lose no account."""

from pathlib import Path

import pytest

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator
from tui.domain.resync_wish import MOST_IN_CALL

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
    for label, word in {"Blanks": "overwrite", **choices}.items():
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


BY_KEYS = {"ErpConnectionId": 1, "InternalKeyIds": [670, 47, 100, 101, 102, 103]}
BY_ERP_KEYS = {"ErpConnectionId": 1, "ErpActorType": "Supplier", "ExternalKeys": ["A1", "B 2"]}


@pytest.mark.parametrize(
    ("method", "choices", "body"),
    [
        ("ForceResync", {}, BY_KEYS),
        ("ForceResyncNoBlankValues", {"Blanks": "keep"}, BY_KEYS),
        ("ForceResyncBatchTask", {"How": "batch task"}, BY_KEYS),
        ("ForceResyncExternal", {"Scope": "external keys", "Actor_type": "Supplier"}, BY_ERP_KEYS),
        (
            "ForceResyncExternalNoBlankValues",
            {"Scope": "external keys", "Actor_type": "Supplier", "Blanks": "keep"},
            BY_ERP_KEYS,
        ),
    ],
)
async def test_what_is_chosen_picks_the_call_which_is_named_and_sent_once(
    erp: RunningSimulator, method: str, choices: dict[str, str], body: dict[str, object]
) -> None:
    async with console(erp) as deck:
        keys = "A1, B 2" if "External" in method else "670, 47, 100-103 670"
        await filled(deck, "1", keys, **choices)
        await deck.sees(f"calls {method} ·", "values in CRM are overwritten")
        await deck.form.review()
        await deck.opens("Forced resync ·")
        said = await deck.read()
        assert f"Call {method} " in said
        assert "Business Central DE (connection 1) → CRM" in said
        blanks = "its blanks overwrite nothing" if "NoBlank" in method else "also by its blanks"
        assert blanks in said
        await deck.press(*"sim")
        assert deck.sent() == []
        await deck.press("enter")
        await deck.opens("Batch tasks" if "Batch" in method else "the server's answer")
        (sent,) = deck.sent()
        assert (sent["method"], sent["path"]) == ("POST", f"{AGENT}/{method}")
        assert sent["headers"]["authorization"] == f"Bearer {erp.so_token}"
        assert sent["headers"]["content-type"] == "application/json"
        assert sent["body"] == body


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
        assert "CRM is the source: values in the connected ERP systems are overwritten" in said
        await confirm(deck)
        await deck.opens("the server's answer")
        (sent,) = deck.sent()
        assert sent["body"] == {"ErpConnectionId": 0, "InternalKeyIds": []}


@pytest.mark.parametrize(
    ("source", "choices", "told"),
    [
        ("1", {"Blanks": "keep", "How": "batch task"}, "no batch task that keeps values from blanks"),
        ("1", {"Scope": "external keys", "How": "batch task"}, "no batch task for external keys"),
        ("0", {"Scope": "external keys"}, "choose that connection as the source"),
    ],
)
async def test_what_no_call_does_is_refused_in_words(
    erp: RunningSimulator, source: str, choices: dict[str, str], told: str
) -> None:
    async with console(erp) as deck:
        await filled(deck, source, "12", **choices)
        await deck.sees("no such call:")
        assert told in deck.text()
        await deck.form.review()
        assert deck.heading() == "Forced resync"
        assert told in deck.form.error_at("How" if "How" in choices else "Source")


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
        assert "line 4: 'abc' is not a number" in deck.form.error_at("Bad lines")
        await deck.press("f4")
        await deck.opens("Key list")
        await deck.sees("line 4 'abc' is not a number", "line 5 670 again, first on line 1")
        await deck.press("q")
        await deck.form.choose("Bad lines", "skip")
        await deck.form.review()
        await deck.opens("Forced resync ·")
        assert "1 bad line left out: 4" in await deck.read()
        await confirm(deck)
        await deck.opens("the server's answer")
        assert deck.sent()[0]["body"]["InternalKeyIds"] == [670, 47, 5]


async def test_a_comma_in_one_of_several_lines_gives_no_external_key_silently(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await filled(deck, "1", "", Scope="external keys")
        await deck.form.go_to("Keys")
        await deck.paste("A1\n1,234\nB 2")
        await deck.sees("2 keys · 1 bad line")
        await deck.form.review()
        assert "line 2: '1,234' may be 2 keys or one with a comma" in deck.form.error_at("Bad lines")
        assert deck.sent() == []


@pytest.mark.parametrize("size", [(80, 24), (60, 15)])
async def test_on_every_size_the_field_with_the_focus_and_the_call_are_in_sight(
    erp: RunningSimulator, size: tuple[int, int]
) -> None:
    async with console(erp, size=size) as deck:
        await filled(deck, "1", "670", Scope="external keys")
        for label in ("Source", "Scope", "Actor type", "Keys", "or a file", "Blanks", "How"):
            await deck.form.go_to(label)
            await deck.sees(label, "calls ForceResyncExternal ·", "values in CRM")


async def test_a_connection_that_changed_meanwhile_is_a_conflict_and_what_was_filled_in_stays(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await reviewed(deck, "1", "670, 47", Blanks="keep")
        erp.state(superoffice={"connections": {"1": {"active": False}}})
        await confirm(deck)
        await deck.opens("Changed elsewhere")
        assert deck.sent() == []
        await deck.press("c")
        await deck.opens("Forced resync")
        await deck.sees("calls ForceResyncNoBlankValues · 2 keys", "on what the server has now")
        await deck.form.review()
        await deck.opens("Forced resync ·")
        await confirm(deck)
        await deck.opens("the server's answer")
        assert deck.sent()[0]["body"] == {"ErpConnectionId": 1, "InternalKeyIds": [670, 47]}


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
    ("outcome", "result"),
    [
        ({"status": "Ok"}, "✔ went well Status Ok"),
        ({"status": "OkWithInfo"}, "✔ went well, with information Status OkWithInfo"),
        ({"status": "Warn"}, "▲ went well, with a warning Status Warning"),
        ({"status": "Error"}, "✖ failed Status Error"),
        ({"status": "Error", "is_ok": True}, "? doubtful: IsOk is true but Status is Error"),
    ],
)
async def test_the_answer_is_shown_with_its_technical_text_folded_away(
    erp: RunningSimulator, outcome: dict[str, object], result: str
) -> None:
    told = {**outcome, "explanation": "12 of 40 were done", "technical": "at ErpSync.Send()"}
    erp.state(superoffice={"outcomes": {"ForceResync": told}})
    async with console(erp) as deck:
        await reviewed(deck, "1", "5")
        await confirm(deck)
        await deck.opens("the server's answer")
        await deck.sees(f"Result {result}", "Explanation 12 of 40 were done")
        assert "ErpSync.Send" not in deck.text()
        told = "what changed was not told" if outcome["status"] == "Error" else "updated"
        assert told in deck.text()
        await deck.press("t")
        await deck.sees("at ErpSync.Send()")
        await deck.press("t")
        await deck.loses("at ErpSync.Send()")
        assert len(deck.sent()) == 1


async def test_changes_are_counted_by_table_then_listed_to_the_last(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await reviewed(deck, "1", "101-400")
        await confirm(deck)
        await deck.opens("the server's answer")
        await deck.sees("contact: 300 updated", "updated contact 101")
        for _ in range(40):
            await deck.press("pagedown")
        await deck.sees("updated contact 400")


async def test_a_call_under_way_tells_how_long_and_is_found_again_in_activity(
    erp: RunningSimulator,
) -> None:
    erp.fault("ForceResync$=hang")
    async with console(erp) as deck:
        await reviewed(deck, "1", "5")
        await confirm(deck)
        await deck.sees("sending, 1s (esc leaves it running)")
        await deck.press("escape")
        await deck.opens("")
        await deck.press("5")
        await deck.sees("in flight")
        assert len(deck.sent()) == 1


# Many keys.


def key_file(places: Path, count: int, bad: int = 0) -> Path:
    lines = [str(1000 + number) for number in range(count)]
    for number in range(bad):
        lines.insert(7 + number * (count // bad), f"bad{number}")
    path = places / "keys.txt"
    path.write_text("\n".join(lines))
    return path


async def begun(deck: Console, path: Path) -> None:
    await opened(deck)
    await deck.form.fill("Source", "1")
    await deck.form.fill("or a file", str(path))


@pytest.mark.parametrize(("bad", "next_field"), [(0, "Blanks of the source"), (3, "Bad lines")])
async def test_enter_at_a_file_reads_it_and_goes_on_to_what_was_found(
    erp: RunningSimulator, tmp_path: Path, bad: int, next_field: str
) -> None:
    async with console(erp) as deck:
        await begun(deck, key_file(tmp_path, 30, bad))
        await deck.press("enter")
        await deck.sees("30 keys")
        await deck.until(lambda: deck.form.focused == next_field, f"focus on {next_field}")
        await (deck.sees if bad else deck.loses)("skip invalid lines")


async def test_lines_are_numbered_once_there_are_any(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await opened(deck)
        assert "Keys or a file" in deck.text()
        await deck.form.go_to("Keys")
        await deck.paste("670\n47")
        await deck.sees("Keys 1 670 2 47")
        await deck.press(*["backspace"] * 6)
        await deck.loses("Keys 1")


async def test_5000_keys_with_37_bad_ones_and_a_fault_in_the_middle_lose_no_account(
    erp: RunningSimulator, tmp_path: Path
) -> None:
    erp.fault("ForceResync=slow:0*3")
    erp.fault("ForceResync=lost*1")
    async with console(erp) as deck:
        await begun(deck, key_file(tmp_path, 4_963, 37))
        await deck.press("enter")
        await deck.sees("calls ForceResyncNoBlankValues 10 times · 5,000 lines · 4,963 keys · 37 bad")
        await deck.form.review()
        await deck.sees("line 8: 'bad0' is not a number; line 142")
        assert "35 more" in deck.form.error_at("Bad lines")
        await deck.press("f4")
        await deck.opens("Key list: 5,000 lines · 4,963 keys · 37 bad lines")
        assert "line 4832 'bad36' is not a number" in await deck.read()
        await deck.press("q")
        assert deck.sent() == []
        await deck.form.choose("Bad lines", "skip")
        await deck.form.review()
        await deck.opens("10 calls with 4,963 keys")
        assert (
            "Key list: 5,000 lines · 4,963 keys · 37 bad lines. Warning 37 bad lines left" in deck.text()
        )
        said = await deck.read()
        assert "the first that does not go well ends it" in said
        assert "37 bad lines left out" in said
        await confirm(deck)
        await deck.sees(
            "4 of 10 calls sent: 3 applied, 1 unknown · 6 not sent", "1,500 of 4,963 keys went well"
        )
        sent = [key for one in deck.sent() for key in one["body"]["InternalKeyIds"]]
        assert sent == list(range(1000, 3000))
        account = await deck.read()
        assert "? unknown call 4 · 500 keys 2500-2999" in account
        assert "○ not sent call 5 · 500 keys 3000-3499" in account
        # Resumed: the rest alone, the unknown one only where it is chosen.
        await deck.press("r")
        await deck.opens("6 calls with 2,963 keys")
        assert "4,963" not in await deck.read()
        await confirm(deck)
        await deck.sees("10 of 10 calls sent: 9 applied, 1 unknown · 4,463 of 4,963 keys went well")
        assert deck.heading() == "Forced resync · 10 calls with 4,963 keys"
        sent = [key for one in deck.sent() for key in one["body"]["InternalKeyIds"]]
        assert sent == list(range(1000, 5963))
        await deck.press("u")
        await deck.opens("1 call with 500 keys")
        assert "nobody knows whether they were carried out" in await deck.read()
        await confirm(deck)
        await deck.sees("10 of 10 calls sent: 10 applied · 4,963 of 4,963 keys went well")
        assert deck.sent()[-1]["body"]["InternalKeyIds"] == list(range(2500, 3000))
        await deck.press("q")
        await deck.opens("")
        await deck.press("5")
        await deck.sees("? unknown", "call 10 of 1")


async def test_d1_a_file_is_one_key_a_line_and_more_keys_than_lines_are_confirmed_by_themselves(
    erp: RunningSimulator, tmp_path: Path
) -> None:
    path = tmp_path / "keys.txt"
    path.write_text("10001\n100-102\n1,234\n")
    async with console(erp) as deck:
        await begun(deck, path)
        await deck.press("enter")
        await deck.sees("3 lines · 1 key · 2 bad lines")
        await refused(deck, "Bad lines", "line 2: '100-102' is a range or a phone number")
        await deck.form.choose("Lines of the file", "ranges and lists")
        await deck.sees("3 lines · 6 keys")
        gave = "3 lines gave 6 keys: line 2: '100-102' gives 3 keys; line 3: '1,234' gives 2 keys"
        await refused(deck, "More keys than lines", gave)
        await deck.press("f4")
        await deck.opens("Key list: 3 lines · 6 keys")
        await deck.sees("line 2 '100-102' gives 3 keys", "line 3 '1,234' gives 2 keys")
        await deck.press("q")
        await deck.form.choose("More keys than lines", "confirmed")
        path.write_text("10001\n100-103\n1,234\n")
        await refused(deck, "More keys than lines", "3 lines gave 7 keys")
        assert deck.sent() == []
        await deck.form.choose("More keys than lines", "confirmed")
        await deck.form.review()
        await deck.opens("Forced resync ·")
        said = await deck.read()
        assert "Key list: 3 lines · 7 keys." in said
        assert "Warning 3 lines gave 7 keys" in said
        assert "line 2: '100-103' gives 4 keys; line 3: '1,234' gives 2 keys" in said
        await confirm(deck)
        await deck.opens("the server's answer")
        assert deck.sent()[0]["body"]["InternalKeyIds"] == [10001, 100, 101, 102, 103, 1, 234]


@pytest.mark.parametrize(
    ("choice", "sent"), [("skip", ["10001", "10002"]), ("key", ["ErpKey", "10001", "10002"])]
)
async def test_d2_a_header_in_a_file_of_quoted_keys_is_asked_about(
    erp: RunningSimulator, tmp_path: Path, choice: str, sent: list[str]
) -> None:
    path = tmp_path / "keys.csv"
    path.write_text('"ErpKey"\r\n"10001"\r\n"10002"\r\n')
    async with console(erp) as deck:
        await filled(deck, "1", "", Scope="external keys")
        await deck.form.fill("or a file", str(path))
        await deck.press("enter")
        await deck.until(lambda: deck.form.focused == "First line", "focus on First line")
        await refused(deck, "First line", "line 1, 'ErpKey', looks like a header")
        await deck.form.choose("First line", choice)
        await deck.form.review()
        await deck.opens("Forced resync ·")
        skipped = "line 1 left out as the header: 'ErpKey'" in await deck.read()
        assert skipped is (choice == "skip")
        await confirm(deck)
        await deck.opens("the server's answer")
        assert deck.sent()[0]["body"]["ExternalKeys"] == sent


async def test_d2_a_file_without_any_key_says_why_and_nothing_of_everything(
    erp: RunningSimulator, tmp_path: Path
) -> None:
    path = tmp_path / "keys.csv"
    path.write_bytes("ErpKey\n10001\n".encode("utf-16"))
    async with console(erp) as deck:
        await begun(deck, path)
        await refused(deck, "or a file", "2 lines of UTF-16 text")
        path.write_text("Müller\nMeier\n")
        await refused(deck, "or a file", "no key on 2 lines")
        assert "choose everything" not in deck.text()
        assert deck.sent() == []


async def test_a_run_is_stopped_left_and_found_again_and_its_rest_is_saved(
    erp: RunningSimulator, tmp_path: Path, private_places: Path
) -> None:
    erp.fault("ForceResync=hang*1")
    async with console(erp) as deck:
        await begun(deck, key_file(tmp_path, 2 * MOST_IN_CALL + 1))
        await deck.form.review()
        await deck.opens("3 calls with 1,001 keys")
        await confirm(deck)
        await deck.sees("… sending call 1 · 500 keys 1000-1499", "call 1 sending,")
        await deck.press("q")
        await deck.opens("")
        assert "f on the Engine screen shows it" in deck.said("notice")
        await deck.press("f")
        await deck.opens("3 calls with 1,001 keys")
        await deck.press("x")
        await deck.sees("stopped: what is under way ends")
        erp.wait_received("POST", "/ForceResync")
        erp.stop()
        await deck.sees("? unknown call 1", "○ not sent call 2", "stopped")
        await deck.press("q")
        await deck.sees("501 keys were not sent and are kept in", "The same key again leaves it")
        (path,) = (private_places / "state" / "resync").iterdir()
        assert path.stat().st_mode & 0o777 == 0o600
        lines = path.read_text().splitlines()
        assert [line for line in lines if not line.startswith("#")] == list(map(str, range(1500, 2001)))
        assert "# call 1: unknown: 500 keys: 1000-1499" in path.read_text()
        await deck.press("q")
        await deck.opens("")
        assert "501 keys were not sent and are kept in" in deck.said("notice")
        erp.start()


async def test_before_the_first_call_its_rest_is_in_a_file_and_goes_with_the_last(
    erp: RunningSimulator, tmp_path: Path, private_places: Path
) -> None:
    erp.fault("ForceResync=hang*1")
    folder = private_places / "state" / "resync"
    async with console(erp) as deck:
        await begun(deck, key_file(tmp_path, 2 * MOST_IN_CALL + 1))
        await deck.form.review()
        await deck.opens("3 calls with 1,001 keys")
        await confirm(deck)
        await deck.until(lambda: bool(erp.received("POST", "/ForceResync")), "call on its way")
        (path,) = folder.iterdir()
        lines = path.read_text().splitlines()
        assert [line for line in lines if not line.startswith("#")] == list(map(str, range(1500, 2001)))
        assert "# call 1: sending: 500 keys: 1000-1499" in lines
        erp.stop()
        erp.start()
        await deck.sees("? unknown call 1")
        await deck.press("r")
        await deck.opens("2 calls with 501 keys")
        await confirm(deck)
        await deck.sees("3 of 3 calls sent: 1 unknown, 2 applied · 501 of 1,001 keys went well")
        await deck.until(lambda: not list(folder.iterdir()), "file that is gone")


async def test_another_profile_takes_nothing_of_what_was_left_away(
    erp: RunningSimulator, tmp_path: Path, private_places: Path
) -> None:
    erp.fault("ForceResync=slow:1*1")
    async with console(erp, others={"shop": "development"}) as deck:
        await begun(deck, key_file(tmp_path, 700))
        await deck.form.review()
        await deck.opens("2 calls with 700 keys")
        await confirm(deck)
        await deck.until(lambda: bool(erp.received("POST", "/ForceResync")), "call on its way")
        await deck.press("q", "P", "k", "enter")
        await deck.sees("profile sim:", "200 keys were not sent and are kept in")
        assert len(deck.sent()) == 1
        (path,) = (private_places / "state" / "resync").iterdir()
        lines = path.read_text().splitlines()
        assert [line for line in lines if not line.startswith("#")] == list(map(str, range(1500, 1700)))


async def test_every_answer_can_be_opened_from_the_account_and_from_the_activity(
    erp: RunningSimulator, tmp_path: Path
) -> None:
    told = {"status": "Warn", "explanation": "two were odd", "technical": "at ErpSync.Send()"}
    erp.state(superoffice={"outcomes": {"*": told}})
    async with console(erp) as deck:
        await begun(deck, key_file(tmp_path, 700))
        await deck.form.review()
        await deck.opens("2 calls with 700 keys")
        await confirm(deck)
        await deck.sees("2 of 2 calls sent: 2 applied · 700 of 700 keys went well")
        assert "▲ applied call 2 · 200 keys 1500-1699 · went well, with a warning" in await deck.read()
        await deck.press("enter")
        await deck.opens("the server's answers")
        await deck.sees("▲ call 1", "▲ call 2")
        await deck.press("k", "enter")
        await deck.opens("Call 1: the server's answer")
        await deck.press("t")
        await deck.sees("two were odd", "at ErpSync.Send()", "contact: 500 updated")
        await deck.press("escape", "escape", "q")
        await deck.opens("")
        await deck.activity.show()
        await deck.sees("call 2 of 2")
        await deck.press("enter")
        await deck.opens("call 2 of 2")
        said = await deck.read()
        assert "Explanation two were odd" in said
        assert "Technical at ErpSync.Send()" in said


async def test_what_is_left_is_reviewed_on_the_connection_as_it_is_now(
    erp: RunningSimulator, tmp_path: Path
) -> None:
    erp.fault("ForceResync=lost*1")
    async with console(erp, refresh={"connections": 1}) as deck:
        await begun(deck, key_file(tmp_path, 700))
        await deck.form.review()
        await deck.opens("2 calls with 700 keys")
        await confirm(deck)
        await deck.sees("? unknown call 1")
        erp.state(superoffice={"connections": {"1": {"active": False}}})
        heard = len(erp.received("POST", "GetAllConnections"))
        await deck.until(
            lambda: len(erp.received("POST", "GetAllConnections")) > heard + 1, "another list"
        )
        await deck.press("r")
        await deck.opens("1 call with 200 keys")
        said = await deck.read()
        assert "connection 1 is not active" in said
        assert "The connection has changed since: State active → inactive" in said


async def test_the_command_line_sends_many_keys_the_same_way(
    erp: RunningSimulator, tmp_path: Path
) -> None:
    async with console(erp) as deck:
        await deck.press("3")
        await deck.sees("Observed since")
        await deck.command(f"force-resync crm file={key_file(tmp_path, 700)} blanks=overwrite")
        await deck.opens("2 calls with 700 keys")
        await confirm(deck)
        await deck.sees("2 of 2 calls sent: 2 applied · 700 of 700 keys went well")
        assert [len(one["body"]["InternalKeyIds"]) for one in deck.sent()] == [500, 200]
        assert {one["path"] for one in deck.sent()} == {f"{AGENT}/ForceResync"}


async def test_a_file_that_cannot_be_read_is_told_and_nothing_is_sent(
    erp: RunningSimulator, tmp_path: Path
) -> None:
    async with console(erp) as deck:
        await begun(deck, tmp_path)
        await deck.form.review()
        await deck.until(lambda: "is a directory" in deck.form.error_at("or a file"), "refusal")
        (tmp_path / "latin").write_bytes(b"670\n\xe4\n")
        await deck.form.fill("or a file", str(tmp_path / "latin"))
        await deck.press("enter")
        await deck.sees("1 key · 1 bad line")
        await deck.form.fill("Keys", "5")
        await deck.form.review()
        await deck.until(lambda: "above as well" in deck.form.error_at("or a file"), "refusal")
        assert deck.sent() == []


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
            "gives no ErpInternalKey id",
        )
        (asked,) = erp.received("POST", "GetConnectionsAndDisplayFields")
        assert asked["body"] == {"CrmActorType": "Contact", "EntityId": 753}
        erp.fault("GetConnectionsAndDisplayFields=null")
        await deck.form.choose("Record", "Person")
        await deck.press("enter")
        await deck.sees("it answered with nothing")
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
        assert "queued" in deck.cursor_row()


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("status:404", "the Batch agent is not available here"),
        ("html", "web page"),
        ("null", "it answered with nothing"),
        ("wrong-types", "can be read"),
    ],
)
async def test_batch_tasks_that_cannot_be_told_are_said_to_be_so(
    erp: RunningSimulator, fault: str, told: str
) -> None:
    erp.fault(f"GetBatchTaskInfosByState={fault}")
    async with console(erp) as deck:
        await deck.press("3", "b")
        await deck.opens("Batch tasks")
        await deck.sees(told)
