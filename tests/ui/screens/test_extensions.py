"""Extensions: created, updated, disabled; only what was changed is sent."""

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator

HASH = "ab" * 64


async def opened(deck: Console, name: str) -> None:
    await deck.extensions.show()
    await deck.extensions.focus(name)
    await deck.press("e")
    await deck.opens("Update")


async def test_a_new_extension_is_pending_and_has_the_cursor(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.extensions.show()
        await deck.press("n")
        await deck.opens("New extension")
        assert deck.form.labels() == ["ExtensionId", "Version", "ManifestHash", "Hash a file"]
        await deck.form.fill("ExtensionId", "de.muster.zoll")
        await deck.form.fill("Version", "1.0.0")
        await deck.form.fill("ManifestHash", HASH)
        await deck.form.review()
        await deck.opens("Create extension · de.muster.zoll")
        said = await deck.read()
        assert "Warning" not in said
        assert "the extension as pending" in said
        assert deck.sent() == []
        await deck.press("a")
        await deck.opens("")
        (sent,) = deck.sent()
        assert (sent["method"], sent["path"]) == ("POST", "/erp/v1/extensions")
        assert sent["body"] == {
            "ExtensionId": "de.muster.zoll",
            "Version": "1.0.0",
            "ManifestHash": HASH,
        }
        await deck.until(lambda: "de.muster.zoll" in deck.cursor_row(), "cursor on the new row")
        assert "pending" in deck.cursor_row()
        await deck.press("j", "k")
        assert "de.muster.zoll" in deck.cursor_row()


async def test_what_is_missing_is_told_at_its_field(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.extensions.show()
        await deck.press("n")
        await deck.form.fill("Version", "1")
        await deck.form.review()
        assert deck.form.error_at("ExtensionId") == "ExtensionId is required"
        assert deck.form.error_at("ManifestHash") == "ManifestHash is required"
        assert deck.form.error_at("Version") == ""
        assert deck.sent() == []


async def test_an_extension_that_exists_is_warned_of_and_the_refusal_keeps_the_draft(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await deck.extensions.show()
        await deck.press("n")
        await deck.form.fill("ExtensionId", "de.muster.mahnlauf")
        await deck.form.fill("Version", "1")
        await deck.form.fill("ManifestHash", "nonsense")
        await deck.form.review()
        said = await deck.read()
        assert "de.muster.mahnlauf is already in the list" in said
        assert "ManifestHash is not 128 hexadecimal digits (8 characters)" in said
        await deck.press("a")
        await deck.sees("exists already")
        await deck.press("escape")
        await deck.opens("New extension")
        assert deck.form.text_of("ManifestHash") == "nonsense"
        assert len(deck.sent()) == 1


async def test_an_update_of_the_version_sends_the_version_alone(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await opened(deck, "de.muster.mahnlauf ")
        assert deck.form.labels() == ["Version", "ManifestHash", "Status", "Hash a file"]
        before = deck.form.text_of("Version")
        await deck.form.fill("Version", "9.9.9")
        await deck.form.review()
        said = await deck.read()
        assert f"Version {before} → 9.9.9" in said
        assert "ManifestHash " not in said.replace("ManifestHash stays the same", "")
        assert "a apply" in deck.keys_offered()
        await deck.press("a")
        await deck.opens("")
        (sent,) = deck.sent()
        row = next(
            r for r in erp.world.jtl.extensions.values() if r.extension_id == "de.muster.mahnlauf"
        )
        assert sent["method"] == "PATCH"
        assert sent["path"].endswith(f"/extensions/{row.id}")
        assert sent["body"] == {"Version": "9.9.9"}
        await deck.until(lambda: "9.9.9" in deck.cursor_row(), "new version in the row")


async def test_disabling_is_graded_as_disruptive(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await opened(deck, "active")
        await deck.form.fill("Status", "off")
        await deck.form.review()
        assert "write disabled, pending or active" in deck.form.error_at("Status")
        await deck.form.fill("Status", "disabled")
        await deck.form.review()
        await deck.opens("Update extension")
        assert "y confirm" in deck.keys_offered()
        assert "a apply" not in deck.keys_offered()
        await deck.press("a")
        assert deck.sent() == []
        await deck.press("y")
        await deck.opens("")
        assert [entry["body"] for entry in deck.sent()] == [{"Status": 0}]
        await deck.until(lambda: "disabled" in deck.cursor_row(), "row that is disabled")


async def test_a_hash_that_is_none_is_warned_of_but_can_be_sent(erp: RunningSimulator) -> None:
    text = "zz" * 64
    async with console(erp) as deck:
        await opened(deck, "de.muster.mahnlauf ")
        await deck.form.fill("ManifestHash", text)
        await deck.form.review()
        assert "ManifestHash is not 128 hexadecimal digits" in await deck.read()
        await deck.press("a")
        await deck.opens("")
        assert [entry["body"] for entry in deck.sent()] == [{"ManifestHash": text}]


async def test_pending_ones_stand_first_and_all_pages_are_listed(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.extensions.show()
        await deck.sees("25 extensions")
        words = [row.split()[1] for row in deck.rows()]
        assert words[0] == "pending"
        assert words == sorted(words, key=("pending", "disabled", "active").index)


async def test_a_deletion_wants_the_name_of_the_profile_and_hits_the_row_under_the_cursor(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await deck.extensions.show()
        await deck.extensions.focus("de.muster.mahnlauf ")
        await deck.press("D")
        await deck.opens("Delete extension · de.muster.mahnlauf")
        await deck.press("y", "a", "enter", "ctrl+u")
        assert deck.sent() == []
        (row_id,) = [
            r.id for r in erp.world.jtl.extensions.values() if r.extension_id == "de.muster.mahnlauf"
        ]
        await deck.press(*"sim", "enter")
        await deck.opens("")
        assert [(s["method"], s["path"].split("/")[-1]) for s in deck.sent()] == [("DELETE", row_id)]
        await deck.sees("24 extensions")
        await deck.press("e")
        assert deck.heading() == ""
        assert "the row under the cursor was removed" in deck.said("notice")


async def test_one_key_disables_what_is_active_and_activates_what_is_not(erp: RunningSimulator) -> None:
    rows = erp.world.jtl.extensions.values()
    active, pending = (next(row for row in rows if row.status == status) for status in (2, 1))
    async with console(erp) as deck:
        await deck.extensions.show()
        await deck.extensions.focus(active.extension_id)
        await deck.press("t")
        await deck.opens(f"Enable or disable · {active.extension_id}")
        assert "Status active → disabled" in await deck.read()
        assert "y confirm" in deck.keys_offered()
        await deck.press("y")
        await deck.opens("")
        await deck.extensions.focus(pending.extension_id)
        await deck.press("t")
        await deck.opens(f"Enable or disable · {pending.extension_id}")
        assert "Status pending → active" in await deck.read()
        await deck.press("a")
        await deck.opens("")
    assert [(one["method"], one["body"]) for one in deck.sent()] == [
        ("PATCH", {"Status": 0}),
        ("PATCH", {"Status": 2}),
    ]
    assert (active.status, pending.status) == (0, 2)
