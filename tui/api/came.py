"""What came instead of the answer to a write, in words: it is all that is known of it.

A read says what was expected; a write that was answered oddly may have been done, and whoever has to
find out needs what the server said, whatever shape it came in.
"""

import json
from collections.abc import Mapping

from tui.api.request import ApiRequest
from tui.api.wire_superoffice import masked
from tui.api.words import short, words_of
from tui.domain.secrecy import masked_tree
from tui.domain.systems import System


def came_instead(request: ApiRequest, tree: object) -> str:
    """The server's words, or the value itself; empty for a read, and for what may hold secrets."""
    if request.repeatable or request.confidential:
        return ""
    if not isinstance(tree, Mapping | list):
        return short(tree) if isinstance(tree, str) else json.dumps(tree)
    words = words_of(tree).text
    if words or request.system is not System.SUPEROFFICE:
        # A row of JTL-Wawi holds the values of options, and not every secret goes by its name.
        return words
    shown = masked(tree) if isinstance(tree, Mapping) else tree
    return short(json.dumps(masked_tree(shown), ensure_ascii=False))


def prose_instead(request: ApiRequest, words: str) -> str:
    """The beginning of an answer that is no JSON; empty for a read, and for what may hold secrets."""
    if request.repeatable or request.confidential or not words:
        return ""
    is_broken_row = words.startswith(("{", "["))
    return "" if is_broken_row and request.system is not System.SUPEROFFICE else words
