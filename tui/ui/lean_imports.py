"""Loads Textual without what it never uses here; the first frame waits for every module.

asyncio works without `ssl`, which is only for its own TLS streams (httpx brings its own). Textual's
command palette, never opened here, takes one type from a module that imports a dozen widgets.
Both stay importable for everybody else.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType


def load() -> None:
    """Import asyncio and Textual's app, unless another part has imported them."""
    with _replaced("ssl", None):
        import_module("asyncio")
    stand_in = ModuleType("textual.types")
    callback = import_module("textual._types").IgnoreReturnCallbackType
    vars(stand_in)["IgnoreReturnCallbackType"] = callback
    with _replaced("textual.types", stand_in):
        import_module("textual.app")


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
