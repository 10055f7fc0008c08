"""Loads Textual without what it never uses here; the first frame waits for every module.

asyncio works without `ssl`, which is only for its own TLS streams (httpx brings its own). Textual's
app names its command palette, never opened here, which imports half a dozen widgets. Both stay
importable for everybody else.

On a slow line the first form would wait for its modules on top of the line: they are loaded before.
"""

import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType

_OF_FORMS = (
    "tui.ops.operations.base",
    "tui.ui.widgets.form_fields",
    "tui.ui.forms.form",
    "tui.ui.forms.worker_configure",
    "tui.ui.modals.review.review",
    "tui.ui.modals.details.details",
)
_BETWEEN = 0.3
"""Seconds between two parts."""


def load() -> None:
    """Import asyncio and Textual's app, unless another part has imported them."""
    with _replaced("ssl", None):
        import_module("asyncio")
    with _replaced("textual.command", _NoPalette("textual.command")):
        import_module("textual.app")


class _NoPalette(ModuleType):
    """Stands for Textual's command palette while its names are imported; each is an empty class."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


async def load_forms(sleep: Callable[[float], Awaitable[None]]) -> None:
    """Import what the first form needs, a part at a time: no key waits for more than one part."""
    for name in _OF_FORMS:
        await sleep(_BETWEEN)
        import_module(name)


@contextmanager
def _replaced(name: str, module: ModuleType | None) -> Iterator[None]:
    """Until the end of the block, importing `name` gives this module; None: it cannot be imported."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = module  # type: ignore[assignment] # None is documented
    try:
        yield
    finally:
        del sys.modules[name]
