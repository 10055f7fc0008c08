"""A start that ends with the first frame: `until.py hello`, or `console` with its arguments."""

import os
import sys
import time


def _end() -> None:
    time.sleep(0.3)  # the thread that writes is as far
    os._exit(0)


def _hello() -> None:
    from tests.benchmarks.hello import Hello

    class Ending(Hello):
        def on_ready(self) -> None:
            self.call_later(_end)

    Ending().run()


def _console() -> None:
    from tui.__main__ import main
    from tui.ui import lean_imports

    load = lean_imports.load

    def load_and_follow() -> None:
        load()
        from tui.ui.app import SyncdeckApp

        def drawn(app: SyncdeckApp, *_: object) -> None:
            app.call_later(_end)

        setattr(SyncdeckApp, "_start", drawn)  # noqa: B010 - in place of connecting

    lean_imports.load = load_and_follow
    main()


if __name__ == "__main__":
    _hello() if sys.argv.pop(1) == "hello" else _console()
