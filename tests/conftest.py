"""Every test has its own home, config, state and cache: none can touch the user's."""

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import pytest

from tests.drivers import forked

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
"""Each module is compiled once, not by each worker and each program that a test starts."""

if find_spec("sniffio") is None:
    # The HTTP client looks for it several times in each request, in every folder of the path.
    sys.modules["sniffio"] = None  # type: ignore[assignment] # how Python notes what there is not

_PLACES = {
    "SYNCDECK_CONFIG": "config/config.toml",
    "SYNCDECK_STATE_DIR": "state",
    "SYNCDECK_CACHE_DIR": "cache",
    "HOME": "home",
    "XDG_CONFIG_HOME": "home/.config",
    "XDG_STATE_HOME": "home/.local/state",
    "XDG_CACHE_HOME": "home/.cache",
}
_UNWANTED = ("NO_COLOR", "TEXTUAL_THEME", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "COLUMNS", "LINES")


_SLOW = ("ui", "terminal", "test_snapshots.py", "test_faces.py", "headless/run", "simulator")
"""Below `tests`: what starts consoles, programs and servers by the hundred."""


_SLOW_PLACES = tuple(str(Path(__file__).parent / name) for name in _SLOW)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where what is slow is left out, it is not imported either."""
    is_left_out = config.option.markexpr == "not slow"
    return True if is_left_out and str(collection_path).startswith(_SLOW_PLACES) else None


def pytest_collection(session: pytest.Session) -> None:
    """Each worker imports the tests from another one on: what one has compiled, the others load.

    Nothing of it is garbage, so none is looked for meanwhile.
    """
    gc.disable()
    given: dict[str, object] = getattr(session.config, "workerinput", {})
    number, workers = str(given.get("workerid", "gw0")), int(str(given.get("workercount", 1)))
    tests = Path(__file__).parent
    asked = [Path.cwd() / argument.partition("::")[0] for argument in session.config.args]
    paths = [path for path in sorted(tests.rglob("test_*.py")) if any(map(path.is_relative_to, asked))]
    _give_examples_time(paths)
    first = len(paths) * int(number.removeprefix("gw")) // workers
    for path in (*paths[first:], *paths[:first]):
        if not pytest_ignore_collect(path, session.config):
            # What cannot be imported is told where it is collected.
            with suppress(Exception):
                import_module(".".join(path.relative_to(tests.parent).with_suffix("").parts))


def _give_examples_time(paths: Sequence[Path]) -> None:
    """On a busy machine any example may take longer than hypothesis allows.

    Nor does each worker read all of our code for constants to try: what they are depends on what it has
    imported by then.
    """
    if any("from hypothesis import" in path.read_text() for path in paths):
        from hypothesis import HealthCheck, settings
        from hypothesis.internal.conjecture import providers

        providers._get_local_constants = lambda: providers._local_constants

        calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
        settings.register_profile("calm", calm)
        settings.load_profile("calm")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `.ci/run fast` leaves out."""
    for item in items:
        if str(item.path).startswith(_SLOW_PLACES):
            item.add_marker("slow")


def pytest_collection_finish() -> None:
    """What is there by now stays: the garbage of each test is found without scanning all of it."""
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)
    gc.enable()


def pytest_unconfigure() -> None:
    forked.end()
    # At its end pytest collects garbage five times, for warnings that are ignored here.
    gc.freeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--through-driver",
        action="store_true",
        help="every console draws through our driver into an emulated terminal, which stories read",
    )


@pytest.fixture(autouse=True)
def through_driver(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """With `--through-driver`: what our driver sends shows the same as all that Textual writes."""
    if not request.config.getoption("--through-driver"):
        yield
        return
    from tests.drivers.through import ThroughDriver

    monkeypatch.setattr("textual.drivers.headless_driver.HeadlessDriver", ThroughDriver)
    differences: list[str] = []
    monkeypatch.setattr(ThroughDriver, "differences", differences, raising=False)
    yield
    assert not differences, "\n".join(differences[:5])


_numbers = count()


@pytest.fixture
def tmp_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder by number: for a free name, pytest reads the names of all folders before each test."""
    path = tmp_path_factory.getbasetemp() / f"{next(_numbers):04}"
    path.mkdir(mode=0o700)
    return path


@pytest.fixture(autouse=True)
def private_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder below which this test's config, state, cache and home are."""
    places = tmp_path / "places"
    (places / "home").mkdir(parents=True)
    for variable, place in _PLACES.items():
        monkeypatch.setenv(variable, str(places / place))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for variable in _UNWANTED:
        monkeypatch.delenv(variable, raising=False)
    return places
