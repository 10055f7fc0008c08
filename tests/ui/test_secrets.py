"""An option that may be a secret by its name is changed as any other, and its value is kept nowhere."""

from pathlib import Path

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator
from tui.paths import state_dir

OLD, NEW = "hunter-two", "correct-horse"


def with_secret(erp: RunningSimulator) -> None:
    """Temu's first option becomes one that is called a secret."""
    option = erp.world.jtl.kinds["Temu"].options[0]
    option.name, option.value = "API key", OLD


async def changed(deck: Console) -> None:
    await deck.workers.focus("Temu DE")
    await deck.press("e")
    await deck.form.fill("API key", NEW)


def files_with(*texts: str) -> list[Path]:
    found = [path for path in state_dir().rglob("*") if path.is_file()]
    return [path for path in found if any(text in path.read_text() for text in texts)]


async def test_it_is_sent_and_neither_reviewed_nor_recorded_in_clear_and_can_be_undone(
    erp: RunningSimulator, private_places: Path
) -> None:
    with_secret(erp)
    async with console(erp) as deck:
        await changed(deck)
        await deck.form.review()
        await deck.opens("Configure sync")
        await deck.sees("API key ••• → •••", '"Value": "•••"')
        await deck.press("Y")
        assert deck.dialog_trouble().endswith("Set JTL_TOKEN, JTL_OPTION_1 before you run it")
        copied = (state_dir() / "copied.txt").read_text()
        assert '"Value":"\'"$JTL_OPTION_1"\'"' in copied
        await deck.press("a")
        await deck.opens("")
        (sent,) = deck.sent()
        assert [one["Value"] for one in sent["body"]["Configs"]] == [NEW]
        assert files_with(OLD, NEW) == []
        await deck.refresh()
        await deck.press("enter")
        await deck.opens("Temu")
        assert NEW not in await deck.read()
        await deck.press("v")
        assert NEW not in await deck.read()
        await deck.press("q")
        await deck.press("u")
        await deck.press("enter")
        await deck.opens("Undo configure sync")
        await deck.press("a")
        await deck.opens("Undo · what this session changed")
        assert [one["Value"] for one in deck.sent()[-1]["body"]["Configs"]] == [OLD]
        assert files_with(OLD, NEW) == []


async def test_a_lost_answer_is_looked_for_and_told_without_it(
    erp: RunningSimulator, private_places: Path
) -> None:
    with_secret(erp)
    async with console(erp) as deck:
        erp.fault("POST .*/workers/=lost")
        await changed(deck)
        await deck.form.review()
        await deck.press("a")
        await deck.sees("answer lost; looked again: applied")
        assert files_with(OLD, NEW) == []
        assert files_with("API key is •••") != []


async def test_a_draft_keeps_what_else_was_typed_and_says_so(
    erp: RunningSimulator, private_places: Path
) -> None:
    with_secret(erp)
    async with console(erp) as deck:
        await changed(deck)
        await deck.form.fill("Stock reserve", "9")
        await deck.press("escape")
        await deck.sees("not kept, it may be a secret: API key. esc or F10 again discards it")
        await deck.press("escape")
        await deck.opens("")
        await deck.press("e")
        await deck.opens("Draft")
        assert files_with(OLD, NEW) == []
        await deck.sees("Stock reserve 9", "API key was typed, but not kept: it may be a secret")
        await deck.press("t")
        await deck.opens("Configure Temu")
        assert deck.form.text_of("API key") == OLD
        assert deck.form.text_of("Stock reserve") == "9"
