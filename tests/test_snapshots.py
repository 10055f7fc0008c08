"""How the screens look, at the design size and with room to spare; nothing but looks is tested here.

To renew them: `pytest -n 0 tests/test_snapshots.py --snapshot-update`; then look at them.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_textual_snapshot
from syrupy.location import PyTestLocation
from textual.pilot import Pilot

from tests.drivers.drawing import drawn_when_read
from tests.tools import scenes
from tests.tools.scenes import Scene, Stage
from tests.tools.screenshots import with_own_font
from tui.domain.profile import Environment

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
TIGHT = pytest.mark.parametrize("size", [(60, 15)], ids=["60x15"])
POOR = pytest.mark.parametrize("size", [(80, 24), (60, 15)], ids=["80x24", "60x15"])
Looks = Callable[..., bool]


class InSnapshots(pytest_textual_snapshot.SVGImageExtension):  # type: ignore[misc] # it ships no types
    """Pictures in `tests/snapshots`, with no font from the network."""

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        return str(Path(test_location.filepath).parent / "snapshots" / test_location.basename)

    def serialize(self, *args: Any, **options: Any) -> Any:
        return with_own_font(str(super().serialize(*args, **options)))


@pytest.fixture(autouse=True)
def pictures_in_their_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pytest_textual_snapshot, "SVGImageExtension", InSnapshots)


@pytest.fixture
def looks(pictures_in_their_folder: None, request: pytest.FixtureRequest) -> Looks:
    """`looks(scene, size)`: whether the scene looks as it did."""
    compare = request.getfixturevalue("snap_compare")

    def as_before(scene: Scene, size: tuple[int, int], **stage: Any) -> bool:
        with drawn_when_read() as picture:
            on = Stage(**stage, picture=picture)

            async def play(pilot: Pilot[int]) -> None:
                await scene(on, on.deck(pilot))
                # Looked at by itself, a dialog was drawn without what is below it.
                on.app.screen.refresh()

            return bool(compare(on.app, terminal_size=size, run_before=play))

    return as_before


@SIZES
class TestWorkers:
    def test_list(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.workers, size)

    def test_filter(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.filtered, size)

    def test_details(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.details, size)

    def test_stale(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.stale, size)


class TestTightWorkers:
    @pytest.mark.parametrize("size", [(60, 15), (40, 10)], ids=["60x15", "40x10"])
    def test_list(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.workers, size)

    def test_review(self, looks: Looks) -> None:
        assert looks(scenes.review, (60, 15))

    def test_conflict(self, looks: Looks) -> None:
        assert looks(scenes.conflict, (60, 15))


@TIGHT
class TestTight:
    def test_form(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.configure, size)

    def test_extensions(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.extensions, size)

    def test_engine(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.engine, size)

    def test_connections(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.connections, size)

    def test_resync(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.resync, size)

    def test_help(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.help_, size)


class TestNoColour:
    @pytest.fixture(autouse=True)
    def no_colour(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NO_COLOR", "1")

    @POOR
    def test_list(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.workers, size)

    @POOR
    def test_confirmation(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.confirmation, size)

    def test_form(self, looks: Looks) -> None:
        assert looks(scenes.configure, (80, 24))


class TestAscii:
    @POOR
    def test_list(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.workers, size, in_ascii=True)

    @POOR
    def test_review(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.review, size, in_ascii=True)

    def test_results(self, looks: Looks) -> None:
        assert looks(scenes.stopped, (80, 24), in_ascii=True)

    def test_engine(self, looks: Looks) -> None:
        assert looks(scenes.engine, (80, 24), in_ascii=True)


@SIZES
class TestConfigure:
    def test_form(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.configure, size)

    def test_review(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.review, size)


@SIZES
class TestConfirmation:
    def test_on_production(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.confirmation, size)

    def test_on_staging(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.confirmation, size, environment=Environment.STAGING)


@SIZES
class TestSafeHands:
    def test_conflict(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.conflict, size)

    def test_many(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.marked_stop, size)

    def test_results(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.stopped, size)

    def test_undo(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.undo, size)

    def test_why(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.why, size)

    def test_maintenance(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.maintenance, size)

    def test_palette(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.palette, size)

    def test_draft(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.draft, size)

    def test_unlock(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.locked, size, read_only=True)


@SIZES
class TestExtensions:
    def test_list(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.extensions, size)

    def test_new(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.new_extension, size)


@SIZES
class TestEngine:
    def test_panel(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.engine, size)

    def test_connections(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.connections, size)

    def test_resync_form(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.resync, size)

    def test_resync_answer(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.answer, size)


@SIZES
class TestEverywhere:
    def test_help(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.help_, size)

    def test_welcome(self, looks: Looks, size: tuple[int, int]) -> None:
        assert looks(scenes.welcome, size, configured=False)
