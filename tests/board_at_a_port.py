# SPDX-License-Identifier: Apache-2.0
"""The host board's program behind a TCP port: to the command line, a physical board."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def _serve(line: socket.socket, program: Path) -> None:
    """The board: a fresh process for each connection, as if opening the port had reset it."""
    with line, subprocess.Popen([program], stdin=line.fileno(), stdout=line.fileno()) as process:
        process.wait()


@contextmanager
def board_at_a_port(program: Path) -> Iterator[str]:
    """The host board's program behind a TCP port, as a serial server shows a board."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            while True:
                try:
                    line, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=_serve, args=(line, program), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield f"socket://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
