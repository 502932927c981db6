# SPDX-License-Identifier: Apache-2.0
"""Rows that the host pushes while the device runs: over whole and damaged lines, repeated, refused, given up."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from edgesdk import errors
from edgesdk.errors import EdgeError
from edgesdk.link import Device, Timing
from edgesdk.link.frames import ANSWER, Frame
from edgesdk.link.messages import RunResult, Wanted
from link_device import HURRIED, PATIENT, LossyLine, start

ROWS, MIXED, LEAVES = 0x55555555, 0x66666666, 0x77777777
DEVICES = ("big_device", "small_device")
SIZES = (240, 16, 8)


def default_input() -> list[bytes]:
    data = (np.arange(sum(SIZES)) * 37 + 11).astype(np.uint8)
    data[240:256] ^= 0x80
    return [data[:240].tobytes(), data[240:256].tobytes(), data[256:].tobytes()]


def random_input(seed: int) -> list[bytes]:
    rng = np.random.default_rng(seed)
    inputs = [rng.integers(0, 256, size, np.uint8) for size in SIZES]
    inputs[1][::8] = 1  # 0x7f is a fault
    return [x.tobytes() for x in inputs]


def expected(inputs: Sequence[bytes]) -> tuple[bytes, bytes]:
    a, b, c = (np.frombuffer(x, np.uint8) for x in inputs)
    return ((a + np.uint8(5)) ^ np.uint8(0x33)).tobytes(), (b.reshape(2, 8) - c).tobytes()


def selected(device: Device, model: int = ROWS) -> Device:
    device.select(model, ~model & 0xFFFFFFFF)
    return device


def check_everything(device: Device, model: int = ROWS) -> None:
    selected(device, model)
    assert device.model is not None
    assert [o.streamed for o in device.model.outputs] == [model != ROWS, model == LEAVES]
    assert [i.streamed for i in device.model.inputs] == [True, True, False]
    for seed in range(2):
        inputs = random_input(seed)
        first, second = expected(inputs)
        fill = partial(device.write_inputs, inputs)
        fill()
        result = device.run()
        assert result.output_crc32 == zlib.crc32(first + second)
        assert (result.callback_ticks > 0) == (model != ROWS)
        resident = [o for o, about in zip((first, second), device.model.outputs, strict=True) if not about.streamed]
        assert device.read_outputs() == tuple(resident)
        assert device.outputs(fill) == (first, second)
        want = [(0, 3, 0, first[:60]), (0, 3, 1, first[60:120]), (1, 4, 0, second[:8]), (1, 4, 1, second[8:])]
        want += [(0, 3, 2, first[120:180]), (0, 3, 3, first[180:])]
        crcs = [(r.op, r.map, r.row, r.crc32) for r in device.trace(fill)]
        assert crcs == [(op, index, row, zlib.crc32(data)) for op, index, row, data in want]
        assert device.dump(fill, 3) == {y: first[60 * y : 60 * y + 60] for y in range(4)}
        assert device.dump(fill, 0) == {}  # no operator writes it

    device.paint(9)
    device.default_input()
    result = device.run()
    assert result.output_crc32 == zlib.crc32(b"".join(expected(default_input())))
    assert result.callback_ticks > 0
    profile = device.profile(device.default_input)
    assert [(o.op, o.calls) for o in profile.ops] == [(0, 4), (1, 2)]
    assert profile.output_crc32 == result.output_crc32


@pytest.mark.parametrize("program", DEVICES)
def test_a_whole_line(program: str, request: pytest.FixtureRequest) -> None:
    with Device.connect(start(request.getfixturevalue(program)), PATIENT) as device:
        check_everything(device)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("program", DEVICES)
def test_a_damaged_line(program: str, seed: int, request: pytest.FixtureRequest) -> None:
    line = LossyLine(start(request.getfixturevalue(program)), seed, 0.15)
    with Device.connect(line, HURRIED) as device:
        check_everything(device)
    assert line.damaged > 20


@pytest.mark.parametrize("model", [MIXED, LEAVES])
@pytest.mark.parametrize("program", DEVICES)
def test_rows_of_outputs_leave_as_they_are_made(program: str, model: int, request: pytest.FixtureRequest) -> None:
    with Device.connect(start(request.getfixturevalue(program)), PATIENT) as device:
        check_everything(device, model)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("program", DEVICES)
def test_rows_of_outputs_over_a_damaged_line(program: str, seed: int, request: pytest.FixtureRequest) -> None:
    line = LossyLine(start(request.getfixturevalue(program)), seed, 0.15)
    with Device.connect(line, HURRIED) as device:
        check_everything(device, (MIXED, LEAVES)[seed % 2])
    assert line.damaged > 20


def test_rows_of_outputs_fit_the_frames_and_come_where_they_are_asked_for(small_device: Path) -> None:
    inputs = random_input(6)
    first, second = expected(inputs)
    frames: list[bytes] = []
    with Device.connect(start(small_device), PATIENT) as device:
        selected(device, LEAVES).write_inputs(inputs)
        device._run(Frame.RUN, on_data=frames.append)
        assert frames == []
        device.write_inputs(inputs)
        device._run(Frame.RUN, b"\1", frames.append)
        assert [int.from_bytes(frame[:4], "little") for frame in frames] == list(range(len(frames)))
        assert max(map(len, frames)) <= device.hello.payload == 64
        rows = [(k, row, at) for _, row, k, at in (struct.unpack_from("<IHHI", frame) for frame in frames)]
        first_half, last_half = ([(0, row, at) for row in half for at in (0, 52)] for half in ((0, 1), (2, 3)))
        assert rows == [*first_half, (1, 0, 0), (1, 1, 0), *last_half]
        got = {key: frame[12:] for key, frame in zip(rows, frames, strict=True)}
        assert b"".join(got[key] for key in sorted(got)) == first + second
        for k in (0, 1):
            with pytest.raises(EdgeError, match="out of range"):  # nothing is kept
                device._session.request(Frame.READ_OUTPUT, struct.pack("<BxHI", k, 1, 0))


def test_rows_that_are_lost_take_another_run(big_device: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = random_input(7)
    fills: list[str] = []
    with Device.connect(start(big_device), PATIENT) as device:
        selected(device, MIXED)
        exchange = device._session.exchange

        def lossy(kind, payload, answers, on_data=None):  # type: ignore[no-untyped-def]
            lose = len(fills) == 1 and on_data is not None
            return exchange(kind, payload, answers, (lambda data: None) if lose else on_data)

        def fill(name: str) -> None:
            fills.append(name)
            device.write_inputs(inputs)

        monkeypatch.setattr(device._session, "exchange", lossy)
        assert device.outputs(partial(fill, "first"), partial(fill, "again")) == expected(inputs)
    assert fills == ["first", "again"]


def test_the_default_input_serves_one_run(big_device: Path) -> None:
    """What was asked for last counts, and a run consumes it."""
    inputs = random_input(3)
    with Device.connect(start(big_device), PATIENT) as device:
        selected(device).default_input()
        device.write_inputs(inputs)
        assert device.run().output_crc32 == zlib.crc32(b"".join(expected(inputs)))
        device.default_input()
        device.run()
        with pytest.raises(EdgeError, match="wants row 0 of input 0, which was not written"):
            device.run()
        device.write_inputs(inputs)
        with pytest.raises(EdgeError, match="status 2"):  # a run that is timed does not wait for rows
            device.profile(partial(device.write_inputs, inputs))


class Raw:
    """A session without Device's care."""

    def __init__(self, device: Device) -> None:
        self.session = device._session

    def ask(self, kind: Frame, payload: bytes = b"") -> Wanted | RunResult:
        packet = self.session.exchange(kind, payload, (Frame.WANTED, Frame.RUN | ANSWER))
        parse = Wanted.parse if packet.type == Frame.WANTED else RunResult.parse
        return parse(packet.payload)

    def again(self, kind: Frame, payload: bytes = b"") -> Wanted | RunResult:
        """The last request once more, byte for byte."""
        self.session._seq = (self.session._seq - 1) & 0xFF
        return self.ask(kind, payload)

    def refused(self, kind: Frame, payload: bytes, reason: str) -> None:
        with pytest.raises(EdgeError, match=reason) as caught:
            self.ask(kind, payload)
        assert caught.value.kind is errors.DEVICE_ERROR


