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


async def test_it_is_sent_and_neither_reviewed_nor_recorded_in_clear_so_it_cannot_be_undone(
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
        await deck.sees("may be a secret, which the audit trail does not hold")
        await deck.press("enter")
        assert deck.heading().startswith("Undo · ")
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
        await deck.sees("response lost; checked: applied")
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
        await deck.sees(
            "not saved in the draft because it may be a secret: API key. esc or F10 again discards it"
        )
        await deck.press("escape")
        await deck.opens("")
        await deck.press("e")
        await deck.opens("Draft")
        assert files_with(OLD, NEW) == []
        await deck.sees("Stock reserve 9", "API key not saved in the draft because it may be a secret")
        await deck.press("t")
        await deck.opens("Configure Temu")
        assert deck.form.text_of("API key") == OLD
        assert deck.form.text_of("Stock reserve") == "9"


async def test_s1_the_field_is_masked_and_a_key_reveals_it_until_the_focus_leaves(
    erp: RunningSimulator, private_places: Path
) -> None:
    with_secret(erp)
    async with console(erp) as deck:
        await deck.workers.focus("Temu DE")
        await deck.press("e")
        await deck.opens("Configure Temu")
        assert OLD not in deck.text()
        assert "reveal" not in deck.keys_offered()
        await deck.form.go_to("API key")
        assert "^r reveal" in deck.keys_offered()
        assert OLD not in deck.text()
        await deck.press("ctrl+r")
        await deck.sees(OLD)
        await deck.press("ctrl+r")
        await deck.loses(OLD)
        await deck.press("ctrl+r")
        await deck.sees(OLD)
        await deck.press("tab")
        await deck.loses(OLD)
        await deck.form.fill("API key", NEW)
        assert NEW not in deck.text()
        await deck.press("ctrl+r")
        await deck.sees(NEW)
        await deck.form.review()
        await deck.opens("Configure sync")
        assert NEW not in " ".join(deck.lines())
        await deck.press("escape")
        await deck.opens("Configure Temu")
        assert NEW not in deck.text()
        assert deck.form.text_of("API key") == NEW


async def test_s1_cut_and_copy_put_nothing_of_it_on_a_clipboard(
    erp: RunningSimulator, private_places: Path
) -> None:
    with_secret(erp)
    async with console(erp) as deck:
        await changed(deck)
        for revealing in ((), ("ctrl+r",)):
            await deck.form.fill("API key", NEW)
            await deck.press(*revealing, "home", "shift+end", "super+c")
            assert deck.app.clipboard == ""
            await deck.press("ctrl+x")
            assert deck.form.text_of("API key") == ""
            assert deck.app.clipboard == ""
        await deck.form.fill("Stock reserve", "7")
        await deck.press("end", "ctrl+v")
        assert deck.form.text_of("Stock reserve") == "7"
        assert deck.app.clipboard == ""
        await deck.press("home", "shift+end", "ctrl+x")
        assert deck.app.clipboard == "7"
        assert files_with(OLD, NEW) == []


async def test_s1_what_is_dragged_over_with_the_mouse_is_not_copied(
    erp: RunningSimulator, private_places: Path
) -> None:
    with_secret(erp)
    async with console(erp) as deck:
        await changed(deck)
        await deck.press("ctrl+r")
        await deck.sees(NEW)
        await deck.drag_over(NEW)
        await deck.press("super+c")
        assert NEW not in deck.app.clipboard
        await deck.press("ctrl+x")
        assert NEW not in deck.app.clipboard
        assert deck.form.text_of("API key") != NEW


async def test_s1_a_wrong_secret_is_refused_without_its_value(erp: RunningSimulator) -> None:
    with_secret(erp)
    erp.world.jtl.kinds["Temu"].options[0].type_name = "int"
    async with console(erp) as deck:
        await changed(deck)
        await deck.form.review()
        assert deck.form.error_at("API key") == "the value is not a whole number"
        assert NEW not in deck.text()


async def test_s1_of_a_secret_that_changed_elsewhere_no_version_is_shown(erp: RunningSimulator) -> None:
    with_secret(erp)
    async with console(erp, refresh={"workers": 60}) as deck:
        await changed(deck)
        erp.state(jtl={"workers": {"Temu DE": {"options": {"API key": "theirs-now"}}}})
        await deck.form.review()
        await deck.opens("Configure sync")
        await deck.press("a")
        await deck.opens("Changed elsewhere")
        said = await deck.read()
        assert "API key" in said
        assert [text for text in (OLD, NEW, "theirs-now") if text in said] == []
        await deck.press("c")
        await deck.opens("Configure Temu")
        assert deck.form.text_of("API key") == NEW
        assert NEW not in deck.text()


async def test_s1_for_several_syncs_the_value_of_a_secret_is_masked_too(erp: RunningSimulator) -> None:
    with_secret(erp)
    async with console(erp) as deck:
        await deck.workers.filter("temu")
        await deck.press("asterisk", "e")
        await deck.opens("Configure")
        await deck.form.fill("Option", "api key")
        await deck.form.fill("Value", NEW)
        assert deck.form.text_of("Value") == NEW
        assert NEW not in deck.text()
        await deck.press("home", "shift+end", "super+c")
        assert deck.app.clipboard == ""
        await deck.form.fill("Option", "")
        assert NEW not in deck.text()
        await deck.form.fill("Option", "api key")
        await deck.form.review()
        await deck.sees("•••")
        assert NEW not in await deck.read()


async def test_s1_a_command_with_a_secret_is_not_recalled(erp: RunningSimulator) -> None:
    with_secret(erp)
    async with console(erp) as deck:
        await deck.workers.focus("Temu DE")
        await deck.command("configure interval=10m")
        await deck.opens("Configure sync")
        await deck.press("escape")
        await deck.command(f'configure "API key"={NEW}')
        await deck.opens("Configure sync")
        assert NEW not in await deck.read()
        await deck.press("escape", "colon", "up")
        await deck.sees("configure interval=10m")
        assert NEW not in deck.text()
