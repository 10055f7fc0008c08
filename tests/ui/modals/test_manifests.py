"""Manifest files: hashed into the form, compared with the stored hash, pushed as they were read."""

import asyncio
import hashlib
from pathlib import Path
from typing import Any

import pytest

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator
from tui.ops.files.manifest_files import hash_file, read_file
from tui.paths import state_dir
from tui.ui.forms import hash_field as hashing
from tui.ui.forms import push_manifest as manifest_form

NAME = "de.muster.mahnlauf"
CONTENT = b'{"id": "de.muster.mahnlauf"}\n'
HASH = hashlib.sha512(CONTENT).hexdigest()


@pytest.fixture
def manifest(private_places: Path) -> Path:
    """A manifest in the home directory, and its signature beside it."""
    home = private_places / "home"
    (home / "manifest.sig").write_bytes(b"\x00signed")
    (home / "manifest.json").write_bytes(CONTENT)
    return home / "manifest.json"


def row(erp: RunningSimulator) -> Any:
    """The extension as the simulator holds it."""
    return next(r for r in erp.world.jtl.extensions.values() if r.extension_id == NAME)


def kept_drafts() -> list[str]:
    return [path.read_text() for path in (state_dir() / "drafts" / "sim").glob("*.json")]


def rewrite(file: Path, content: bytes | None) -> None:
    """Give the file another content, or remove it."""
    file.unlink()
    if content is not None:
        file.write_bytes(content)


async def opened(deck: Console, key: str) -> None:
    await deck.extensions.show()
    await deck.extensions.focus(f"{NAME} ")
    await deck.press(key)
    await deck.opens(NAME)


async def test_a_file_is_hashed_into_manifest_hash_on_enter(
    erp: RunningSimulator, manifest: Path
) -> None:
    async with console(erp) as deck:
        await opened(deck, "e")
        await deck.form.fill("Hash a file", "~/manifest.json")
        await deck.press("enter")
        await deck.sees("differs from stored · 29 bytes · manifest.json")
        assert deck.form.text_of("ManifestHash") == HASH
        assert deck.form.focused == "Hash a file"
        await deck.form.review()
        said = await deck.read()
        assert "Hash a file" not in said
        assert "Warning" not in said
        await deck.press("a")
        await deck.opens("")
        assert [entry["body"] for entry in deck.sent()] == [{"ManifestHash": HASH}]


async def test_the_same_hash_leaves_nothing_to_send(erp: RunningSimulator, manifest: Path) -> None:
    row(erp).manifest_hash = HASH.upper()
    async with console(erp) as deck:
        await opened(deck, "e")
        await deck.form.fill("Hash a file", "~/manifest.json")
        await deck.press("enter")
        await deck.sees("same as stored · 29 bytes · manifest.json")
        assert deck.form.text_of("ManifestHash") == HASH.upper()
        await deck.form.review()
        assert "no changes" in deck.dialog_trouble()


async def test_the_review_hashes_what_was_named_and_not_hashed_yet(
    erp: RunningSimulator, manifest: Path
) -> None:
    async with console(erp) as deck:
        await deck.extensions.show()
        await deck.press("n")
        await deck.form.fill("ExtensionId", "de.muster.zoll")
        await deck.form.fill("Version", "1.0.0")
        await deck.form.fill("Hash a file", "~/manifest.json")
        await deck.form.review()
        await deck.opens("Create extension · de.muster.zoll")
        assert HASH[:40] in await deck.read()
        await deck.press("a")
        await deck.opens("")
        (sent,) = deck.sent()
        assert sent["body"] == {
            "ExtensionId": "de.muster.zoll",
            "Version": "1.0.0",
            "ManifestHash": HASH,
        }


async def test_a_hash_that_is_written_over_by_hand_stays(erp: RunningSimulator, manifest: Path) -> None:
    async with console(erp) as deck:
        await opened(deck, "e")
        await deck.form.fill("Hash a file", "~/manifest.json")
        await deck.press("enter")
        await deck.sees("differs from stored")
        await deck.form.fill("ManifestHash", "cd" * 64)
        await deck.form.review()
        await deck.opens("Update extension")
        await deck.press("a")
        await deck.opens("")
        assert [entry["body"] for entry in deck.sent()] == [{"ManifestHash": "cd" * 64}]


async def test_a_path_that_cannot_be_read_is_said_at_its_field(
    erp: RunningSimulator, manifest: Path
) -> None:
    async with console(erp) as deck:
        await opened(deck, "e")
        before = deck.form.text_of("ManifestHash")
        await deck.form.fill("Version", "9.9.9")
        for ask in ("enter", "f2"):
            await deck.form.fill("Hash a file", "~/manifst.json")
            await deck.press(ask)
            await deck.sees("~/manifst.json cannot be read: No such file or directory")
            assert deck.form.error_at("Hash a file").startswith("~/manifst.json cannot be read")
            assert deck.form.focused == "Hash a file"
            assert deck.heading().startswith("Update")
            assert deck.form.text_of("ManifestHash") == before
            await deck.form.fill("Hash a file", "")
            assert deck.form.error_at("Hash a file") == ""
        await deck.form.review()
        await deck.opens("Update extension")


async def test_a_lower_version_and_a_kept_hash_are_warned_of(erp: RunningSimulator) -> None:
    row(erp).version = "2.10.0"
    async with console(erp) as deck:
        await opened(deck, "e")
        await deck.form.fill("Version", "2.9.0")
        await deck.form.review()
        said = await deck.read()
        assert "the version goes down: 2.10.0 → 2.9.0" in said
        assert "the version changes, but ManifestHash stays the same" in said
        await deck.press("escape")
        await deck.form.fill("Version", "2.11.0")
        await deck.form.fill("ManifestHash", "ab" * 64)
        await deck.form.review()
        assert "Warning" not in await deck.read()


