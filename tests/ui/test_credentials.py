"""`A`: a credential is given anew without leaving the screen, and what it is stays unseen."""

import asyncio
import json
import os
from functools import partial
from pathlib import Path

from tests.api.auth.test_secret_resolver import ended
from tests.drivers.console import Console, console, launch_for, write_config
from tests.drivers.console import started as started_on_launch
from tests.drivers.simulator import RunningSimulator
from tui.paths import config_path, state_dir

WRONG = "hunter-two-which-is-wrong"


def rotate(name: str, secret: str) -> None:
    """Another secret in the file that the config names."""
    (config_path().parent / name).write_text(secret)


def files_with(text: str, below: Path) -> list[Path]:
    return [path for path in below.rglob("*") if path.is_file() and text in path.read_text()]


async def refused(deck: Console, erp: RunningSimulator) -> None:
    """SuperOffice takes no login any more, and its screen says so."""
    await deck.press("3")
    erp.fault("ErpSync=status:401")
    await deck.refresh()
    await deck.until(lambda: "login refused" in deck.chip(), "chip without authorisation")


async def authorise(deck: Console) -> None:
    await deck.press("A")
    await deck.opens("Credentials · sim")


async def test_it_lists_every_credential_with_its_source_and_how_it_fared(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await authorise(deck)
        await deck.sees("JTL-Wawi client secret accepted", "SuperOffice token accepted")
        await deck.sees("secret file", "accepted 20")
        said = deck.text()
        assert erp.client_secret not in said
        assert erp.so_token not in said


async def test_a_rotated_file_is_live_again_at_the_next_poll_without_a_key(
    erp: RunningSimulator,
) -> None:
    async with console(erp, refresh={"engine": 1}) as deck:
        rotate("superoffice", WRONG)
        erp.fault("ErpSync=status:401*2")
        await deck.press("3")
        await deck.until(lambda: "login refused" in deck.chip(), "chip without authorisation")
        assert "press A to re-enter the credentials" in deck.said("trouble")
        rotate("superoffice", erp.so_token)
        await deck.until(lambda: deck.chip() == "live", "live chip")
        assert deck.said("trouble") == ""


async def test_a_source_is_read_again_and_the_same_row_stays_selected(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        row = deck.cursor_row()
        rotate("jtl", WRONG)
        erp.fault("/workers=expired")
        await deck.refresh()
        await deck.until(lambda: "login refused" in deck.chip(), "chip without authorisation")
        erp.clear_faults()
        rotate("jtl", erp.client_secret)
        await authorise(deck)
        assert "client secret" in deck.choice()
        await deck.press("r")
        await deck.until(
            lambda: deck.dialog_trouble().endswith("JTL-Wawi accepts it"), "an accepted credential"
        )
        await deck.press("escape")
        await deck.opens("")
        await deck.until(lambda: deck.chip() == "live", "live chip")
        assert deck.cursor_row() == row


async def test_a_reading_that_fails_tells_why_and_another_one_is_refused_with_its_reason(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await deck.press("4")
        await authorise(deck)
        await deck.press("j")
        (config_path().parent / "superoffice").unlink()
        await deck.press("r")
        await deck.until(lambda: "no such file" in deck.dialog_trouble(), "the reason")
        rotate("superoffice", WRONG)
        await deck.press("r")
        await deck.until(
            lambda: "a different one, but SuperOffice refused" in deck.dialog_trouble(),
            "the refusal",
        )
        assert "refused" in deck.choice()
        assert WRONG not in deck.text()


async def test_what_is_typed_is_used_and_kept_nowhere(
    erp: RunningSimulator, private_places: Path
) -> None:
    rotated = "a-token-typed-by-hand"
    async with console(erp) as deck:
        await refused(deck, erp)
        erp.clear_faults()
        await authorise(deck)
        assert "SuperOffice" in deck.choice()

        def says(text: str) -> bool:
            return text in deck.dialog_trouble()

        for typed, said in ((rotated, "refused the login"), (erp.so_token, "SuperOffice accepts it")):
            await deck.press("i")
            await deck.opens("Type the token of SuperOffice")
            await deck.paste(typed)
            assert typed not in deck.text()
            await deck.press("shift+home", "ctrl+x")
            assert typed not in deck.app.clipboard
            await deck.paste(typed)
            await deck.press("enter")
            await deck.opens("Credentials")
            await deck.until(partial(says, said), said)
        assert "typed, accepted" in deck.choice()
        await deck.press("escape")
        await deck.until(lambda: deck.chip() == "live", "live chip")
    sent = [one["headers"].get("authorization") for one in erp.received("POST", "ErpSync")]
    assert f"Bearer {rotated}" in sent
    assert sent[-1] == f"Bearer {erp.so_token}"
    assert files_with(rotated, private_places) == []
    assert not (state_dir() / "drafts").exists()


async def test_what_can_be_no_secret_is_not_taken(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await authorise(deck)
        await deck.press("i")
        await deck.opens("Type the client secret")
        await deck.press("enter")
        await deck.opens("Credentials")
        assert "the typed secret is empty" in deck.dialog_trouble()
        assert "typed" not in deck.choice()


async def test_it_works_on_every_screen_while_nothing_is_wrong(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        for key in "123456":
            await deck.press(key)
            await authorise(deck)
            await deck.press("escape")
            await deck.opens("")


def with_slow_program(path: Path, folder: Path) -> tuple[Path, Path]:
    """Let a program print the token of `sim`: where it says that it runs, and what it prints."""
    started, says = folder / "started", folder / "says"
    os.mkfifo(started)
    os.mkfifo(says)
    command = json.dumps(["sh", "-c", f"echo $$ > {started}; exec cat {says}"])
    others, own = path.read_text().split("[profiles.sim]")
    own = own.replace('token = { file = "superoffice" }', f"token = {{ command = {command} }}")
    path.write_text(f"{others}[profiles.sim]{own}")
    return started, says


async def test_t4_a_program_of_a_profile_that_was_left_is_ended_and_its_secret_used_nowhere(
    erp: RunningSimulator, tmp_path: Path
) -> None:
    path = write_config(erp, others={"other": "development"})
    started, _ = with_slow_program(path, tmp_path)
    async with started_on_launch(launch_for(path), erp) as deck:
        pid = int(await asyncio.to_thread(started.read_text))
        await deck.until(lambda: bool(deck.cursor_row()), "row under a cursor")
        await deck.press("P")
        await deck.opens("Profiles")
        await deck.press("home", "enter")
        await deck.until(lambda: "other" in deck.lines()[0], "the other profile")
        await deck.press("3")
        await deck.until(lambda: deck.chip() == "live", "live chip")
        await ended(pid)
        await deck.press("A")
        await deck.opens("Credentials · other")
        await deck.sees("SuperOffice token accepted")


async def test_t4_what_is_typed_while_a_slow_program_is_read_is_used_and_accepted(
    erp: RunningSimulator, tmp_path: Path
) -> None:
    path = write_config(erp)
    started, says = with_slow_program(path, tmp_path)
    async with started_on_launch(launch_for(path), erp) as deck:
        first = await asyncio.to_thread(started.read_text)
        assert first
        await asyncio.to_thread(says.write_text, WRONG)
        # It was refused: its program runs again, and is waited for.
        await asyncio.to_thread(started.read_text)
        await deck.press("3")
        await authorise(deck)
        await deck.until(lambda: "SuperOffice" in deck.choice(), "the refused one")
        for _ in range(2):
            await deck.press("r")
            await asyncio.to_thread(started.read_text)
            await deck.press("i")
            await deck.opens("Type the token of SuperOffice")
            await deck.paste(erp.so_token)
            await deck.press("enter")
            await deck.opens("Credentials")
            await deck.until(lambda: "SuperOffice accepts it" in deck.dialog_trouble(), "accepted")
            await deck.until(lambda: "typed, accepted" in deck.choice(), "its result")
            assert "refused" not in deck.choice()
        await deck.press("escape")
        await deck.until(lambda: deck.chip() == "live", "live chip")
    sent = [one["headers"].get("authorization") for one in erp.received("POST", "ErpSync")]
    assert set(sent) == {f"Bearer {WRONG}", f"Bearer {erp.so_token}"}
    assert sent[-1] == f"Bearer {erp.so_token}"
