"""What a server sent instead of the expected response to a write.

For a read the expected shape is enough. A write with an unexpected response may have been done, and
an operator who has to find out needs the server's message, in any shape.
"""

import json
from collections.abc import Mapping

from tui.api.error_body import short, words_of
from tui.api.http.request import ApiRequest
from tui.api.superoffice.engine_rows import masked
from tui.domain.profile import System
from tui.domain.redaction import masked_tree


def unexpected_content(request: ApiRequest, tree: object) -> str:
    """The server's message, or the value itself; empty for a read, and where it may hold secrets."""
    if request.repeatable or request.confidential:
        return ""
    if not isinstance(tree, Mapping | list):
        return short(tree) if isinstance(tree, str) else json.dumps(tree)
    words = words_of(tree).text
    if words or request.system is not System.SUPEROFFICE:
        # A row of JTL-Wawi holds the values of options, and a secret's name does not always show it.
        return words
    shown = masked(tree) if isinstance(tree, Mapping) else tree
    return short(json.dumps(masked_tree(shown), ensure_ascii=False))


def unexpected_text(request: ApiRequest, words: str) -> str:
    """The beginning of a response that is not JSON; empty for a read, and where it may hold secrets."""
    if request.repeatable or request.confidential or not words:
        return ""
    is_broken_row = words.startswith(("{", "["))
    return "" if is_broken_row and request.system is not System.SUPEROFFICE else words
