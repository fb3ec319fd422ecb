"""The server of the review pages: this machine alone, one person, one address that works once."""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
from collections.abc import Callable
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.ledger import Ledger
from pipeline.review.desk import Desk, at_work

HOST = "127.0.0.1"


def serve(out: Path, by: str, port: int, tell: Callable[[str], object]) -> None:
    """Serve until interrupted; `tell` is given the address. Raises UsageError."""
    try:
        import uvicorn

        from pipeline.review.app import application
    except ImportError as error:
        raise UsageError("the review pages need `pip install -e '.[review]'`") from error
    with Ledger.open(out):  # says what is wrong with OUT before anything is promised
        pass
    if not (out / "worklist.csv").is_file():
        raise UsageError(f"{out}: no worklist.csv here; `chartgap run` makes one")
    logging.disable()  # a library may quote what it was given
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, port))
        except OSError as error:
            raise UsageError(f"port {port}: {error.strerror}") from error
        desk, token = Desk(out, by), secrets.token_urlsafe(32)
        origin = f"http://{HOST}:{listening.getsockname()[1]}"
        config = uvicorn.Config(
            application(desk, origin, token),
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=5,
        )
        server = uvicorn.Server(config)
        end = at_work(desk)
        try:
            listening.listen()
            tell(f"{origin}/enter?token={token}")
            tell(f"Works once, for {by}, on this machine alone. Ctrl-C ends it.")
            asyncio.run(server.serve(sockets=[listening]))
        except KeyboardInterrupt:
            pass
        finally:
            end()
