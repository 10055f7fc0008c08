"""Arbitrary JSON, and right answers that were spoilt, into every decoder: objects of the domain or
`Unreadable` come out, and nothing in either that could harm a screen."""

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.api.error_body import words_of, words_of_text
from tui.api.http.decode import NotJson, tree_of
from tui.api.jtl.rows import EXTENSIONS, STATUSES, SYNCS, read_paging
from tui.api.row_reader import RowSchema, Unreadable, read_one, read_rows, rows_in
from tui.api.superoffice.connection_rows import read_connections, read_reasons
from tui.api.superoffice.engine_rows import read_bare_truth, read_engine
from tui.api.superoffice.plugin_rows import read_plugin
from tui.api.superoffice.sync_log_rows import read_sync_log
from tui.api.superoffice.tenant_row import read_tenant
from tui.domain.redaction import masked_tree

NOW = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
Decoder = Callable[[Any], Any]
HOSTILE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def rows(reading: RowSchema[Any]) -> Decoder:
    return lambda tree: read_rows(rows_in(tree, reading), reading)


def _object(tree: object) -> dict[str, object]:
    return tree if isinstance(tree, dict) else {}


DECODERS: dict[str, Decoder] = {
    "syncs": rows(SYNCS),
    "statuses": rows(STATUSES),
    "extensions": rows(EXTENSIONS),
    "one sync": lambda tree: read_one(tree, SYNCS),
    "one status": lambda tree: read_one(tree, STATUSES),
    "one extension": lambda tree: read_one(tree, EXTENSIONS),
    "paging": read_paging,
    "engine": read_engine,
    "an engine that runs": lambda tree: read_engine({**_object(tree), "IsRunning": True}),
    "plugin": read_plugin,
    "a plugin that is fine": lambda tree: read_plugin({**_object(tree), "IsOk": True}),
    "connections": read_connections,
    "reasons": read_reasons,
    "truth": read_bare_truth,
    "log": read_sync_log,
    "tenant": lambda tree: read_tenant(tree, "Cust1", "https://id.superoffice.com", NOW, 0.0),
    "words": words_of,
    "words of text": lambda tree: words_of_text(json.dumps(tree, ensure_ascii=False)),
}

SYNC = {
    "Identifier": "a1",
    "SyncName": "Temu",
    "SalesChannelName": "Temu DE",
    "SalesChannelId": 7,
    "Interval": "00:05:00",
    "ReportProgress": True,
    "Configurations": [
        {
            "Identifier": "o1",
            "DisplayName": "Account",
            "DisplayDescription": "x",
            "Type": "string",
            "CurrentValue": "y",
            "IsRequired": False,
        }
    ],
}
STATUS = {
    "Identifier": "a1",
    "State": 2,
    "ProgressText": "orders 420 of 1000",
    "Progress": 0.42,
    "LastSync": "2026-03-01T02:59:00.1234567Z",
    "NextSync": "9999-12-31T23:59:59",
}
EXTENSION = {
    "Id": "e1",
    "ExtensionId": "shop",
    "Version": "1.0",
    "Created": "2026-03-01T02:59:00+01:00",
    "LastChanged": "0001-01-01T00:00:00",
    "ManifestHash": "ab",
    "Status": 1,
}
RIGHT: tuple[Any, ...] = (
    [SYNC, {**SYNC, "Identifier": "b2"}],
    [STATUS, {**STATUS, "Identifier": "b2"}],
    {"items": [EXTENSION], "totalItems": 1, "totalPages": 1, "hasNextPage": False},
    {
        "IsRunning": True,
        "StatusMessage": "waiting",
        "Interval": "PT15M",
        "TableRight": {"Mask": "Full", "Reason": ""},
        "FieldProperties": {"Interval": {"FieldRight": "Read"}},
    },
    {
        "IsOk": True,
        "UserExplanation": "done",
        "TechExplanation": "",
        "ErrorCode": "0",
        "Status": 3,
        "Changes": {"AddedRecords": [{"Tablename": "contact", "RecordId": 5}], "UpdatedRecords": None},
    },
    [
        {
            "ErpConnectionId": 1,
            "ErpConnectorId": 2,
            "DisplayName": "Main",
            "Active": True,
            "ConnectionId": "g",
            "MostRecentTimestamp": "x",
            "Deleted": False,
            "ConfigFields": {"password": "p"},
        }
    ],
    ["one reason", "another"],
    {
        "odata.nextLink": "https://x/api/v1/archive/ErpSyncLog?$skip=1",
        "value": [{"connection": 1, "source": "a", "updated": "2026-03-01T02:59:00"}],
    },
    {
        "ContextIdentifier": "Cust1",
        "Endpoint": "https://sod.superoffice.com/Cust1",
        "State": "Running",
        "IsRunning": True,
        "ValidUntil": "2026-03-01T04:00:00Z",
    },
    {
        "ErrorMessage": "no",
        "ErrorCode": "X",
        "Errors": {"Interval": ["too short"]},
        "ValidationErrors": [{"Name": "a", "Reason": "b"}],
    },
)

