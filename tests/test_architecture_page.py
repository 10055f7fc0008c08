"""`tui/README.md` names files and private names that exist."""

import re
from pathlib import Path

import textual

TUI = Path(__file__).parents[1] / "tui"
PAGE = (TUI / "README.md").read_text(encoding="utf-8")
PRIVATE = re.compile(r"^\| `(?P<file>\S+\.py)` \| (?P<names>.*`_.*) \|$", re.MULTILINE)


def test_every_path_on_the_page_exists() -> None:
    named = re.findall(r"`((?:[a-z_]+/)+[\w*.]*)`", PAGE)
    assert len(named) > 30
    roots = (TUI, TUI.parent)
    assert [path for path in named if not any([*root.glob(path.rstrip("/"))] for root in roots)] == []


def test_every_private_name_of_textual_is_used_where_the_page_says_and_exists() -> None:
    source = "\n".join(
        path.read_text(encoding="utf-8") for path in sorted(Path(textual.__file__).parent.rglob("*.py"))
    )
    listed = {found["file"]: re.findall(r"`(_\w+)`", found["names"]) for found in PRIVATE.finditer(PAGE)}
    assert len(listed) > 5
    for file, names in listed.items():
        code = (TUI / file).read_text(encoding="utf-8")
        for name in names:
            assert re.search(rf"\b{name}\b", code), (file, name)
            assert (
                re.search(rf"\b{name}\b", source)
                or (Path(textual.__file__).parent / f"{name}.py").is_file()
            )


def test_every_private_module_of_textual_is_listed() -> None:
    imported = {
        (str(path.relative_to(TUI)), name)
        for path in sorted((TUI / "ui").rglob("*.py"))
        for name in re.findall(r"from textual\.(_\w+) import", path.read_text(encoding="utf-8"))
    }
    listed = {
        (found["file"], name)
        for found in PRIVATE.finditer(PAGE)
        for name in re.findall(r"`(_\w+)`", found["names"])
    }
    assert imported - listed == set()
