"""Option types in every spelling of .NET (F5), and what an unset required option may not block (F1)."""

import pytest

from tui.domain.jtl.worker_options import base_type, is_bool, is_known, wrong_value
from tui.domain.jtl.workers import WorkerOption


def option(type_name: str, *, required: bool = False) -> WorkerOption:
    return WorkerOption("1", "Option", type_name=type_name, required=required)


@pytest.mark.parametrize(
    "name",
    [
        "bool",
        "Boolean",
        "System.Boolean",
        "bool?",
        "System.Nullable`1[System.Boolean]",
        "System.Nullable`1[[System.Boolean, mscorlib, Version=4.0.0.0]]",
        "Nullable<bool>",
        " BOOLEAN ",
    ],
)
def test_on_and_off_in_every_spelling(name: str) -> None:
    assert is_bool(option(name))
    assert is_known(option(name))


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("System.Int32", "int32"),
        ("Nullable<System.Int64>", "int64"),
        ("System.String", "string"),
        ("decimal", "decimal"),
        ("", ""),
    ],
)
def test_the_plain_name_of_a_type(name: str, plain: str) -> None:
    assert base_type(option(name)) == plain


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("System.Int32", "7", None),
        ("System.Int32", "seven", "is not a whole number"),
        ("System.Int32", "", "is not a whole number"),
        ("System.Nullable`1[System.Int32]", "", None),
        ("System.Nullable`1[System.Int32]", "x", "is not a whole number"),
        ("bool?", "", None),
        ("bool?", "yes", "neither true nor false"),
        ("System.String", "", None),
        ("decimal", "19,5", None),
    ],
)
def test_a_value_is_judged_by_the_plain_type(name: str, text: str, words: str | None) -> None:
    problem = wrong_value(option(name), text)
    assert problem is None if words is None else words in str(problem)


def test_a_required_value_cannot_be_emptied_even_if_its_type_may_be_null() -> None:
    assert "is required" in str(wrong_value(option("int?", required=True), " "))
