"""`Y` in a review copies the request as a curl command; ctrl+y does so wherever letters are typed."""

from tests.drivers.console import console
from tests.drivers.simulator import RunningSimulator
from tui.paths import state_dir


def copied() -> str:
    """What stands in the copy file."""
    return (state_dir() / "copied.txt").read_text(encoding="utf-8")


async def test_the_request_is_copied_without_its_secret_and_nothing_is_sent(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        await deck.press("s")
        await deck.opens("Start sync")
        assert "Y curl" in deck.keys_offered()
        await deck.press("Y")
        assert "the request as a curl command" in deck.dialog_trouble()
        assert deck.dialog_trouble().endswith("Set JTL_TOKEN before you run it")
        assert copied().startswith(f"curl -i -X PUT {erp.cloud_base}/v1/workers/")
        assert '-H "Authorization: Bearer $JTL_TOKEN"' in copied()
        assert "sim-" not in copied().replace("syncdeck-simulator", "")
        assert deck.heading().startswith("Start sync")
        assert deck.sent() == []


async def test_where_a_name_must_be_typed_ctrl_y_copies_and_letters_are_typed(
    erp: RunningSimulator,
) -> None:
    async with console(erp, profile="acme", environment="production") as deck:
        await deck.press("x")
        await deck.sees("type acme and press enter")
        assert "^y curl" in deck.keys_offered()
        await deck.press("Y", "ctrl+y")
        assert deck.form.typed() == "Y"
        assert "the request as a curl command" in deck.dialog_trouble()
        assert "--data-raw '{\"Action\":1}'" in copied()


async def test_a_resync_needs_the_token_of_superoffice(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.press("3", "f")
        await deck.form.fill("Source", "1")
        await deck.form.fill("Keys", "670")
        await deck.form.review()
        await deck.press("ctrl+y")
        assert "Set SUPEROFFICE_TOKEN before you run it" in deck.dialog_trouble()
        assert '"Authorization: Bearer $SUPEROFFICE_TOKEN"' in copied()


async def test_a_request_that_is_not_known_yet_is_not_copied(erp: RunningSimulator) -> None:
    erp.fault("GET .*/extensions.*=status:503")
    async with console(erp) as deck:
        await deck.press("2", "n")
        await deck.form.fill("ExtensionId", "de.muster.zoll")
        await deck.form.fill("Version", "1")
        await deck.form.fill("ManifestHash", "ab" * 64)
        await deck.form.review()
        await deck.press("Y")
        assert "the API version of this server is not known yet" in deck.dialog_trouble()
        assert not (state_dir() / "copied.txt").exists()
