"""Reads and completes the console's command line: `OPERATION [WORD…] [KEY=VALUE…]`.

Double quotes enclose spaces and `=`: `configure "Stock reserve"=7`.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from os.path import commonprefix

from tui.domain.redaction import looks_secret
from tui.frozen import frozen
from tui.ops.operations.names import last_part, words_for
from tui.ops.operations.operation import Operation
from tui.ops.refusal import Refusal
from tui.ops.text_commands.setting import Given, Setting, find_setting, quoted

_TOKEN = re.compile(r'(?:[^\s"]|"[^"]*"?)+')
_PAIR = re.compile(r'((?:[^"=]|"[^"]*")+)=(.*)', re.DOTALL)


@frozen
class Command:
    word: str
    """The name of the operation; empty in an empty line."""
    words: tuple[str, ...] = ()
    given: Given = ()


def parse_command(text: str) -> Command | Refusal:
    """Parse a line, or say why it is invalid."""
    if text.count('"') % 2:
        return Refusal('a " is not closed')
    first, *rest = _TOKEN.findall(text) or [""]
    pairs = [_PAIR.fullmatch(token) for token in rest]
    words = tuple(_bare(token) for token, pair in zip(rest, pairs, strict=True) if pair is None)
    given = tuple((_bare(pair[1]), _bare(pair[2])) for pair in pairs if pair is not None)
    return Command(_bare(first), words, given)


def tokens(text: str) -> tuple[str, ...]:
    """The words after the first as they were typed; quotes around a whole word are dropped."""
    _, *rest = _TOKEN.findall(text)
    return tuple(_bare(one) if one[0] == '"' and one[-1] == '"' else one for one in rest)


def _bare(text: str) -> str:
    return text.replace('"', "")


def holds_secret(text: str) -> bool:
    """Whether a line contains a value that may be a secret, by its name."""
    command = parse_command(text)
    given = () if isinstance(command, Refusal) else command.given
    return any(looks_secret(name) and value and value[0] != "@" for name, value in given)


@frozen
class Completion:
    text: str
    offers: tuple[str, ...] = ()


def complete(
    text: str,
    operations: Sequence[Operation],
    settings_of: Callable[[Operation], Sequence[Setting]],
) -> Completion:
    """Complete the last word of a line: an operation, a setting, or its value."""
    tokens = _TOKEN.findall(text)
    fresh = not text or (text[-1].isspace() and text.count('"') % 2 == 0)
    last = "" if fresh or not tokens else tokens[-1]
    before = text[: len(text) - len(last)]
    if not before.strip():
        return _completed(before, last, [f"{word} " for word in _operation_words(last, operations)])
    operation = words_for(operations).get(_bare(tokens[0]).casefold())
    if operation is None:
        return Completion(text)
    offered = settings_of(operation)
    pair = _PAIR.fullmatch(last)
    if pair is None:
        return _completed(before, last, list(_keys(offered, tokens[1:])))
    setting = find_setting(_bare(pair[1]), offered)
    values = () if isinstance(setting, Refusal) else setting.values
    return _completed(f"{before}{pair[1]}=", pair[2], [f"{quoted(value)} " for value in values])


def _operation_words(start: str, operations: Sequence[Operation]) -> list[str]:
    """Last parts; whole ids only after a typed dot, or if a last part is ambiguous."""
    known = words_for(operations)
    if "." in start:
        return [operation.id for operation in operations]
    short = [last_part(operation) for operation in operations]
    return [
        word if word in known else operation.id
        for word, operation in zip(short, operations, strict=True)
    ]


def _keys(offered: Iterable[Setting], tokens: Sequence[str]) -> Iterable[str]:
    pairs = [_PAIR.fullmatch(token) for token in tokens]
    given = {_bare(pair[1]).casefold() for pair in pairs if pair is not None}
    for setting in offered:
        if setting.name.casefold() not in given:
            yield f"{quoted(setting.name)}="


def _completed(before: str, start: str, words: Sequence[str]) -> Completion:
    wanted = start.casefold().lstrip('"')
    fitting = [word for word in words if word.casefold().lstrip('"').startswith(wanted)]
    if not fitting:
        return Completion(before + start)
    common = commonprefix(fitting)  # noqa: RUF071 - by characters, not by folders
    further = common.lstrip('"')
    completed = common if further and len(further) >= len(wanted) else start
    return Completion(before + completed, tuple(word.strip() for word in fitting))
