"""A forced resync of many keys in calls that follow one another."""

from pathlib import Path

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator
from tests.ui.modals.test_resync import AGENT, confirm, filled, opened, refused
from tui.domain.superoffice.resync_request import MOST_IN_CALL

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


async def test_enter_at_a_file_reads_it_and_goes_on_to_what_was_found(
    erp: RunningSimulator, tmp_path: Path
) -> None:
    good = key_file(tmp_path, 30).rename(tmp_path / "good.txt")
    async with console(erp) as deck:
        await begun(deck, good)
        await deck.press("enter")
        await deck.sees("30 keys")
        await deck.until(lambda: deck.form.focused == "Empty source values", "focus after the file")
        assert "skip invalid lines" not in deck.text()
        await deck.form.fill("or a file", str(key_file(tmp_path, 30, 3)))
        await deck.press("enter")
        await deck.sees("30 keys · 3 bad lines")
        await deck.until(lambda: deck.form.focused == "Invalid lines", "focus on what was found")
        await deck.sees("skip invalid lines")


async def test_lines_are_numbered_once_there_are_any(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await opened(deck)
        assert "Keys or a file" in deck.text()
        await deck.form.go_to("Keys")
        await deck.paste("670\n47")
        await deck.sees("Keys 1 670 2 47")
        await deck.press(*["backspace"] * 6)
        await deck.loses("Keys 1")


async def test_3000_lines_with_37_bad_ones_and_a_fault_in_the_middle_lose_no_account(
    erp: RunningSimulator, tmp_path: Path
) -> None:
    erp.fault("ForceResync=slow:0*3")
    erp.fault("ForceResync=lost*1")
    async with console(erp) as deck:
        await begun(deck, key_file(tmp_path, 2_963, 37))
        await deck.press("enter")
        await deck.sees("calls ForceResyncNoBlankValues 6 times · 3,000 lines · 2,963 keys · 37 bad")
        await deck.form.review()
        await deck.sees("line 8: 'bad0' is not a number; line 88")
        assert "35 more" in deck.form.error_at("Invalid lines")
        await deck.press("f4")
        await deck.opens("Key list: 3,000 lines · 2,963 keys · 37 bad lines")
        assert "line 2888 'bad36' is not a number" in await deck.read()
        await deck.press("q")
        assert deck.sent() == []
        await deck.form.choose("Invalid lines", "skip")
        await deck.form.review()
        await deck.opens("6 calls with 2,963 keys")
        assert (
            "Key list: 3,000 lines · 2,963 keys · 37 bad lines. Warning 37 bad lines left" in deck.text()
        )
        said = await deck.read()
        assert "it stops at the first failure" in said
        assert "37 bad lines left out" in said
        await confirm(deck)
        await deck.sees(
            "4 of 6 calls sent: 3 applied, 1 unknown · 2 not sent", "1,500 of 2,963 keys succeeded"
        )
        sent = [key for one in deck.sent() for key in one["body"]["InternalKeyIds"]]
        assert sent == list(range(1000, 3000))
        account = await deck.read()
        assert "? unknown call 4 · 500 keys 2500-2999" in account
        assert "○ not sent call 5 · 500 keys 3000-3499" in account
        # Resumed: the rest alone, the unknown one only where it is chosen.
        await deck.press("r")
        await deck.opens("2 calls with 963 keys")
        assert "2,963" not in await deck.read()
        await confirm(deck)
        await deck.sees("6 of 6 calls sent: 5 applied, 1 unknown · 2,463 of 2,963 keys succeeded")
        assert deck.heading() == "Forced resync · 6 calls with 2,963 keys"
        sent = [key for one in deck.sent() for key in one["body"]["InternalKeyIds"]]
        assert sent == list(range(1000, 3963))
        await deck.press("u")
        await deck.opens("1 call with 500 keys")
        assert "these calls took effect is unknown" in await deck.read()
        await confirm(deck)
        await deck.sees("6 of 6 calls sent: 6 applied · 2,963 of 2,963 keys succeeded")
        assert deck.sent()[-1]["body"]["InternalKeyIds"] == list(range(2500, 3000))
        await deck.press("q")
        await deck.opens("")
        await deck.press("5")
        await deck.sees("? unknown", "call 6 of ")


async def test_d1_a_file_is_one_key_a_line_and_more_keys_than_lines_are_confirmed_by_themselves(
    erp: RunningSimulator, tmp_path: Path
) -> None:
    path = tmp_path / "keys.txt"
    path.write_text("10001\n100-102\n1,234\n")
    async with console(erp) as deck:
        await begun(deck, path)
        await deck.press("enter")
        await deck.sees("3 lines · 1 key · 2 bad lines")
        await refused(deck, "Invalid lines", "line 2: '100-102' is a range or a phone number")
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
        await deck.opens("the server's response")
        assert deck.sent()[0]["body"]["InternalKeyIds"] == [10001, 100, 101, 102, 103, 1, 234]


async def test_d2_a_header_in_a_file_of_quoted_keys_is_asked_about(
    erp: RunningSimulator, tmp_path: Path
) -> None:
    path = tmp_path / "keys.csv"
    path.write_text('"ErpKey"\r\n"10001"\r\n"10002"\r\n')
    skipped = "line 1 left out as the header: 'ErpKey'"
    async with console(erp) as deck:
        await filled(deck, "1", "", Scope="external keys")
        await deck.form.fill("or a file", str(path))
        await deck.press("enter")
        await deck.until(lambda: deck.form.focused == "First line", "focus on First line")
        await refused(deck, "First line", "line 1, 'ErpKey', looks like a header")
        await deck.form.choose("First line", "key")
        await deck.form.review()
        await deck.opens("Forced resync ·")
        assert skipped not in await deck.read()
        await deck.sees("ErpKey, 10001, 10002")
        await deck.press("escape")
        await deck.opens("Forced resync")
        await deck.form.choose("First line", "skip")
        await deck.form.review()
        await deck.opens("Forced resync ·")
        assert skipped in await deck.read()
        await confirm(deck)
        await deck.opens("the server's response")
        assert deck.sent()[0]["body"]["ExternalKeys"] == ["10001", "10002"]


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
        await deck.until(lambda: bool(erp.received("POST", "/ForceResync")), "request")
        await deck.press("x")
        await deck.sees("stopped: requests under way will finish")
        erp.stop()
        await deck.sees("? unknown call 1", "○ not sent call 2", "stopped")
        await deck.press("q")
        await deck.sees("501 keys were not sent and are kept in", "Press again to close it")
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
        await deck.sees("3 of 3 calls sent: 1 unknown, 2 applied · 501 of 1,001 keys succeeded")
        await deck.until(lambda: not list(folder.iterdir()), "file that is gone")


async def test_another_profile_takes_nothing_of_what_was_left_away(
    erp: RunningSimulator, tmp_path: Path, private_places: Path
) -> None:
    erp.hold("ForceResync")
    async with console(erp, others={"shop": "development"}) as deck:
        await begun(deck, key_file(tmp_path, 700))
        await deck.form.review()
        await deck.opens("2 calls with 700 keys")
        await confirm(deck)
        await deck.until(lambda: bool(erp.received("POST", "/ForceResync")), "call on its way")
        await deck.press("q", "P", "k", "enter")
        await deck.until(lambda: "shop" in deck.lines()[0], "the other profile")
        erp.let_go()
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
        await deck.sees("2 of 2 calls sent: 2 applied · 700 of 700 keys succeeded")
        assert "▲ applied call 2 · 200 keys 1500-1699 · succeeded, with a warning" in await deck.read()
        await deck.press("enter")
        await deck.opens("the server's responses")
        await deck.sees("▲ call 1", "▲ call 2")
        await deck.press("k", "enter")
        await deck.opens("Call 1: the server's response")
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
        await deck.sees("2 of 2 calls sent: 2 applied · 700 of 700 keys succeeded")
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