NASTY = ("\x1b[2J", "\x9b", "\u202e", "\x00", "\ud800", "[red]x[/]", "\u200b", "a\nb", "/../", "ﬁ" * 30)
TIMES = (
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2026-13-45",
    "24:00",
    "20260301T0300Z",
)
PERIODS = ("99999999.23:59:59", "P999999999999W", "-00:00:01", "1.00:00:00.9999999", "PT", "٥:٠٥")
NUMBERS = (0, -1, 2**31, 2**63, 10**400, 1e308, -0.0, float("nan"), float("inf"), float("-inf"))
texts = st.one_of(
    st.text(max_size=20), st.sampled_from((*NASTY, *TIMES, *PERIODS, "", " ", "1", "true"))
)
leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from(NUMBERS), texts)


def _names(tree: Any) -> set[str]:
    if isinstance(tree, dict):
        return set(tree) | {name for item in tree.values() for name in _names(item)}
    return {name for item in tree for name in _names(item)} if isinstance(tree, list) else set()


NAMES = sorted(
    {name for tree in RIGHT for name in _names(tree)} | {"value", "data", "workers", "message"}
)
names = st.one_of(st.sampled_from(NAMES), st.sampled_from(NAMES).map(str.swapcase), texts)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(names, inner, max_size=5)),
    max_leaves=25,
)


def _places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner: Any = (
        tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    )
    return [path, *(place for key, item in inner for place in _places(item, (*path, key)))]


def _changed(tree: Any, path: tuple[Any, ...], change: Callable[[Any], Any]) -> Any:
    if not path:
        return change(tree)
    key, *rest = path
    whole: Any = dict(tree) if isinstance(tree, dict) else list(tree)
    whole[key] = _changed(whole[key], tuple(rest), change)
    return whole


def _doubled(item: Any) -> Any:
    return item * 2 if isinstance(item, list | str) else [item, item]


def _without_first(item: Any) -> Any:
    if isinstance(item, dict):
        return dict(list(item.items())[1:])
    return item[1:] if isinstance(item, list | str) else None


@st.composite
def spoilt(draw: st.DrawFn) -> Any:
    """A right answer after one to three changes at places of it."""
    tree = draw(st.sampled_from(RIGHT))
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from(_places(tree)))
        new = draw(st.one_of(leaves, trees))
        more = draw(names)
        change = draw(
            st.sampled_from(
                (
                    lambda _item, new=new: new,
                    lambda item, new=new, more=more: (
                        {**item, more: new} if isinstance(item, dict) else [item, new]
                    ),
                    _without_first,
                    _doubled,
                    lambda item: {"items": item},
                )
            )
        )
        tree = _changed(tree, place, change)
    return tree


def decoded(tree: Any) -> Any:
    """As it comes over the line."""
    return tree_of(json.dumps(tree).encode())


def strings_in(result: Any) -> Iterator[str]:
    """Every text of it, however deep."""
    left = [result]
    while left:
        one = left.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, Mapping):
            left += [*one, *one.values()]
        elif isinstance(one, list | tuple):
            left += one
        elif is_dataclass(one):
            left += [getattr(one, field.name) for field in fields(one)]


def harmful(name: str, tree: Any) -> list[str]:
    """The texts that cannot be shown, of what comes out or of what is said to be wrong.

    Raises: whatever is neither `Unreadable` nor a result that can be masked and written.
    """
    try:
        result = DECODERS[name](tree)
    except Unreadable as problem:
        result = str(problem) or pytest.fail("no word of what is wrong")
    for one in result if isinstance(result, tuple) else (result,):
        json.dumps(masked_tree(getattr(one, "raw", None)), default=str)
    return [text for text in strings_in(result) if HOSTILE.search(text)]


fuzz = settings(
    max_examples=int(os.environ.get("SYNCDECK_FUZZ", "20")),
    deadline=None,
    derandomize="SYNCDECK_FUZZ" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("name", DECODERS)
@fuzz
@given(tree=trees)
def test_arbitrary_json(name: str, tree: Any) -> None:
    assert harmful(name, decoded(tree)) == []


@pytest.mark.parametrize("name", DECODERS)
@fuzz
@given(tree=spoilt())
def test_right_answers_that_were_spoilt(name: str, tree: Any) -> None:
    assert harmful(name, decoded(tree)) == []


OPENINGS = (
    *('{"items":', '{"Id":"e1","x":', '{"Identifier":"a1","x":', '{"IsRunning":true,"IsOk":true,"x":'),
    *('{"connection":1,"value":', '{"Changes":', '{"value":', "[", '{"State":[', '{"Errors":'),
)


@pytest.mark.parametrize("opening", OPENINGS)
def test_nesting_without_end(opening: str) -> None:
    closing = "".join({"{": "}", "[": "]"}[sign] for sign in reversed(opening) if sign in "{[")
    for deep in (60, 500, 900, 1_000, 100_000):
        with suppress(NotJson):
            tree = tree_of(f"{opening * deep}1{closing * deep}".encode())
            assert [name for name in DECODERS if harmful(name, tree)] == []
            assert deep < 100, "it cannot be walked"


@fuzz
@given(
    content=st.one_of(
        st.binary(max_size=200), st.text(max_size=200).map(lambda t: t.encode("utf-8", "replace"))
    ),
    media=st.one_of(
        texts,
        st.sampled_from(
            (
                "charset=utf-16",
                "charset=idna",
                "charset=rot13",
                "charset=zip",
                "charset=unicode_escape",
                "charset=punycode",
            )
        ),
    ),
)
def test_any_bytes_in_any_charset(content: bytes, media: str) -> None:
    with suppress(NotJson):
        tree = tree_of(content, media)
        for name in DECODERS:
            assert harmful(name, tree) == []