async def push(deck: Console) -> None:
    await opened(deck, "m")
    await deck.form.fill("Manifest file", "~/manifest.json")
    await deck.form.fill("Signature file", "~/manifest.sig")


async def test_a_manifest_is_pushed_as_it_was_read_and_its_content_is_not_shown(
    erp: RunningSimulator, manifest: Path
) -> None:
    row(erp).manifest_hash = HASH.upper()
    async with console(erp) as deck:
        await push(deck)
        await deck.press("enter")
        await deck.form.review()
        await deck.opens(f"Push manifest · {NAME}")
        said = await deck.read()
        assert "29 bytes · manifest.json" in said
        assert "same as stored" in said
        assert "7 bytes · manifest.sig" in said
        assert '"Manifest": "•••"' in said
        assert "Warning" not in said
        assert "the old one cannot be read back" in said
        rewrite(manifest, b"changed since")
        await deck.press("y")
        await deck.opens("")
        (sent,) = deck.sent()
        assert (sent["method"], sent["status"]) == ("PUT", 204)
        assert sent["path"].endswith(f"/extensions/{row(erp).id}/manifest")
        assert set(sent["body"]) == {"Manifest", "Signature"}
        assert "applied" in deck.said("notice")


async def test_a_hash_that_differs_is_warned_of_and_the_412_says_what_to_do(
    erp: RunningSimulator, manifest: Path
) -> None:
    async with console(erp) as deck:
        await push(deck)
        await deck.form.review()
        await deck.opens("Push manifest ·")
        await deck.sees(HASH[:30])
        assert "the server will return 412; update the hash first" in await deck.read()
        await deck.press("y")
        await deck.sees("the manifest's signature or hash is invalid (412)")
        assert "Set ManifestHash to its SHA-512" in deck.dialog_trouble()
        await deck.press("escape")
        assert deck.form.text_of("Manifest file") == "~/manifest.json"
        assert len(deck.sent()) == 1


async def test_the_files_are_read_anew_for_every_review(erp: RunningSimulator, manifest: Path) -> None:
    async with console(erp) as deck:
        await push(deck)
        await deck.form.review()
        await deck.sees("29 bytes · manifest.json")
        await deck.press("escape")
        rewrite(manifest, b"{}")
        await deck.form.review()
        await deck.sees("2 bytes · manifest.json")
        rewrite(manifest, None)
        await deck.press("escape")
        await deck.form.review()
        await deck.sees("~/manifest.json cannot be read")
        await deck.until(lambda: deck.form.focused == "Manifest file", "focus on the wrong field")
        assert deck.sent() == []


async def test_missing_files_are_told_at_their_fields(erp: RunningSimulator, manifest: Path) -> None:
    async with console(erp) as deck:
        await opened(deck, "m")
        await deck.form.review()
        assert deck.form.error_at("Manifest file") == "Manifest file is required"
        await deck.form.fill("Manifest file", "~/manifest.json")
        await deck.press("enter")
        await deck.sees("differs from stored · 29 bytes · manifest.json")
        assert deck.form.focused == "Signature file"


async def test_a_manifest_form_that_is_left_is_kept_with_its_paths_alone(
    erp: RunningSimulator, manifest: Path
) -> None:
    async with console(erp) as deck:
        await opened(deck, "m")
        await deck.form.fill("Manifest file", "~/manifest.json")
        await deck.press("escape")
        await deck.sees("draft saved: Push manifest to")
        await deck.press("m")
        await deck.opens("Draft · Push manifest")
        await deck.sees("Manifest file ~/manifest.json")
    (draft,) = kept_drafts()
    assert "~/manifest.json" in draft
    assert CONTENT.decode().strip() not in draft


class Slow:
    """Reading a file named `slow`, which takes until it may go on."""

    def __init__(self, read: Any) -> None:
        self.reads, self.may_go_on, self._read = 0, asyncio.Event(), read

    async def __call__(self, path: str) -> Any:
        if path.endswith("slow"):
            self.reads += 1
            await self.may_go_on.wait()
        return await self._read(path)


async def test_a_path_that_is_edited_while_the_old_one_is_hashed_is_not_taken_for_it(
    erp: RunningSimulator, manifest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(hash_file)
    monkeypatch.setattr(hashing, "hash_file", slow)
    manifest.with_name("slow").write_bytes(b"another")
    async with console(erp) as deck:
        await opened(deck, "e")
        before = deck.form.text_of("ManifestHash")
        await deck.form.fill("Hash a file", "~/slow")
        await deck.form.review()
        await deck.until(lambda: slow.reads == 1, "reading")
        await deck.form.fill("Hash a file", "~/manifest.json")
        slow.may_go_on.set()
        await deck.looks()
        assert deck.heading().startswith("Update")
        assert deck.form.text_of("ManifestHash") == before
        await deck.form.review()
        await deck.opens("Update extension")
        assert HASH[:20] in await deck.read()


async def test_a_manifest_that_is_named_anew_while_the_old_one_is_read_is_not_reviewed(
    erp: RunningSimulator, manifest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(read_file)
    monkeypatch.setattr(manifest_form, "read_file", slow)
    manifest.with_name("slow").write_bytes(b"its signature")
    async with console(erp) as deck:
        await opened(deck, "m")
        await deck.form.fill("Manifest file", "~/manifest.json")
        await deck.form.fill("Signature file", "~/slow")
        await deck.form.review()
        await deck.until(lambda: slow.reads == 1, "reading")
        await deck.form.fill("Manifest file", "~/manifest.sig")
        slow.may_go_on.set()
        await deck.sees("the form changed while the files were read")
        assert deck.heading().startswith("Push manifest to")
