"""What was typed and not sent is kept, offered when its target is opened again, and then goes on."""

import json
from pathlib import Path

from textual import events

from tests.drivers.console import Console, console, started
from tests.drivers.simulator import RunningSimulator
from tests.ui.test_profiles import TWO
from tui.launch import Launch, RunOptions
from tui.paths import state_dir
from tui.ui.modals.review.conflict import CHANGED_AGAIN


async def form(deck: Console, channel: str = "Temu DE") -> None:
    await deck.workers.focus(channel)
    await deck.press("e")
    await deck.opens("Configure")


async def left(deck: Console) -> None:
    await form(deck)
    await deck.form.fill("Interval", "10m")
    await deck.form.fill("Account", "ours")
    await deck.press("escape")
    await deck.opens("")


async def offered(deck: Console) -> None:
    await deck.workers.focus("Temu DE")
    await deck.press("e")
    await deck.opens("Draft · Configure Temu · Temu DE")


def files() -> list[Path]:
    return sorted((state_dir() / "drafts" / "sim").glob("*"))


async def test_a_form_that_is_left_is_kept_privately_and_offered_again(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await left(deck)
        await deck.sees("draft saved: Configure Temu · Temu DE; e opens it again")
        await offered(deck)
        said = await deck.read()
        assert "Interval 10m" in said
        assert "Account ours" in said
        assert " ago" in said
        await deck.press("t")
        await deck.opens("Configure Temu")
        assert deck.form.text_of("Interval") == "10m"
        assert deck.form.text_of("Account") == "ours"
        await deck.until(lambda: len(files()) == 1, "one file, written whole")
        (path,) = files()
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
        await deck.form.review()
        await deck.opens("Configure sync")
        await deck.press("a")
        await deck.opens("")
        (sent,) = deck.sent()
        assert sent["body"]["Interval"] == "00:10:00"
        await deck.refresh()
        await form(deck)
        assert deck.form.text_of("Interval") == "00:10:00"
    assert files() == []


async def test_a_draft_is_there_after_a_new_start_and_only_for_its_own_profile_and_target(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await left(deck)
    assert len(files()) == 1
    async with console(erp, profile="other") as deck:
        await form(deck)
        assert deck.heading() == "Configure Temu · Temu DE"
    assert len(files()) == 1
    async with console(erp) as deck:
        await form(deck, "Hauptshop")
        assert deck.heading() == "Configure Shop · Hauptshop"
        await deck.press("escape")
        await deck.opens("")
        await offered(deck)
        await deck.press("escape")
        await deck.opens("")
        await offered(deck)
        await deck.press("d")
        await deck.opens("Configure Temu")
        assert deck.form.text_of("Account") == "main"
    assert files() == []


async def test_what_was_typed_is_kept_though_the_console_ends_in_the_form(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await form(deck)
        await deck.form.fill("Account", "ours")
    (path,) = files()
    assert [text for _, _, text in json.loads(path.read_text())["texts"]] == ["ours"]
    name, interval, *_ = json.loads(path.read_text())["opened"]
    assert name[1:] == ["Name", "Temu · Temu DE"]
    assert interval == ["Interval", "Interval", "5m"]


async def test_a_draft_of_a_target_that_changed_goes_on_by_way_of_three_versions(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await left(deck)
        erp.state(jtl={"workers": {"Temu DE": {"interval": 420, "options": {"Stock reserve": "9"}}}})
        await deck.until(lambda: "7m" in deck.cursor_row(), "new interval in the row")
        for key in ("escape", "f10"):
            await offered(deck)
            await deck.press("t")
            await deck.opens("Changed elsewhere")
            await deck.press(key)
            await deck.opens("")
        await offered(deck)
        await deck.press("t")
        await deck.opens("Changed elsewhere")
        said = await deck.read()
        assert "changed elsewhere since the draft was written" in said
        assert "Interval 5m 7m 10m ✖ collision" in said
        await deck.press("c")
        await deck.opens("Configure Temu")
        assert deck.form.text_of("Stock reserve") == "9"
        assert deck.form.text_of("Interval") == "10m"
        await deck.form.review()
        await deck.opens("Configure sync")
        assert "Interval 7m → 10m" in await deck.read()


async def test_a_draft_goes_on_with_what_the_server_has_by_then(erp: RunningSimulator) -> None:
    async with console(erp, refresh={"workers": 60}) as deck:
        await left(deck)
        erp.state(jtl={"workers": {"Temu DE": {"interval": 420}}})
        await deck.refresh()
        await offered(deck)
        await deck.press("t")
        await deck.opens("Changed elsewhere")
        erp.state(jtl={"workers": {"Temu DE": {"interval": 3600}}})
        await deck.press("c")
        await deck.sees(CHANGED_AGAIN)
        await deck.press("c")
        await deck.opens("Configure Temu")
        await deck.form.review()
        await deck.opens("Configure sync")
        assert "Interval 1h → 10m" in await deck.read()


async def test_a_form_that_goes_on_from_a_draft_has_its_keys_in_a_small_window(
    erp: RunningSimulator,
) -> None:
    async with console(erp, size=(40, 10)) as deck:
        await left(deck)
        await offered(deck)
        await deck.press("t")
        await deck.opens("Configure Temu")
        assert "F2 ^s review" in deck.keys_offered()
        assert "╰" in deck.lines()[-1]


async def test_a_form_whose_text_is_as_it_was_again_leaves_no_draft(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await form(deck)
        await deck.form.fill("Account", "ours")
        await deck.form.fill("Account", "main")
        await deck.press("escape")
        await deck.opens("")
        assert deck.said("notice") == ""
        await form(deck)
        assert deck.heading() == "Configure Temu · Temu DE"
    assert files() == []


async def test_a_letter_typed_ahead_into_the_form_decides_nothing_about_a_draft(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await left(deck)
        await deck.workers.focus("Temu DE")
        for key in "ed":
            deck.app.post_message(events.Key(key, key))
        await deck.opens("Draft ·")
        await deck.until(lambda: deck.app.typed.at_rest, "rest")
        assert deck.heading() == "Draft · Configure Temu · Temu DE"
    assert len(files()) == 1


async def test_a_refused_write_keeps_the_draft(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await form(deck)
        await deck.form.fill("Interval", "10s")
        await deck.form.review()
        await deck.press("a")
        await deck.opens("Configure Temu")
        await deck.press("escape")
        await deck.opens("")
        await offered(deck)
        await deck.sees("Interval 10s")


async def test_a_lost_connection_keeps_the_draft(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await form(deck)
        await deck.form.fill("Interval", "10m")
        erp.stop()
        await deck.form.review()
        await deck.opens("Configure sync")
        await deck.press("a")
        await deck.sees("nothing was sent: the target could not be read again")
        await deck.press("escape", "escape")
        await deck.opens("")
        await deck.sees("draft saved")
        erp.start()
    assert len(files()) == 1


async def test_a_new_extension_is_kept_as_a_draft_too(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.extensions.show()
        await deck.press("n")
        await deck.opens("New extension")
        await deck.form.fill("ExtensionId", "shop.new")
        await deck.press("escape")
        await deck.sees("draft saved: New extension; n opens it again")
        await deck.press("n")
        await deck.opens("Draft · New extension")
        await deck.press("t")
        await deck.opens("New extension")
        assert deck.form.text_of("ExtensionId") == "shop.new"


async def test_a_broken_draft_is_set_aside_and_said(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await left(deck)
    (path,) = files()
    path.write_text('{"schema": 1, "operation"')
    async with console(erp) as deck:
        await deck.sees("an invalid draft was set aside")
        await form(deck)
        assert deck.heading() == "Configure Temu · Temu DE"
    (aside,) = files()
    assert aside.name.endswith(".broken")


async def test_a_disk_that_takes_nothing_is_said_and_the_draft_stays_until_the_end(
    erp: RunningSimulator,
) -> None:
    state_dir().mkdir(parents=True)
    (state_dir() / "drafts").write_text("a file in the way")
    async with console(erp, others=TWO) as deck:
        await form(deck)
        await deck.form.fill("Account", "ours")
        await deck.until(lambda: bool(deck.app.session.drafts.trouble), "trouble")  # type: ignore[union-attr] # connected
        await deck.press("escape")
        await deck.sees("draft saved until you quit", "drafts cannot be written")
        await offered(deck)
        await deck.press("escape")
        await deck.opens("")
        # It would be lost: that is asked once, and a disk that takes it in the end has it.
        await deck.press("P")
        await deck.sees("the draft of Temu · Temu DE is not saved", "Press again to switch without it")
        await deck.press("q")
        await deck.sees("the draft of Temu · Temu DE is not saved: drafts cannot be written", "to quit")
        assert not deck.app.has_left
        (state_dir() / "drafts").unlink()
        await deck.press("q")
        await deck.until(lambda: deck.app.has_left, "the end")
    assert len(files()) == 1


async def test_the_demo_keeps_drafts_until_it_ends(erp: RunningSimulator, private_places: Path) -> None:
    from tui.wiring import demo_core, demo_facts

    options = RunOptions()
    launch = Launch(
        facts=demo_facts(options),
        make_core=None,
        demo_core=lambda: demo_core(options),
        mouse=False,
        slow=False,
        config_path=private_places / "none.toml",
    )
    async with started(launch) as deck:
        await deck.until(lambda: bool(deck.cursor_row()), "row under a cursor")
        await left(deck)
        await deck.sees("draft saved until you quit: Configure Temu · Temu DE")
        await offered(deck)
    assert not state_dir().exists()