def push(row: int, offset: int, data: bytes, k: int = 0) -> bytes:
    return struct.pack("<BxHI", k, row, offset) + data


def test_pieces_that_come_twice(big_device: Path) -> None:
    inputs = random_input(4)
    a, b, _ = inputs
    with Device.connect(start(big_device), PATIENT) as device:
        selected(device).write_inputs(inputs)
        raw = Raw(device)
        assert raw.ask(Frame.RUN) == Wanted(0, 0, 0, 60)
        assert raw.again(Frame.RUN) == Wanted(0, 0, 0, 60)
        assert raw.ask(Frame.PUSH_ROW, push(0, 0, a[:20])) == Wanted(0, 0, 20, 60)
        assert raw.again(Frame.PUSH_ROW, push(0, 0, a[:20])) == Wanted(0, 0, 20, 60)
        assert raw.ask(Frame.PUSH_ROW, push(0, 10, a[10:30])) == Wanted(0, 0, 30, 60)
        assert raw.ask(Frame.PUSH_ROW, push(0, 0, a[:5])) == Wanted(0, 0, 30, 60)
        assert raw.ask(Frame.PUSH_ROW, push(0, 30, a[30:60])) == Wanted(0, 1, 0, 60)
        assert raw.again(Frame.PUSH_ROW, push(0, 30, a[30:60])) == Wanted(0, 1, 0, 60)  # the row is not taken twice
        assert raw.ask(Frame.PUSH_ROW, push(1, 0, a[60:120])) == Wanted(1, 0, 0, 8)
        assert raw.ask(Frame.PUSH_ROW, push(0, 0, b[:8], 1)) == Wanted(1, 1, 0, 8)
        assert raw.ask(Frame.PUSH_ROW, push(1, 0, b[8:], 1)) == Wanted(0, 2, 0, 60)
        assert raw.ask(Frame.PUSH_ROW, push(2, 0, a[120:180])) == Wanted(0, 3, 0, 60)
        done = raw.ask(Frame.PUSH_ROW, push(3, 0, a[180:]))
        assert isinstance(done, RunResult)
        assert raw.again(Frame.PUSH_ROW, push(3, 0, a[180:])) == done  # ticks and all
        assert done.output_crc32 == zlib.crc32(b"".join(expected(inputs)))
        raw.refused(Frame.PUSH_ROW, push(0, 0, a[:60]), "no row is wanted")


