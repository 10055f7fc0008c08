"""Answers as servers give them."""

import pytest

from tui.domain.superoffice.plugin_response import PluginAnswer


@pytest.mark.parametrize(
    ("is_ok", "status", "ok", "doubtful"),
    [
        (True, "Ok", True, False),
        (True, "Warning", True, False),
        (False, "Error", False, False),
        (None, "Error", False, False),
        (None, "OkWithInfo", True, False),
        (True, "", True, False),
        (True, "Error", None, True),
        (False, "Ok", None, True),
        (None, "", None, True),
        (None, "Fatal", None, True),
        (None, "4", None, True),
        (True, "Failed", None, True),
        (False, "Failed", None, True),
    ],
)
def test_an_answer_that_contradicts_itself_is_doubtful(
    is_ok: bool | None, status: str, ok: bool | None, doubtful: bool
) -> None:
    answer = PluginAnswer(is_ok, status)
    assert answer.ok is ok
    assert bool(answer.doubtful) is doubtful
