# SPDX-License-Identifier: Apache-2.0
"""Ports that are absent, busy, silent, or lead to something else: a clear error each, within 10 seconds."""

from __future__ import annotations

import os
import pty
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from edgesdk import errors
from edgesdk.errors import EdgeError, ErrorKind
from edgesdk.link import Device, SerialTransport, Timing, open_port
from link_device import PATIENT, start


def assert_fails(kind: ErrorKind, attempt: object) -> EdgeError:
    begin = time.monotonic()
    with pytest.raises(EdgeError) as caught:
        attempt()  # type: ignore[operator]
    assert caught.value.kind is kind
    assert time.monotonic() - begin < 10
    return caught.value


@pytest.fixture
def terminal() -> Iterator[tuple[int, str]]:
    """A pseudo-terminal: our end, and the name of the port."""
    ours, theirs = pty.openpty()
    yield ours, os.ttyname(theirs)
    os.close(ours)
    os.close(theirs)


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def test_absent(tmp_path: Path) -> None:
    assert_fails(errors.PORT_ABSENT, lambda: open_port(str(tmp_path / "ttyNONE")))
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    refused = assert_fails(errors.PORT_ABSENT, lambda: open_port(f"socket://127.0.0.1:{port}"))
    assert "nothing listens" in refused.what
    plain = assert_fails(errors.PORT_ABSENT, lambda: open_port(f"localhost:{port}"))
    assert any(f"socket://localhost:{port}" in text for text in plain.tries)
    assert plain.why.count("No such file") == 1


def test_a_device_that_is_no_port() -> None:
    assert "is no serial port" in assert_fails(errors.USAGE, lambda: open_port("/dev/null")).what


@pytest.mark.parametrize("url", ["socket://nowhere", "socket://:5", "socket://host:99999", "socket://h:x", "zzz://a"])
def test_malformed(url: str) -> None:
    assert_fails(errors.USAGE, lambda: open_port(url))


def test_busy(terminal: tuple[int, str]) -> None:
    first = SerialTransport(terminal[1])
    assert_fails(errors.PORT_BUSY, lambda: open_port(terminal[1]))
    first.close()
    open_port(terminal[1]).close()


def test_silent_terminal(terminal: tuple[int, str]) -> None:
    error = assert_fails(errors.PORT_SILENT, lambda: Device.connect(open_port(terminal[1])))
    assert "not one byte" in error.why
    open_port(terminal[1]).close()  # the failed connect gave the port back


def test_something_else_answers(server: socket.socket) -> None:
    def chatter() -> None:
        line, _ = server.accept()
        with line:
            while line.recv(1000):
                line.sendall(b"login: \0\0junk\0")

    threading.Thread(target=chatter, daemon=True).start()
    line = open_port(f"socket://127.0.0.1:{server.getsockname()[1]}")
    error = assert_fails(errors.PORT_SILENT, lambda: Device.connect(line, Timing(connect=1)))
    assert "not edgesdk" in error.why


def test_the_other_side_hangs_up(server: socket.socket) -> None:
    threading.Thread(target=lambda: server.accept()[0].close(), daemon=True).start()
    line = open_port(f"socket://127.0.0.1:{server.getsockname()[1]}")
    assert_fails(errors.DEVICE_LOST, lambda: Device.connect(line))


def test_another_model_or_plan(big_device: Path) -> None:
    with Device.connect(start(big_device), PATIENT) as device:
        other = assert_fails(errors.DEVICE_MODEL, lambda: device.select(0x12345678, 1))
        assert "another model" in other.what
        assert "wanted model 12345678" in other.why
        assert "kws01 (model 11111111, plan eeeeeeee)" in other.why
        assert "another plan" in assert_fails(errors.DEVICE_MODEL, lambda: device.select(0x11111111, 1)).what


def test_a_device_that_falls_silent(terminal: tuple[int, str], big_device: Path) -> None:
    device = Device.connect(start(big_device), Timing(reply=0.05, busy=0.1, work=1))
    device._session._transport.close()
    device._session._transport = open_port(terminal[1])
    assert_fails(errors.DEVICE_LOST, device.models)
    device.close()


def test_a_serial_line_end_to_end(terminal: tuple[int, str], big_device: Path) -> None:
    """The host board behind a pseudo-terminal: what a USB serial adapter looks like."""
    program = start(big_device)
    ours = terminal[0]

    def to_program() -> None:
        while True:
            try:
                program.write(os.read(ours, 4096))
            except (OSError, EdgeError):
                return

    def to_port() -> None:
        while True:
            try:
                os.write(ours, program.read(10))
            except (OSError, EdgeError):
                return

    for copy in (to_program, to_port):
        threading.Thread(target=copy, daemon=True).start()
    with Device.connect(open_port(terminal[1])) as device:
        device.select(0x11111111, 0xEEEEEEEE)
        device.default_input()
        assert device.run().status == 0
        assert len(device.read_outputs()[0]) == 72
    program.close()
