# SPDX-License-Identifier: Apache-2.0
"""100,000 strings into the device's parser and dispatcher under AddressSanitizer and UBSan."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from edgesdk.errors import EdgeError
from edgesdk.link import Device
from link_device import APP, HERE, PATIENT, RecordingLine, compile_program, start

STRINGS = 100_000
TEXT_SESSION = (
    b"name%profile%timestamp%help%db load 72%db " + b"5f" * 31 + b"%db " + b"07" * 31 + b"%db " + b"80" * 10
    + b"%db print%infer 2 1%results%what%infer 1 0%edge bin%"
)  # fmt: skip


def record_session(program: Path, model: int, plan: int, fill: bytes) -> bytes:
    """What a host sends to select, fill, run, trace and dump."""
    line = RecordingLine(start(program))
    with Device.connect(line, PATIENT) as device:
        device.select(model, plan)
        device.write_inputs([fill[: i.size] for i in device.model.inputs] if device.model else [])
        device.run()
        device.read_outputs()
        device.trace(device.default_input)
        device.dump(device.default_input, 1)
        device.profile(device.default_input)
        device.paint(3)
        device.memory()
    return line.sent


def record_fault(program: Path) -> bytes:
    line = RecordingLine(start(program))
    with Device.connect(line, PATIENT) as device:
        device.select(0x44444444, 0xBBBBBBBB)
        device.write_inputs([b"\x7f0000", b"11111"])
        with pytest.raises(EdgeError):
            device.run()
    return line.sent


def test_100000_strings(small_device: Path, tmp_path: Path) -> None:
    defines = ("EDGE_APP_PAYLOAD=64", "EDGE_APP_PROFILE_OPS=2", "EDGE_APP_DB_BYTES=128")
    program = compile_program(tmp_path / "fuzz", [*APP, HERE / "app_models.c", HERE / "fuzz.c"], defines)
    sessions = [TEXT_SESSION, record_fault(small_device)]
    for crc in (0x11111111, 0x44444444, 0x55555555):
        sessions.append(record_session(small_device, crc, ~crc & 0xFFFFFFFF, bytes(range(250))))
    files = []
    for i, session in enumerate(sessions):
        files.append(tmp_path / f"session{i}")
        files[-1].write_bytes(session)
    seed = os.environ.get("EDGESDK_FUZZ_SEED", "1")
    done = subprocess.run(
        [str(program), seed, str(STRINGS), *map(str, files)], capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, f"seed {seed}: {done.stdout}{done.stderr}"
    counts = {k: int(v) for k, v in re.findall(r"(\w+)=(\d+)", done.stdout)}
    assert counts["ran_out"] + counts["reset"] + counts["too_long"] == STRINGS
    # the strings must reach what they are meant to test
    assert counts["answered"] > STRINGS // 4
    assert min(counts["reset"], counts["faults"]) > 100
