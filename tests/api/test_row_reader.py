"""Rows as servers write them: lenient where the meaning is clear, never inventing, never crashing."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.api.error_body import words_of
from tui.api.http.decode import NotJson, tree_of
from tui.api.jtl.rows import EXTENSIONS, STATUSES, SYNCS, read_paging
from tui.api.row_reader import SAFE_ID, Unreadable, read_rows, rows_in
from tui.api.superoffice.connection_rows import read_connections
from tui.api.superoffice.engine_rows import read_engine
from tui.api.superoffice.plugin_rows import read_plugin
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import WorkerStatus, WorkerSync
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.domain.superoffice.plugin_response import PluginAnswer
from tui.domain.text import clean, clean_tree


def syncs(*rows: object) -> tuple[WorkerSync, ...]:
    return read_rows(list(rows), SYNCS)


def status(**fields: object) -> WorkerStatus:
    (only,) = read_rows([{"Identifier": "a", **fields}], STATUSES)
    assert isinstance(only, WorkerStatus)
    return only


@pytest.mark.parametrize("key", ["Identifier", "identifier", "IDENTIFIER"])
def test_keys_are_read_in_any_case(key: str) -> None:
    assert syncs({key: "a", "syncname": "Ebay"})[0].kind == "Ebay"


def test_what_is_absent_stays_absent() -> None:
    (sync,) = syncs({"Identifier": "a"})
    assert (sync.kind, sync.options, sync.interval.shown) == ("", (), "not reported")
    assert status().state is None
    assert status().progress is None


def test_unknown_fields_are_kept_for_the_raw_view() -> None:
    assert syncs({"Identifier": "a", "Nice": [1]})[0].raw["Nice"] == [1]


@pytest.mark.parametrize(
    ("came", "state"),
    [(3, 3), ("3", 3), (3.0, 3), ("SuccessfullFinished", 3), ("SLEEPING_ERROR_GESPERRT", 6), (99, 99)],
)
def test_a_state_may_be_a_number_or_a_name(came: object, state: int) -> None:
    assert status(State=came).state == state


def test_a_number_as_interval_is_shown_as_it_came() -> None:
    assert syncs({"Identifier": "a", "Interval": 300})[0].interval.shown == "300"


@pytest.mark.parametrize("came", [float("nan"), float("inf"), 10**400])
def test_a_progress_without_measure_is_none(came: object) -> None:
    assert status(Progress=came).progress is None


def test_a_bad_row_says_what_is_wrong_with_it() -> None:
    good = {"Identifier": "a"}
    rows = syncs(
        good,
        {"Identifier": "b", "SyncName": ["x"]},
        {"Identifier": "c", "Configurations": [{"Identifier": "o"}, {"CurrentValue": "x"}]},
        {"Identifier": "d", "Configurations": [{"Identifier": "o", "IsRequired": "perhaps"}]},
        "text",
        {"Identifier": "../../x"},
        good,
    )
    assert [(row.id, row.problem) for row in rows] == [
        ("a", "the same identifier as another row"),
        ("b", "SyncName: expected text, got a list"),
        ("c", "Configurations.2: Identifier is missing"),
        ("d", "Configurations.1.IsRequired: expected true or false, got text"),
        ("#5", "no usable identifier"),
        ("#6", "no usable identifier"),
        ("a#2", "the same identifier as another row"),
    ]


def test_a_list_of_bad_rows_only_is_no_answer() -> None:
    with pytest.raises(Unreadable, match="none of 2 rows can be read: no usable identifier"):
        syncs({}, 7)
    assert syncs() == ()


@pytest.mark.parametrize("wrap", ["items", "Items", "data", "value", "workers"])
def test_lists_are_found_in_every_known_envelope(wrap: str) -> None:
    assert rows_in({wrap: [1, 2]}, SYNCS) == [1, 2]
    assert rows_in({"data": {wrap: [1]}}, SYNCS) == [1]


def test_an_object_that_is_no_list_tells_its_own_words() -> None:
    with pytest.raises(Unreadable, match="no licence"):
        rows_in({"ErrorMessage": "no licence"}, SYNCS)


def test_option_values_are_text_whatever_they_came_as() -> None:
    (sync,) = syncs(
        {
            "Identifier": "a",
            "Configurations": [
                {"Identifier": "1", "CurrentValue": True},
                {"Identifier": 2, "CurrentValue": 14},
                {"Identifier": "3", "CurrentValue": None},
            ],
        }
    )
    assert [(option.id, option.value) for option in sync.options] == [
        ("1", "true"),
        ("2", "14"),
        ("3", None),
    ]


@pytest.mark.parametrize("running", [None, "true", 1, 0, [], {}])
def test_only_a_boolean_says_that_the_engine_runs(running: object) -> None:
    with pytest.raises(Unreadable):
        read_engine({"IsRunning": running, "StatusMessage": "running"})


def test_rights_and_field_properties_are_kept() -> None:
    engine = read_engine(
        {
            "isRunning": False,
            "TableRight": {"Mask": "Select, Update", "Reason": "[SR_X]"},
            "FieldProperties": {"Interval": {"FieldLength": 8}},
        }
    )
    assert engine.table_right is not None
    assert (engine.table_right.mask, engine.table_right.reason) == ("Select, Update", "[SR_X]")
    assert engine.field_properties == {"Interval": {"FieldLength": 8}}


@pytest.mark.parametrize(
    ("came", "read"),
    [("Warn", "Warning"), ("WARNING", "Warning"), (2, "Warning"), ("3", "Error"), ("Odd", "Odd")],
)
def test_a_plugin_status_in_any_spelling(came: object, read: str) -> None:
    assert read_plugin({"IsOk": True, "Status": came}).status == read


def test_a_plugin_answer_keeps_its_changes_and_its_doubt() -> None:
    answer = read_plugin(
        {
            "IsOk": True,
            "Status": "Error",
            "Changes": {
                "AddedRecords": [{"Tablename": "contact", "RecordId": 5}, 7],
                "UpdatedRecords": None,
                "DeletedRecords": [{"Tablename": "person", "RecordId": "6"}],
            },
        }
    )
    assert [(ref.change, ref.table, ref.record_id) for ref in answer.changes or ()] == [
        ("added", "contact", 5),
        ("deleted", "person", 6),
    ]
    assert answer.unreadable == 1
    assert answer.doubtful == "IsOk is true but Status is Error"


def test_connections_without_a_number_of_their_own() -> None:
    rows = read_connections(
        [{"ErpConnectionId": "7"}, {"ErpConnectionId": 7}, {"DisplayName": "x"}, {"ErpConnectionId": -1}]
    )
    assert [row.id for row in rows] == [7, -2, -3, -4]
    assert [row.doubled for row in rows] == [True, True, False, False]
    assert all(row.problem for row in rows)


@pytest.mark.parametrize("values", [{"PASSWORD": "hush"}, ["hush"], "hush"])
def test_configuration_values_never_get_through(values: object) -> None:
    (row,) = read_connections([{"ErpConnectionId": 7, "configFields": values, "Active": True}])
    assert "hush" not in f"{row}{row.raw}"


@pytest.mark.parametrize(
    ("tree", "said"),
    [
        ({"ErrorMessage": "broken", "ErrorCode": "E1"}, "broken"),
        ({"errorcode": "E1"}, "E1"),
        ({"Message": "a", "MessageDetail": "b"}, "a: b"),
        ({"Title": "t", "Detail": "d"}, "d: t"),
        ({"error": "invalid_client", "error_description": "who?"}, "who?"),
        ("plain", "plain"),
        (None, ""),
    ],
)
def test_the_servers_words_are_found(tree: object, said: str) -> None:
    assert words_of(tree).text == said


def test_messages_per_field_in_every_shape() -> None:
    assert words_of({"Errors": {"Interval": ["a", "b"]}}).fields == {"Interval": ("a", "b")}
    assert words_of({"validationErrors": {"Interval": "a"}}).fields == {"Interval": ("a",)}
    assert words_of({"errors": [{"Name": "X", "Reason": "r"}]}).fields == {"X": ("r",)}


@pytest.mark.parametrize(
    "content", [b"", b"  ", b"{", b"[" * 100_000, b"<html>", b"\xff\xfe", b"1" * 5_000]
)
def test_what_is_no_json_is_told_so(content: bytes) -> None:
    with pytest.raises(NotJson):
        tree_of(content)


def test_a_byte_order_mark_and_other_charsets() -> None:
    assert tree_of(b'\xef\xbb\xbf{"a": "\xc3\xb6"}') == {"a": "ö"}
    assert tree_of(b'{"a": "\xf6"}', "application/json; charset=iso-8859-1") == {"a": "ö"}
    assert tree_of(b'{"a": "\xf6"}', "application/json; charset=base64") == {"a": "\ufffd"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
KEYS = [
    *("Identifier", "identifier", "Id", "State", "Interval", "Configurations", "Progress", "LastSync"),
    *("ErpConnectionId", "ConfigFields", "IsRunning", "IsOk", "Status", "Changes", "AddedRecords"),
    *("TableRight", "FieldProperties", "items", "data", "Message", "ErrorMessage", "Errors", "RecordId"),
]
ROWS = st.recursive(
    JSON | st.sampled_from(["a", "b", "3", 7, "00:05:00", "Warn", True]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
    ),
    max_leaves=20,
)


@given(ROWS)
def test_whatever_comes_only_domain_objects_or_unreadable_come_out(tree: object) -> None:
    tree = clean_tree(tree)
    told: list[str] = []
    kinds: list[tuple[Any, type]] = [
        (SYNCS, WorkerSync),
        (STATUSES, WorkerStatus),
        (EXTENSIONS, Extension),
    ]
    for reading, kind in kinds:
        try:
            items = read_rows(rows_in(tree, reading), reading)
        except Unreadable as problem:
            told.append(str(problem))
            continue
        assert all(isinstance(item, kind) for item in items)
        assert all(item.problem or SAFE_ID.fullmatch(item.id) for item in items)
        assert len({item.id.lower() for item in items}) == len(items)
    for read, wanted in ((read_engine, EngineStatus), (read_plugin, PluginAnswer)):
        try:
            assert isinstance(read(tree), wanted)
        except Unreadable as problem:
            told.append(str(problem))
    try:
        rows = read_connections(tree)
    except Unreadable:
        rows = ()
    assert all(isinstance(row, Connection) for row in rows)
    assert isinstance(words_of(tree).text, str)
    total, more = read_paging(tree)
    assert total is None or isinstance(total, int)
    assert more in (None, True, False)
    assert all(told)


@given(st.binary(max_size=300))
def test_any_bytes_decode_or_are_no_json(content: bytes) -> None:
    told = ""
    try:
        tree = tree_of(content)
    except NotJson as problem:
        tree, told = None, str(problem)
    assert told or tree == clean_tree(tree) or tree != tree  # NaN


@given(
    st.recursive(
        st.text(max_size=30), lambda inner: st.dictionaries(st.text(max_size=5), inner, max_size=3)
    )
)
def test_nothing_hostile_passes_the_short_cut_of_the_decoder(tree: Any) -> None:
    for ascii_only in (True, False):
        content = json.dumps(tree, ensure_ascii=ascii_only).encode(errors="surrogatepass")
        decoded = tree_of(content)
        assert decoded == clean_tree(decoded)
        if ascii_only:
            assert decoded == clean_tree(tree)


def test_a_very_long_text_is_cut_whatever_way_it_takes() -> None:
    long = "x" * 30_000
    assert tree_of(json.dumps([long]).encode()) == [clean(long)]


def test_five_thousand_syncs_are_read() -> None:
    row = {
        "SyncName": "Ebay",
        "SalesChannelName": "Österreich",
        "Interval": "00:05:00",
        "ReportProgress": False,
        "Configurations": [
            {
                "Identifier": f"o{n}",
                "DisplayName": "Create orders",
                "Type": "bool",
                "CurrentValue": "false",
                "IsRequired": True,
            }
            for n in range(5)
        ],
    }
    content = json.dumps([{"Identifier": f"s{n}", **row} for n in range(5_000)]).encode()
    read = read_rows(rows_in(tree_of(content), SYNCS), SYNCS)
    assert (len(read), len(read[-1].options), read[-1].channel) == (5_000, 5, "Österreich")


@pytest.mark.parametrize(
    ("value", "altered"),
    [
        (b'"true"', False),
        (b'"Stra\xc3\x9fe \xe2\x82\xac"', False),
        ('"two\\nlines, a \\"quote\\", \U0001f600"'.encode(), False),
        (b'""', False),
        (b"null", False),
        (b"14", False),
        (b'"tab\\there"', True),
        (b'"carriage\\r\\nreturn"', True),
        (b'"esc\\u001b[2J"', True),
        (b'"zero\\u200bwidth"', True),
        (b'"lone \\ud800 half"', True),
        (b'"latin \xe4 byte"', True),
        pytest.param(b'"' + b"x" * 30_000 + b'"', True, id="too long"),
    ],
)
def test_an_option_whose_text_is_not_exactly_the_servers_says_so(value: bytes, altered: bool) -> None:
    content = b'[{"Identifier":"a","Configurations":[{"Identifier":"o","CurrentValue":%s}]}]' % value
    (sync,) = read_rows(rows_in(tree_of(content), SYNCS), SYNCS)
    (option,) = sync.options
    assert option.altered is altered
    assert type(option.value) in (str, type(None))
    assert option.value is None or option.value == clean(option.value)


@pytest.mark.parametrize(
    ("came", "listed", "unreadable", "told"),
    [
        (None, None, 0, "the changes were not reported"),
        ({}, None, 0, "the changes were not reported"),
        ({"AddedRecords": [], "UpdatedRecords": None}, 0, 0, "0 records changed"),
        ({"AddedRecords": [{"Tablename": "contact", "RecordId": 7}]}, 1, 0, "1 record changed"),
        (
            {"UpdatedRecords": [{"RecordId": 7}, "odd", 5]},
            1,
            2,
            "at least 1 record changed, 2 cannot be read",
        ),
        ({"DeletedRecords": "odd"}, 0, 1, "the changes cannot be read"),
        ("odd", 0, 1, "the changes cannot be read"),
    ],
)
def test_changes_that_are_not_told_or_not_read_are_not_invented(
    came: object, listed: int | None, unreadable: int, told: str
) -> None:
    answer = read_plugin({"IsOk": True, "Status": "Ok", "Changes": came})
    assert (None if answer.changes is None else len(answer.changes)) == listed
    assert (answer.unreadable, answer.changed) == (unreadable, told)
