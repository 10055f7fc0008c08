"""The house stays one that a stranger can enter: no circles, one way down, small rooms."""

import ast
import types
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest

import tui
from tui.store.freshness import Freshness
from tui.ui.screens.list_screen import ListScreen
from tui.ui.screens.tab_screen import TabScreen

ROOT = Path(tui.__file__).parents[1]
LAYERS = ("ui headless", "presentation", "session", "core", "ops", "history", "store", "api", "domain")
"""From the screen down to the rules; those of one line do not know each other."""
MOST_FILES, MOST_LINES, MOST_TEST_LINES, LONGEST_FUNCTION = 20, 400, 600, 60


@cache
def sources(folder: str) -> Mapping[str, Path]:
    """The modules below a folder of the repository, by dotted name."""
    found = sorted((ROOT / folder).rglob("*.py"))
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in found
    }


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@cache
def imports() -> Mapping[str, frozenset[str]]:
    """By module, what it imports of tui: late and for types alone as well."""
    known = sources("tui")
    found: dict[str, frozenset[str]] = {}
    for name, path in known.items():
        named = set(_named(tree_of(path), known)) - {name}
        found[name] = frozenset(named) if path.name != "__init__.py" else frozenset()
    return found


def _named(tree: ast.Module, known: Mapping[str, Path]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield from {full if full in known else node.module} & known.keys()
        elif isinstance(node, ast.Import):
            yield from {alias.name for alias in node.names} & known.keys()


def reached(start: str) -> set[str]:
    seen: set[str] = set()
    todo = [start]
    while todo:
        for name in imports()[todo.pop()] - seen:
            seen.add(name)
            todo.append(name)
    return seen


def test_no_file_imports_itself_by_a_detour() -> None:
    assert [name for name in imports() if name in reached(name)] == []


def layer_of(name: str) -> tuple[int, str] | None:
    """How deep a module lies, and in which folder; None: it belongs to no layer."""
    folder = name.split(".")[1] if "." in name else ""
    return next(((depth, folder) for depth, row in enumerate(LAYERS) if folder in row.split()), None)


def test_no_import_leads_to_a_higher_layer() -> None:
    wrong = []
    for name, used in imports().items():
        here = layer_of(name)
        for other in used:
            there = layer_of(other)
            if here and there and (there[0] < here[0] or (there[0] == here[0] and there[1] != here[1])):
                wrong.append(f"{name} → {other}")
    assert wrong == []


@pytest.mark.parametrize("folder", ["tui", "tests"])
def test_no_folder_holds_more_than_twenty_files(folder: str) -> None:
    counts: dict[Path, int] = {}
    for path in sources(folder).values():
        counts[path.parent] = counts.get(path.parent, 0) + 1
    assert {str(room): count for room, count in counts.items() if count > MOST_FILES} == {}


@pytest.mark.parametrize(("folder", "most"), [("tui", MOST_LINES), ("tests", MOST_TEST_LINES)])
def test_no_file_is_too_long(folder: str, most: int) -> None:
    lengths = {name: len(path.read_text().splitlines()) for name, path in sources(folder).items()}
    assert {name: length for name, length in lengths.items() if length > most} == {}


@pytest.mark.parametrize("folder", ["tui", "tests"])
def test_no_function_is_too_long(folder: str) -> None:
    long = [
        f"{name}.{node.name}"
        for name, path in sources(folder).items()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_no_screen_replaces_what_is_not_a_hook() -> None:
    """A handler with the name of a method of the base would be called in its place, silently."""

    class WithHooks(ListScreen[object]):
        def chips(self) -> Sequence[Freshness]:
            return ()

        def _more(self) -> None: ...

    with pytest.raises(TypeError, match="notice would replace"):

        class Wrong(WithHooks):
            def notice(self, text: str, tone: str = "warning") -> None: ...

    with pytest.raises(TypeError, match="refresh"):
        types.new_class("Wrong", (TabScreen,), exec_body=lambda body: body.update(refresh=print))


def test_no_handler_of_a_base_is_called_by_hand() -> None:
    """Textual calls the handler of every class: it would run twice. `on_event` is not a handler."""
    called = [
        f"{name}: {node.attr}"
        for name, path in sources("tui/ui").items()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr.startswith("on_") and node.attr != "on_event"
        if isinstance(node.value, ast.Call) and ast.unparse(node.value) == "super()"
    ]
    assert called == []


BROAD = {
    "the poller": (
        "tui.store.poller._ask",
        "tui.store.poller._record_failure",
        "tui.store.on_demand._outcome",
        "tui.history.recorder._undisturbing",
    ),
    "the worker boundary": (
        "tui.session.worker_boundary.contained",
        "tui.history.writer._run",
        "tui.history.writer._step",
        "tui.ui.terminal.input_driver._run_input_thread",
        "tui.ui.terminal.input_parser._parsed",
        "tui.ui.resilient_app._dispatch_message",
    ),
    "main": ("tui.cli.main.main",),
}
"""Where a fault of ours may be caught, whatever it is."""


def test_only_the_named_places_catch_everything() -> None:
    """What cleans up and raises again catches nothing."""
    found = {
        f"{name}.{function.name}"
        for name, path in sources("tui").items()
        for function in ast.walk(tree_of(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        and any(map(_catches_everything, ast.walk(function)))
    }
    assert found == {place for places in BROAD.values() for place in places}


def _catches_everything(node: ast.AST) -> bool:
    match node:
        case ast.ExceptHandler():
            ends_with_raise = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
            return _is_broad(node.type) and not ends_with_raise
        case ast.Call(func=ast.Name(id="suppress"), args=kinds):
            return any(map(_is_broad, kinds))
    return False


def _is_broad(kind: ast.expr | None) -> bool:
    match kind:
        case None:
            return True
        case ast.Tuple(elts=kinds):
            return any(map(_is_broad, kinds))
        case ast.Name(id=name):
            return name in ("Exception", "BaseException")
    return False
