"""The entry point: answers `--version` before anything is imported, then hands over to `cli`."""

import sys


def main() -> None:
    """Run `syncdeck` and end the process with its exit code."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["--version"]:
        from tui import __version__

        print(f"syncdeck {__version__}")
        return
    from tui import early

    try:
        early.show(arguments)
        from tui.cli import main as run

        code = run(arguments)
    except KeyboardInterrupt:
        code = 130
    finally:
        early.leave()
    _leave(code)


def _leave(code: int) -> None:
    """End now: an interpreter that shuts down in order waits for threads that look up names."""
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
