"""One request as it arrived and one answer as it is meant, free of any server framework."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any
from urllib.parse import parse_qsl

from tui.frozen import frozen

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"


@frozen
class Received:
    """A request. Header names are lower case."""

    method: str
    path: str
    query_text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def query(self) -> dict[str, str]:
        """The query, the last of equal names winning."""
        return dict(parse_qsl(self.query_text, keep_blank_values=True))

    @property
    def parsed(self) -> Any:
        """The JSON body; None for an empty one. Raises ValueError: the body is no JSON."""
        return json.loads(self.body) if self.body.strip() else None


@frozen
class Answer:
    """An answer: a JSON `tree`, or `text`, or neither (an empty body)."""

    status: int = 200
    tree: Any = None
    text: str | None = None
    media: str = JSON
    headers: tuple[tuple[str, str], ...] = ()
    cased: bool = False
    """The names in `tree` have the casing of the called version already."""

    @property
    def body(self) -> bytes:
        """What goes over the wire; JSON as .NET writes it, other than ASCII escaped."""
        if self.text is not None:
            return self.text.encode()
        return json.dumps(self.tree, separators=(",", ":")).encode()


def empty(status: int, *headers: tuple[str, str]) -> Answer:
    return Answer(status, text="", headers=headers)


def rebuilt(
    tree: Any,
    leaf: Callable[[Any], Any] = lambda value: value,
    key: Callable[[str], str] = lambda name: name,
) -> Any:
    if isinstance(tree, Mapping):
        return {key(name): rebuilt(value, leaf, key) for name, value in tree.items()}
    if isinstance(tree, Sequence) and not isinstance(tree, str):
        return [rebuilt(value, leaf, key) for value in tree]
    return leaf(tree)


def lowered(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields with their names in lower case, as both systems compare them."""
    return {name.lower(): value for name, value in fields.items()}


class Refused(Exception):
    """Raised by a handler that ends early with an answer of its own."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(str(answer.status))
        self.answer = answer
