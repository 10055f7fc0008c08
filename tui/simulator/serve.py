"""`syncdeck simulate`: the simulator over real HTTP on the loopback address, until a signal ends it."""

import asyncio
import signal
import socket
import sys

from tui.simulator.app import create_app
from tui.simulator.client_config import announcement, write_config
from tui.simulator.options import SimulateOptions

USAGE = 2


def serve(options: SimulateOptions) -> int:
    """Serve until SIGINT, SIGTERM or SIGHUP; the exit code: 0, or 2 with a sentence on stderr."""
    from tui.simulator.server import listen

    try:
        app = create_app(options)
        sock = listen(options.port)
    except ValueError as error:
        return _refuse(str(error))
    except (OSError, OverflowError) as error:
        return _refuse(
            f"port {options.port} cannot be used: {getattr(error, 'strerror', None) or error}"
        )
    url = f"http://127.0.0.1:{sock.getsockname()[1]}"
    try:
        if options.write_config is not None:
            write_config(options.write_config, url)
    except OSError as error:
        sock.close()
        return _refuse(f"{options.write_config} cannot be written: {error.strerror}")
    asyncio.run(_serve(app, sock, url))
    return 0


async def _serve(app: object, sock: socket.socket, url: str) -> None:
    from tui.simulator.server import SimulatorServer

    server = SimulatorServer(app, lambda: print("\n".join(announcement(url)), flush=True))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, server.stop)
    await server.serve(sockets=[sock])


def _refuse(sentence: str) -> int:
    print(f"syncdeck simulate: {sentence}", file=sys.stderr)
    return USAGE
