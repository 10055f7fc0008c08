"""Every citation in the code leads to a section, and to a numbered row, of a sheet in this repository.

A citation is `jtl PROTOCOL §7 quirk 4` or `superoffice PROTOCOL §5, §11`. A bare `§5` cites the sheet
that the file named last. Nothing else is cited with `§`.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
CITATION = re.compile(
    r"(?:(?P<sheet>\S+)\s+PROTOCOL\s+|(?P<other>[\w-]+)\s+)?§(?P<section>[\d.]*\d)?(?=(?P<rows>[^§;()\"]{0,24}))"
)
ROWS = re.compile(r"\b(?:no\.|quirks?)[ \n]+(\d+)(?:–(\d+))?")


class Citation(NamedTuple):
    """One place of the code that cites a sheet."""

    place: str
    sheet: str
    section: str
    rows: tuple[int, ...]


def citations(text: str, place: str) -> Iterator[Citation]:
    """All that `text` cites."""
    if "§" not in text:
        return
    sheet = ""
    for found in CITATION.finditer(text):
        sheet = (found["sheet"] or found["other"] or sheet).strip("(`\"'")
        spans = [(int(first), int(last or first)) for first, last in ROWS.findall(found["rows"])]
        rows = tuple(row for first, last in spans for row in range(first, last + 1))
        yield Citation(place, sheet, found["section"] or "", rows)


@cache
def sections(sheet: str) -> dict[str, str]:
    """The text of each numbered section of `tui/api/SHEET/PROTOCOL.md`, by its number."""
    path = ROOT / "tui" / "api" / sheet / "PROTOCOL.md"
    if not sheet or not path.is_file():
        return {}
    parts = re.split(r"^#{2,3} ([\d.]*\d)\.? .*$", path.read_text(encoding="utf-8"), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def all_citations() -> tuple[Citation, ...]:
    """Of every file of the program and its tests but this one."""
    files = [path for top in ("tui", "tests") for path in sorted((ROOT / top).rglob("*.py"))]
    named = ((path, path.read_text(encoding="utf-8")) for path in files if path != Path(__file__))
    return tuple(one for path, text in named for one in citations(text, str(path.relative_to(ROOT))))


def lost(cited: Citation) -> str:
    """Why a citation leads nowhere, or empty."""
    text = sections(cited.sheet).get(cited.section)
    if text is None:
        return f"{cited.place}: {cited.sheet or 'no sheet'} has no §{cited.section or '?'}"
    rows = [row for row in cited.rows if not re.search(rf"^(\| {row} \||{row}\. )", text, re.M)]
    return f"{cited.place}: §{cited.section} of {cited.sheet} has no row {rows}" if rows else ""


def test_every_citation_leads_to_a_section_that_exists() -> None:
    found = all_citations()
    assert len(found) > 100
    assert [why for why in map(lost, found) if why] == []


@pytest.mark.parametrize(
    "text",
    [
        "(jtl PROTOCOL §77)",
        "(design §5)",
        "(erp PROTOCOL §5)",
        "the order of the calls (§5)",
        "jtl PROTOCOL §5, and design §5",
        "jtl PROTOCOL §7 quirk 99",
        "superoffice PROTOCOL §13 no. 98",
        "jtl PROTOCOL §",
    ],
)
def test_a_citation_that_leads_nowhere_is_found(text: str) -> None:
    assert [why for why in map(lost, citations(text, "a file")) if why] != []


def test_a_section_without_a_sheet_belongs_to_the_sheet_that_the_file_named_last() -> None:
    text = "Source: jtl PROTOCOL §1.2, §7 quirks 1–4. … (superoffice PROTOCOL §5, §11, §13 no. 3)"
    assert [one[1:] for one in citations(text, "a file")] == [
        ("jtl", "1.2", ()),
        ("jtl", "7", (1, 2, 3, 4)),
        ("superoffice", "5", ()),
        ("superoffice", "11", ()),
        ("superoffice", "13", (3,)),
    ]


def test_no_file_names_a_document_that_is_not_here() -> None:
    known = {"README.md", "CHANGELOG.md", "PROTOCOL.md"} | {
        path.name for path in (ROOT / "tui" / "docs").glob("*.md")
    }
    for path in sorted((ROOT / "tui").rglob("*.py")):
        named = set(re.findall(r"[\w-]+\.md\b", path.read_text(encoding="utf-8")))
        assert named <= known, path
