"""How the screens look, at the design size and with room to spare; nothing but looks is tested here.

To renew them: `pytest -n 0 tests/test_snapshots.py --snapshot-update`; then look at them.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_textual_snapshot import SVGImageExtension
from syrupy.assertion import SnapshotAssertion
from syrupy.location import PyTestLocation

from tests.drivers.drawing import drawn_when_read
from tests.tools import scenes
from tests.tools.scenes import Scene, Stage
from tests.tools.screenshots import with_own_font
from tui.domain.profile import Environment

BOTH = ((120, 40), (80, 24))
POOR = ((80, 24), (60, 15))
TIGHT = (60, 15)
Looks = Callable[..., Awaitable[None]]


class InSnapshots(SVGImageExtension):  # type: ignore[misc] # it ships no types
    """Pictures in `tests/snapshots`, with no font from the network."""

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        return str(Path(test_location.filepath).parent / "snapshots" / test_location.basename)

    def serialize(self, *args: Any, **options: Any) -> Any:
        return with_own_font(str(super().serialize(*args, **options)))


@pytest.fixture
def looks(snapshot: SnapshotAssertion) -> Looks:
    """`await looks(scene, *sizes)`: the scene looks as it did in a window of the first size, and then in
    windows of the others.
    """

    async def as_before(scene: Scene, *sizes: tuple[int, int], **stage: Any) -> None:
        with drawn_when_read() as picture:
            on = Stage(**stage, picture=picture)
            async with on.app.run_test(size=sizes[0]) as pilot:
                deck = on.deck(pilot)
                await scene(on, deck)
                for columns, lines in sizes:
                    if (columns, lines) != sizes[0]:
                        await deck.resize(columns, lines)
                        await deck.looks()
                    # Looked at by itself, a dialog was drawn without what is below it.
                    on.app.screen.refresh()
                    await pilot.pause()
                    await pilot.wait_for_scheduled_animations()
                    await pilot.pause()
                    name = f"{columns}x{lines}" if len(sizes) > 1 else None
                    seen = on.app.export_screenshot(title=on.app.title, simplify=True)
                    assert seen == snapshot(name=name, extension_class=InSnapshots)

    return as_before


class TestWorkers:
    async def test_list(self, looks: Looks) -> None:
        await looks(scenes.workers, *BOTH)

    async def test_filter(self, looks: Looks) -> None:
        await looks(scenes.filtered, *BOTH)

    async def test_details(self, looks: Looks) -> None:
        await looks(scenes.details, *BOTH)

    async def test_stale(self, looks: Looks) -> None:
        await looks(scenes.stale, *BOTH)


class TestTightWorkers:
    async def test_list(self, looks: Looks) -> None:
        await looks(scenes.workers, TIGHT, (40, 10))

    async def test_review(self, looks: Looks) -> None:
        await looks(scenes.review, (60, 15))

    async def test_conflict(self, looks: Looks) -> None:
        await looks(scenes.conflict, (60, 15))


class TestTight:
    async def test_form(self, looks: Looks) -> None:
        await looks(scenes.configure, TIGHT)

    async def test_extensions(self, looks: Looks) -> None:
        await looks(scenes.extensions, TIGHT)

    async def test_engine(self, looks: Looks) -> None:
        await looks(scenes.engine, TIGHT)

    async def test_connections(self, looks: Looks) -> None:
        await looks(scenes.connections, TIGHT)

    async def test_resync(self, looks: Looks) -> None:
        await looks(scenes.resync, TIGHT)

    async def test_help(self, looks: Looks) -> None:
        await looks(scenes.help_, TIGHT)


class TestNoColour:
    @pytest.fixture(autouse=True)
    def no_colour(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NO_COLOR", "1")

    async def test_list(self, looks: Looks) -> None:
        await looks(scenes.workers, *POOR)

    async def test_confirmation(self, looks: Looks) -> None:
        await looks(scenes.confirmation, *POOR)

    async def test_form(self, looks: Looks) -> None:
        await looks(scenes.configure, (80, 24))


class TestAscii:
    async def test_list(self, looks: Looks) -> None:
        await looks(scenes.workers, *POOR, in_ascii=True)

    async def test_review(self, looks: Looks) -> None:
        await looks(scenes.review, *POOR, in_ascii=True)

    async def test_results(self, looks: Looks) -> None:
        await looks(scenes.stopped, (80, 24), in_ascii=True)

    async def test_engine(self, looks: Looks) -> None:
        await looks(scenes.engine, (80, 24), in_ascii=True)


class TestConfigure:
    async def test_form(self, looks: Looks) -> None:
        await looks(scenes.configure, *BOTH)

    async def test_review(self, looks: Looks) -> None:
        await looks(scenes.review, *BOTH)


class TestConfirmation:
    async def test_on_production(self, looks: Looks) -> None:
        await looks(scenes.confirmation, *BOTH)

    async def test_on_staging(self, looks: Looks) -> None:
        await looks(scenes.confirmation, *BOTH, environment=Environment.STAGING)


class TestSafeHands:
    async def test_conflict(self, looks: Looks) -> None:
        await looks(scenes.conflict, *BOTH)

    async def test_many(self, looks: Looks) -> None:
        await looks(scenes.marked_stop, *BOTH)

    async def test_results(self, looks: Looks) -> None:
        await looks(scenes.stopped, *BOTH)

    async def test_undo(self, looks: Looks) -> None:
        await looks(scenes.undo, *BOTH)

    async def test_why(self, looks: Looks) -> None:
        await looks(scenes.why, *BOTH)

    async def test_maintenance(self, looks: Looks) -> None:
        await looks(scenes.maintenance, *BOTH)

    async def test_palette(self, looks: Looks) -> None:
        await looks(scenes.palette, *BOTH)

    async def test_draft(self, looks: Looks) -> None:
        await looks(scenes.draft, *BOTH)

    async def test_unlock(self, looks: Looks) -> None:
        await looks(scenes.locked, *BOTH, read_only=True)


class TestExtensions:
    async def test_list(self, looks: Looks) -> None:
        await looks(scenes.extensions, *BOTH)

    async def test_new(self, looks: Looks) -> None:
        await looks(scenes.new_extension, *BOTH)


class TestEngine:
    async def test_panel(self, looks: Looks) -> None:
        await looks(scenes.engine, *BOTH)

    async def test_connections(self, looks: Looks) -> None:
        await looks(scenes.connections, *BOTH)

    async def test_resync_form(self, looks: Looks) -> None:
        await looks(scenes.resync, *BOTH)

    async def test_resync_answer(self, looks: Looks) -> None:
        await looks(scenes.answer, *BOTH)


class TestEverywhere:
    async def test_help(self, looks: Looks) -> None:
        await looks(scenes.help_, *BOTH)

    async def test_welcome(self, looks: Looks) -> None:
        await looks(scenes.welcome, *BOTH, configured=False)
