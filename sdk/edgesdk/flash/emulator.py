# SPDX-License-Identifier: Apache-2.0
"""A board in QEMU: starts it, gives its UART as a socket, and ends it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from edgesdk.boards import Board
from edgesdk.compile.build import Firmware
from edgesdk.compile.toolchains import Tool, require_tool, unpacked_root
from edgesdk.errors import BOARD_NO_EMULATOR, EMULATOR_FAILED, EdgeError

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class Emulator:
    """A running emulator. It waits for its one connection before the first instruction.

    Args:
        keep: whether it outlives this process.
        more: arguments for QEMU.

    Raises:
        EdgeError: BOARD_NO_EMULATOR, TOOL_MISSING, EMULATOR_FAILED.
    """

    def __init__(self, firmware: Firmware, *, keep: bool = False, more: Sequence[str] = ()) -> None:
        board = firmware.board
        if board.emulator is None:
            raise EdgeError(BOARD_NO_EMULATOR, f"{board.id} has no emulator")
        tool = require_tool(board.emulator.program)
        self.board = board
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  closed by close()
        # QEMU takes over a socket that listens already: no other process can get the port in between, and a
        # connection made before QEMU is ready waits in the backlog.
        with socket.create_server(("127.0.0.1", 0), backlog=1) as listener:
            self.port: int = listener.getsockname()[1]
            command = [str(tool.path), *_arguments(board, firmware, tool, listener.fileno()), *more]
            try:
                self._process = subprocess.Popen(
                    command,
                    env=os.environ | tool.env,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=self._errors,
                    pass_fds=(listener.fileno(),),
                    start_new_session=True,  # Ctrl-C is for us; we end it
                    preexec_fn=None if keep else _die_with_parent(os.getpid()),
                )
            except OSError as error:
                self._errors.close()
                raise EdgeError(EMULATOR_FAILED, f"{tool.name} does not start", why=str(error)) from None

    @property
    def url(self) -> str:
        """Its UART, for pyserial."""
        return f"socket://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def check(self) -> None:
        """Raise EdgeError EMULATOR_FAILED, with what it said last, where it has ended other than by a reset."""
        code = self._process.poll()
        if code:
            raise EdgeError(
                EMULATOR_FAILED, f"the emulator of {self.board.id} ended with {code}", why=self._complaint()
            )

    def wait(self, timeout_s: float) -> int:
        """Its exit status, once the firmware has reset itself.

        Raises:
            EdgeError: EMULATOR_FAILED where it still runs after timeout_s seconds.
        """
        try:
            return self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise EdgeError(EMULATOR_FAILED, f"the emulator of {self.board.id} does not end") from None

    def close(self) -> None:
        """Ends it. May be called twice."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._errors.close()

    def _complaint(self) -> str:
        self._errors.seek(0)
        return self._errors.read().decode(errors="backslashreplace").strip()[-2000:]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _arguments(board: Board, firmware: Firmware, tool: Tool, listener: int) -> list[str]:
    e = board.emulator
    assert e is not None
    arguments = ["-machine", e.machine, *(["-cpu", e.cpu] if e.cpu else [])]
    if tool.path.is_relative_to(unpacked_root()):
        arguments += ["-L", str(unpacked_root() / "usr/share/qemu")]
    if board.build.arch == "riscv":
        arguments += ["-bios", "none"]
    return [
        *arguments,
        *("-kernel", str(firmware.elf)),
        *("-chardev", f"socket,id=uart,fd={listener},server=on,wait=on,nodelay=on"),
        *("-serial", "chardev:uart"),
        # While the core works, time is counted in instructions; while it sleeps, by the clock: idling costs nothing.
        *("-icount", f"shift={e.icount_shift},sleep=on"),
        *("-display", "none", "-monitor", "none", "-parallel", "none", "-nodefaults", "-no-reboot"),
    ]


def _die_with_parent(parent: int) -> Callable[[], None]:
    """What the child does before QEMU starts: ask the kernel to end it with this process, whatever ends that."""

    def ask() -> None:
        with contextlib.suppress(OSError):
            _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask
