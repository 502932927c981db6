# SPDX-License-Identifier: Apache-2.0
"""The MLPerf Tiny commands, line by line."""

from __future__ import annotations

import re
import struct
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgesdk.link import Device, PipeTransport
from link_device import FIRMWARE, HERE, INCLUDES, PATIENT, start

READY = "m-ready"
BANNER = ["m-timestamp-mode-performance", "m-init-done", READY]


class Runner:
    """Talks as the benchmark's runner does: words and %, no line ends; an answer ends with m-ready."""

    def __init__(self, line: PipeTransport) -> None:
        self.line = line
        self._rest = b""

    def answer(self) -> list[str]:
        lines: list[str] = []
        while not lines or READY not in lines[-1]:
            while b"\r\n" not in self._rest:
                data = self.line.read(5)
                assert data, f"silent after {lines} {self._rest!r}"
                self._rest += data
            text, _, self._rest = self._rest.partition(b"\r\n")
            lines.append(text.decode("ascii"))
        return lines

    def __call__(self, command: str) -> list[str]:
        self.line.write(command.encode() + b"%")
        lines = self.answer()
        assert lines[-1] == READY
        return lines[:-1]

    def load(self, data: bytes) -> None:
        assert self(f"db load {len(data)}") == [f"m-[Expecting {len(data)} bytes]"]
        for at in range(0, len(data), 31):
            last = at + 31 >= len(data)
            assert self(f"db {data[at : at + 31].hex()}") == (["m-load-done"] if last else [])


def runner_for(program: Path, model: int = 0) -> Runner:
    """A device in text mode with a model of the table selected."""
    line = start(program)
    runner = Runner(line)
    assert runner.answer() == BANNER
    if model:
        device = Device.connect(line, PATIENT)
        info = device.models()[model]
        device.select(info.model_crc, info.plan_crc)
        device.text()
        line.write(b"name%")
        while "m-name" not in runner.answer()[0]:
            pass
    return runner


def milli(values: Sequence[float] | np.ndarray) -> str:
    return f"m-results-[{','.join(f'{v:.3f}' for v in values)}]"


def kws_result(data: np.ndarray) -> str:
    out = ((data + np.int8(1)).astype(np.int8) ^ np.int8(0x55)).astype(np.int32)
    return milli((out + 3).astype(np.float32) * np.float32(0.3))


def test_identity(big_device: Path) -> None:
    run = runner_for(big_device)
    assert run("name") == ["m-name-dut-[edgesdk]"]
    assert re.match(r"^m-(name)-dut-\[([^]]+)]$", run("name")[0])
    assert run("profile") == ["m-profile-[ULPMark for tinyML Firmware V0.0.1]", "m-model-[kws01]"]
    first, second = (int(re.fullmatch(r"m-lap-us-(\d+)", run("timestamp")[0])[1]) for _ in range(2))
    assert first <= second
    assert run("what is this") == ["e-[Unknown command: what]"]
    assert run("\x1b[31m") == ["e-[Unknown command: ?[31m]"]
    assert run("x" * 81) == ["e-[Command too long]"]
    assert run("x" * 80) == [f"e-[Unknown command: {'x' * 80}]"]
    assert "edge bin" in "".join(run("help"))


@pytest.mark.parametrize("warmup", [0, 2])
def test_inference(big_device: Path, warmup: int) -> None:
    run = runner_for(big_device)
    data = np.random.default_rng(2).integers(-128, 128, 72, dtype=np.int8)
    assert run("results") == ["e-[No results]"]
    run.load(data.tobytes())
    rows = [data.tobytes()[i : i + 8].hex("-") for i in range(0, 72, 8)]
    assert run("db print") == [f"m-buffer-{row}" for row in rows]
    for n in (1, 3):  # the copy serves again
        lines = run(f"infer {n} {warmup}")
        laps = [int(m[1]) for line in lines if (m := re.fullmatch(r"m-lap-us-(\d+)", line))]
        assert len(laps) == 2
        assert laps[0] <= laps[1]
        assert [line for line in lines if "m-lap" not in line] == [
            f"m-warmup-start-{warmup}",
            "m-warmup-done",
            f"m-infer-start-{n}",
            "m-infer-done",
            kws_result(data),
        ]
        assert lines[3].startswith("m-lap")
        assert run("results") == [kws_result(data)]
    assert "m-warmup-start-10" in run("infer 1")


def test_a_streamed_input_has_no_room(big_device: Path) -> None:
    """Inference then takes the default input, as often as it is asked for."""
    run = runner_for(big_device, 4)
    for size in (264, 8):
        assert run(f"db load {size}") == ["e-[Buffer too small]"]
    assert run("db 00") == ["e-[Buffer too small]"]
    want = (((np.arange(240) * 37 + 11 + 5) ^ 0x33) & 0xFF).astype(np.uint8).view(np.int8)
    for _ in range(2):
        lines = run("infer 2 1")
        assert [line for line in lines if "m-lap" not in line] == [
            "m-warmup-start-1",
            "m-warmup-done",
            "m-infer-start-2",
            "m-infer-done",
            milli(want),
        ]


@pytest.mark.parametrize("model", [5, 6])
def test_a_streamed_output_is_not_kept(big_device: Path, model: int) -> None:
    """Inference is timed as ever, there are no results."""
    run = runner_for(big_device, model)
    for _ in range(2):
        lines = run("infer 2 1")
        assert [line for line in lines if "m-lap" not in line] == [
            "m-warmup-start-1",
            "m-warmup-done",
            "m-infer-start-2",
            "m-infer-done",
            "e-[Output is streamed]",
        ]
    assert run("results") == ["e-[Output is streamed]"]


def test_without_room_for_a_copy(small_device: Path) -> None:
    run = runner_for(small_device)
    data = np.arange(72, dtype=np.int8)
    assert run("infer 1 0") == ["e-[Input has 0 bytes, the model takes 72]"]
    run.load(data.tobytes())
    assert run("infer 1 1") == ["e-[Buffer too small]"]
    assert run("infer 2 0") == ["e-[Buffer too small]"]
    assert run("infer 1 0")[-1] == kws_result(data)
    assert run("infer 1 0") == ["e-[Input has 0 bytes, the model takes 72]"]  # the run consumed it
    assert run("db load 73") == ["e-[Buffer too small]"]


def test_bad_commands(big_device: Path) -> None:
    run = runner_for(big_device)
    assert run("db") == ["e-[Command 'db' requires a subcommand]"]
    assert run("db load") == ["e-[Command 'db load' requires the # of bytes]"]
    assert run("db load x") == ["e-[Command 'db load' must be >0 bytes]"]
    assert run("db load -5") == ["e-[Command 'db load' must be >0 bytes]"]
    assert run("db load 99999999999") == ["e-[Buffer too small]"]
    assert run("db 00") == ["e-[Buffer too small]"]
    assert run("db load 2") == ["m-[Expecting 2 bytes]"]
    assert run("db 123") == ["e-[Insufficent number of hex digits]"]
    assert run("db 1g") == ["e-[Invalid hex digit '1g']"]
    assert run("db 0102030405") == ["m-load-done"]
    assert run("db print") == ["m-buffer-01-02"]
    assert run("infer 1 0") == ["e-[Input has 2 bytes, the model takes 72]"]
    assert run("infer 0 0") == ["e-[Inference iterations must be >0]"]
    assert run("infer 1 -1") == ["e-[Inference warmup must be >=0]"]


@pytest.mark.parametrize("program", ["big_device", "small_device"])
def test_images_come_as_uint8(program: str, request: pytest.FixtureRequest) -> None:
    run = runner_for(request.getfixturevalue(program), 1)
    pixels = np.array([0, 1, 127, 128, 129, 254, 255, 30, 40], np.uint8)
    run.load(pixels.tobytes())
    assert run("infer 1 0")[-1] == milli(pixels.astype(np.float32) * np.float32(0.00390625))


def test_anomaly_windows_come_as_float32(big_device: Path, small_device: Path) -> None:
    run = runner_for(big_device, 2)
    usual = np.linspace(-20, 20, 9)
    for values in (usual, [0, 0.25, -0.25, 0.75, 30, -1e9, 1e30, 0.1, -7.3]):
        window = np.array(values, "<f4")
        run.load(window.tobytes())
        quotient = window / np.float32(0.5)
        q = np.clip(np.trunc(quotient + np.copysign(np.float32(0.5), quotient)) + 10, -128, 127)
        got = (q.astype(np.float32) - np.float32(5)) * np.float32(0.25)
        want = np.float32(0)
        with np.errstate(over="ignore"):
            for difference in got - window:
                want += difference * difference
        result = milli([want / np.float32(9)])
        assert run("infer 1 0")[-1] == result
        assert run("infer 2 1")[-1] == result
        assert run("results") == [result]
    assert runner_for(small_device, 2)("db load 36") == ["e-[Buffer too small]"]


@pytest.fixture(scope="module")
def milli_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("milli") / "milli"
    sources = [str(HERE / "milli.c"), str(FIRMWARE / "app" / "edge_text.c")]
    subprocess.run(["gcc", "-std=c11", "-fsanitize=undefined", *INCLUDES, *sources, "-o", str(out)], check=True)
    return out


@settings(deadline=None, max_examples=20)
@given(
    st.lists(
        st.floats(width=32, allow_nan=False, max_value=2.0**52, min_value=-(2.0**52)),
        min_size=50,
        max_size=200,
    )
)
def test_three_decimals_as_printf_writes_them(milli_program: Path, values: list[float]) -> None:
    values = [*values, 0.0005, 0.0015, 0.0625, 1.0625, -0.0004, -0.0, 1e-45, 2.5e-4, 0.9995, 123.4565]
    rounded = [struct.unpack("<f", struct.pack("<f", v))[0] for v in values]
    lines = "\n".join(struct.pack(">f", v).hex() for v in rounded)
    done = subprocess.run([str(milli_program)], input=lines, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [f"{v:.3f}" for v in rounded]
