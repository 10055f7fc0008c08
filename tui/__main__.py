"""The entry point: answers `--version` before any import, then runs `cli`."""

import sys


def main() -> None:
    arguments = sys.argv[1:]
    if arguments[:1] == ["--version"]:
        from tui import __version__

        print(f"syncdeck {__version__}")
        return
    import gc

    from tui.startup import first_frame as early

    # What is imported stays: looking for garbage in it only delays the first frame.
    gc.disable()
    try:
        early.show(arguments)
        from tui.cli.main import main as run

        code = run(arguments)
    except KeyboardInterrupt:
        code = 130
    finally:
        early.leave()
    _leave(code)


def _leave(code: int) -> None:
    """Exit at once: an orderly shutdown of the interpreter would wait for threads in a name lookup."""
    import os

    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            code = code or 1
    os._exit(code)


if __name__ == "__main__":
    main()