def test_refusals_leave_the_run_waiting(big_device: Path) -> None:
    inputs = random_input(5)
    with Device.connect(start(big_device), PATIENT) as device:
        selected(device).write_inputs(inputs)
        raw = Raw(device)
        raw.refused(Frame.PUSH_ROW, push(0, 0, b"x"), "no row is wanted")
        raw.refused(Frame.WRITE_INPUT, struct.pack("<BxxxI", 0, 0) + b"x", "out of range")
        raw.ask(Frame.RUN)
        for payload, reason in [
            (push(1, 0, b"x"), "or another one"),
            (push(0, 0, b"x", 1), "or another one"),
            (push(0, 1, b"x"), "out of range"),  # a gap
            (push(0, 0, bytes(61)), "out of range"),
            (push(0, 0xFFFFFFFF, b"x"), "out of range"),
            (b"\0" * 7, "wrong length"),
        ]:
            raw.refused(Frame.PUSH_ROW, payload, reason)
        assert raw.ask(Frame.PUSH_ROW, push(0, 0, b"")) == Wanted(0, 0, 0, 60)


@pytest.mark.parametrize("kind", [Frame.MEMORY, Frame.HELLO, Frame.DEFAULT_INPUT])
def test_a_run_may_be_given_up(big_device: Path, kind: Frame) -> None:
    """In the middle of a row; the next run starts from the first."""
    inputs = random_input(6)
    with Device.connect(start(big_device), PATIENT) as device:
        selected(device).write_inputs(inputs)
        raw = Raw(device)
        raw.ask(Frame.RUN)
        raw.ask(Frame.PUSH_ROW, push(0, 0, inputs[0][:60]))
        raw.ask(Frame.PUSH_ROW, push(1, 0, inputs[0][60:80]))
        raw.session.request(kind)
        raw.refused(Frame.PUSH_ROW, push(1, 20, inputs[0][80:120]), "no row is wanted")
        device.write_inputs(inputs)
        assert device.run().output_crc32 == zlib.crc32(b"".join(expected(inputs)))


def test_a_device_that_repeats_its_wish_is_left(big_device: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Device.connect(start(big_device), Timing(reply=0.2, attempts=2)) as device:
        selected(device).write_inputs(random_input(7))
        monkeypatch.setattr(Device, "_piece", lambda self, wanted: b"")
        with pytest.raises(EdgeError, match="wants row 0 of input 0 again") as caught:
            device.run()
        assert caught.value.kind is errors.DEVICE_PROTOCOL
