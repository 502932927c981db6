# SPDX-License-Identifier: Apache-2.0
"""Bytes to and from a device: a serial port, a TCP socket (emulators) or a process (the host board)."""

from __future__ import annotations

import errno
import os
import re
import select
import socket
import subprocess
from collections.abc import Sequence
from typing import Any, Protocol

import serial

from edgesdk.errors import (
    DEVICE_LOST,
    PORT_ABSENT,
    PORT_BUSY,
    PORT_DENIED,
    TOOL_FAILED,
    USAGE,
    EdgeError,
    ErrorKind,
)

BAUD = 115200
_CHUNK = 65536
_CONNECT_S = 5.0
# An emulator that sends byte by byte with Nagle on waits for each delayed acknowledgement: 40 ms a frame.
_QUICK_ACK: int | None = getattr(socket, "TCP_QUICKACK", None)


class Transport(Protocol):
    """A line to a device. All failures after opening are EdgeError(DEVICE_LOST)."""

    def read(self, timeout_s: float) -> bytes:
        """What has arrived, waiting up to timeout_s seconds for the first byte; empty where nothing came."""

    def write(self, data: bytes) -> None:
        """Sends all bytes."""

    def close(self) -> None:
        """Gives the line back. May be called twice."""


def open_port(port: str, baud: int = BAUD) -> Transport:
    """Opens a port by name (/dev/ttyACM0, COM3) or URL (socket://host:port, and those pyserial knows).

    Raises:
        EdgeError: PORT_ABSENT, PORT_BUSY or PORT_DENIED; USAGE for a URL that is none.
    """
    if port.startswith("socket://"):
        return SocketTransport(port)
    return SerialTransport(port, baud)


def _lost(where: str, why: object) -> EdgeError:
    return EdgeError(DEVICE_LOST, "the connection broke off", where=where, why=str(why))


def _open_failure(port: str, cause: BaseException | None) -> EdgeError:
    """The user's error for what the operating system said."""
    code = getattr(cause, "errno", None)
    if code is None and cause is not None and cause.args and isinstance(cause.args[0], int):
        code = cause.args[0]  # termios.error has no errno
    why = os.strerror(code) if code else str(cause or "")
    if code == errno.ENOTTY:
        return EdgeError(USAGE, f"{port} is no serial port", why=why)
    if code == errno.ECONNREFUSED:
        return EdgeError(PORT_ABSENT, f"nothing listens at {port}", why=why, tries=("start the server or emulator",))
    kind: ErrorKind = PORT_ABSENT
    tries: tuple[str, ...] = (
        "`edgesdk doctor` lists the ports of this machine",
        "check the cable and the board's power",
    )
    if re.fullmatch(r"[\w.-]+:[0-9]+", port):
        tries = (f"a TCP port is written socket://{port}", *tries[:1])
    if code in (errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK):
        kind, tries = PORT_BUSY, ("close the other program (a serial monitor?) that holds the port",)
    elif code in (errno.EACCES, errno.EPERM):
        kind, tries = PORT_DENIED, ("see your system's documentation on who may open serial ports",)
    return EdgeError(kind, f"{kind.title}: {port}", why=why, tries=tries)


class SerialTransport:
    """A serial port, locked against a second opener."""

    def __init__(self, port: str, baud: int = BAUD) -> None:
        self._port = port
        try:
            self._serial: Any = serial.serial_for_url(port, baudrate=baud, timeout=0, exclusive=True)
        except serial.SerialException as error:
            cause = error if error.errno is not None else error.__context__
            raise _open_failure(port, cause or error) from None
        except ValueError as error:
            raise EdgeError(USAGE, f"{port} is no serial port", why=str(error)) from None

    def read(self, timeout_s: float) -> bytes:
        try:
            if self._serial.timeout != timeout_s:
                self._serial.timeout = timeout_s
            return bytes(self._serial.read(max(1, self._serial.in_waiting)))
        except (
            serial.SerialException,
            OSError,
            TypeError,
        ) as error:  # TypeError: closed under pyserial's feet
            raise _lost(self._port, error) from None

    def write(self, data: bytes) -> None:
        try:
            self._serial.write(data)
        except (serial.SerialException, OSError) as error:
            raise _lost(self._port, error) from None

    def close(self) -> None:
        self._serial.close()


class SocketTransport:
    """socket://host:port. pyserial's own would read byte by byte."""

    def __init__(self, url: str) -> None:
        self._url = url
        host, _, port = url.removeprefix("socket://").partition("/")[0].rpartition(":")
        if not host or not port.isdecimal() or int(port) > 65535:
            raise EdgeError(USAGE, f"{url} is not of the form socket://host:port")
        try:
            self._socket = socket.create_connection((host, int(port)), timeout=_CONNECT_S)
        except OSError as error:
            raise _open_failure(url, error) from None
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def read(self, timeout_s: float) -> bytes:
        try:
            ready, _, _ = select.select([self._socket], [], [], timeout_s)
            if not ready:
                return b""
            data = self._socket.recv(_CHUNK)
            if _QUICK_ACK is not None:
                self._socket.setsockopt(socket.IPPROTO_TCP, _QUICK_ACK, 1)
        except (OSError, ValueError) as error:
            raise _lost(self._url, error) from None
        if not data:
            raise _lost(self._url, "the other side closed it")
        return data

    def write(self, data: bytes) -> None:
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise _lost(self._url, error) from None

    def close(self) -> None:
        self._socket.close()


class PipeTransport:
    """A process that speaks on its standard input and output: the host board. Closing ends it."""

    def __init__(self, command: Sequence[str]) -> None:
        self._name = command[0]
        try:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        except OSError as error:
            raise EdgeError(TOOL_FAILED, f"{self._name} does not start", why=str(error)) from None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in = self._process.stdin
        self._out = self._process.stdout

    def read(self, timeout_s: float) -> bytes:
        try:
            ready, _, _ = select.select([self._out], [], [], timeout_s)
            if not ready:
                return b""
            data = os.read(self._out.fileno(), _CHUNK)
        except (OSError, ValueError) as error:
            raise _lost(self._name, error) from None
        if not data:
            raise _lost(self._name, f"the program ended with status {self._process.wait()}")
        return data

    def write(self, data: bytes) -> None:
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._in.fileno(), view) :]
        except (OSError, ValueError) as error:
            raise _lost(self._name, error) from None

    def close(self) -> None:
        self._in.close()
        self._out.close()
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait()
