# SPDX-License-Identifier: Apache-2.0
"""The serial application with small test models, compiled for this machine; and damaging lines."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Sequence
from pathlib import Path

from edgesdk.link import PipeTransport, Timing, Transport

ROOT = Path(__file__).resolve().parent.parent
FIRMWARE = ROOT / "firmware"
HERE = ROOT / "tests" / "link"
SANITIZE = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g")
INCLUDES = tuple(
    f"-I{d}" for d in (FIRMWARE / "include", FIRMWARE / "runtime", FIRMWARE / "app", FIRMWARE / "ports", HERE)
)
APP = sorted(p for p in (FIRMWARE / "app").glob("*.c") if p.name != "edge_main.c")
MAIN = FIRMWARE / "app" / "edge_main.c"
HOST_PORT = FIRMWARE / "ports" / "host" / "edge_port_host.c"

PATIENT = Timing()
HURRIED = Timing(connect=60, reply=0.03, busy=0.06, work=120, attempts=500)


def compile_program(out: Path, sources: Sequence[Path], defines: Sequence[str] = ()) -> Path:
    """Compiles with the runtime (plain and hooked) and sanitizers."""
    flags = [
        "-std=c11",
        "-O1",
        "-fwrapv",
        "-Wall",
        "-Wextra",
        *SANITIZE,
        *INCLUDES,
        *(f"-D{d}" for d in defines),
    ]
    hooked = out.with_suffix(".hooked.o")
    run = FIRMWARE / "runtime" / "edge_run.c"
    subprocess.run(["gcc", *flags, "-DEDGE_HOOKED", "-c", str(run), "-o", str(hooked)], check=True)
    plain = sorted((FIRMWARE / "runtime").glob("*.c"))
    subprocess.run(["gcc", *flags, *map(str, [*sources, *plain, hooked]), "-o", str(out)], check=True)
    return out


def compile_device(out: Path, *, payload: int, db_bytes: int = 0, profile_ops: int = 8) -> Path:
    """The application as a program that speaks on its standard streams."""
    defines = (
        f"EDGE_APP_PAYLOAD={payload}",
        f"EDGE_APP_DB_BYTES={db_bytes}",
        f"EDGE_APP_PROFILE_OPS={profile_ops}",
        'EDGE_APP_VERSION="0.1.0"',
        'EDGE_APP_BOARD="host"',
        'EDGE_APP_CORE="x86-64"',
    )
    return compile_program(out, [*APP, MAIN, HOST_PORT, HERE / "app_models.c", HERE / "serve.c"], defines)


class RecordingLine:
    """Keeps what the host sends."""

    def __init__(self, line: Transport) -> None:
        self._line = line
        self.sent = b""

    def read(self, timeout_s: float) -> bytes:
        return self._line.read(timeout_s)

    def write(self, data: bytes) -> None:
        self.sent += data
        self._line.write(data)

    def close(self) -> None:
        self._line.close()


class LossyLine:
    """Loses, repeats, cuts and corrupts what goes through it, in both directions, as its seed says."""

    def __init__(self, line: Transport, seed: int, rate: float) -> None:
        self._line = line
        self._random = random.Random(seed)
        self._rate = rate
        self.damaged = 0

    def _damage(self, data: bytes) -> bytes:
        """Acts on pieces of about a frame."""
        out = b""
        for start in range(0, len(data), 150):
            piece = bytearray(data[start : start + 150])
            if self._random.random() < self._rate:
                self.damaged += 1
                at = self._random.randrange(len(piece))
                kind = self._random.randrange(6)
                if kind == 0:
                    piece.clear()
                elif kind == 1:
                    del piece[at:]
                elif kind == 2:
                    piece[at] ^= 1 << self._random.randrange(8)
                elif kind == 3:
                    piece += bytes(piece)
                elif kind == 4:
                    del piece[at]
                else:
                    piece.insert(at, self._random.randrange(256))
            out += piece
        return out

    def read(self, timeout_s: float) -> bytes:
        return self._damage(self._line.read(timeout_s))

    def write(self, data: bytes) -> None:
        self._line.write(self._damage(data))

    def close(self) -> None:
        self._line.close()


def start(program: Path) -> PipeTransport:
    return PipeTransport([str(program)])
