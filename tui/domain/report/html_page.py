"""A document as one HTML page without script or external file; it prints in black on white. Pure."""

from collections.abc import Iterator
from html import escape

from tui.domain.report.document import Block, Document, Items, Line, Paragraph, Piece, Table
from tui.domain.text import clean, one_line

_STYLE = """\
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; border-bottom: 1px solid #8888; }
code { font: 0.9em ui-monospace, monospace; background: #8882; padding: 0 0.25em;
  border-radius: 3px; overflow-wrap: anywhere; white-space: pre-wrap; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.75rem 0.25rem 0;
  border-bottom: 1px solid #8884; }
li { margin: 0.15rem 0; }
@media print {
  body { font-size: 10pt; max-width: none; margin: 0; color: #000; background: #fff; }
  code { background: none; padding: 0; }
  h2 { break-after: avoid; } tr, li { break-inside: avoid; } thead { display: table-header-group; }
}"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def as_html(document: Document) -> str:
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Document) -> Iterator[str]:
    plain = "".join(one if isinstance(one, str) else one.text for one in document.title)
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield '<head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
    yield '<meta name="viewport" content="width=device-width">'
    yield f"<title>{_escaped(plain)}</title>"
    yield f"<style>\n{_STYLE}\n</style></head>"
    yield f"<body><h1>{_text(document.title)}</h1>"
    for block in document.head:
        yield from _block(block)
    for section in document.sections:
        yield f"<h2>{escape(section.title)}</h2>"
        for block in section.blocks:
            yield from _block(block)
    yield "</body></html>"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(line):
            yield f"<p>{_text(line)}</p>"
        case Items(lines):
            yield from ("<ul>", *(f"<li>{_text(line)}</li>" for line in lines), "</ul>")
        case Table(titles, rows):
            heads = "".join(f"<th>{escape(one)}</th>" for one in titles)
            yield f"<table><thead><tr>{heads}</tr></thead><tbody>"
            yield from (f"<tr>{''.join(f'<td>{_text(one)}</td>' for one in row)}</tr>" for row in rows)
            yield "</tbody></table>"


def _text(line: Line) -> str:
    return "".join(map(_piece, line))


def _piece(piece: Piece) -> str:
    if isinstance(piece, str):
        return escape(piece)
    text = _escaped(piece.text)
    if not text:
        return "–"
    return f"<s><code>{text}</code></s>" if piece.is_struck else f"<code>{text}</code>"


def _escaped(text: str) -> str:
    return escape(one_line(clean(text)))
