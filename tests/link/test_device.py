# SPDX-License-Identifier: Apache-2.0
"""Every request against the real application, over whole and over damaged lines."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import pytest

from edgesdk import errors
from edgesdk.errors import EdgeError
from edgesdk.link import Device, PipeTransport, Timing
from edgesdk.link.frames import Frame
from edgesdk.link.framing import Packet, Receiver, encode
from edgesdk.link.messages import RunResult
from link_device import HURRIED, PATIENT, LossyLine, RecordingLine, start

KWS = 0x11111111
PAIR = 0x44444444
DEVICES = ("big_device", "small_device")


def plan_of(model_crc: int) -> int:
    return ~model_crc & 0xFFFFFFFF


def default_input(count: int) -> np.ndarray:
    return (np.arange(count) * 37 + 11).astype(np.uint8).view(np.int8)


def kws_maps(data: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    middle = (data + np.int8(1)).astype(np.int8)
    return middle.reshape(6, 12), (middle ^ np.int8(0x55)).reshape(6, 12)


def check_everything(device: Device) -> None:
    """Each operation, with results known in advance. Runs on any line."""
    hello = device.hello
    assert (hello.firmware, hello.board, hello.core) == ("0.1.0", "host", "x86-64")
    assert hello.ticks_hz == 1_000_000_000
    assert hello.instructions(5) is None
    models = device.models()
    assert [m.id for m in models] == ["kws01", "vww01", "ad01", "pair", "rows", "mixed", "leaves"]
    assert models[3].region_bytes == (16, 16)
    assert [i.dtype for i in models[3].inputs] == ["uint8", "int8"]
    assert (models[0].outputs[0].zero_point, models[0].outputs[0].size) == (-3, 72)
    assert models[0].outputs[0].scale == np.float32(0.3)

    selected = device.select(KWS, plan_of(KWS))
    assert (selected.model_crc, selected.plan_crc) == (KWS, plan_of(KWS))
    rng = np.random.default_rng(1)
    for data in (default_input(72), rng.integers(-128, 128, 72, dtype=np.int8)):
        middle, last = kws_maps(data)

        def fill(data: np.ndarray = data) -> None:
            device.write_inputs([data.tobytes()])

        fill()
        result = device.run()
        assert result.output_crc32 == zlib.crc32(last.tobytes())
        assert result.ticks > 0
        assert device.read_outputs() == (last.tobytes(),)

        profile = device.profile(fill)
        assert [(o.op, o.calls) for o in profile.ops] == [(0, 4), (1, 6)]
        assert 0 < sum(o.spent for o in profile.ops) <= 10 * profile.total
        assert profile.output_crc32 == result.output_crc32
        assert profile.calibration.calls == 1000
        assert 0 < profile.calibration.inner <= profile.calibration.outer

        crcs = [(r.op, r.map, r.row, r.crc32) for r in device.trace(fill)]
        want = [(0, 1, y, zlib.crc32(middle[y].tobytes())) for y in range(6)]
        want += [(1, 2, y, zlib.crc32(last[y].tobytes())) for y in range(6)]
        assert crcs == want
        assert device.dump(fill, 1) == {y: middle[y].tobytes() for y in range(6)}
        assert device.dump(fill, 2) == {y: last[y].tobytes() for y in range(6)}

    device.paint(7)
    device.default_input()
    first = device.run()
    device.paint(200)
    device.default_input()
    assert device.run().output_crc32 == first.output_crc32
    assert first.output_crc32 == zlib.crc32(kws_maps(default_input(72))[1].tobytes())
    memory = device.memory()
    assert memory.touched == (280,)
    assert memory.app > 1024 or hello.payload < 1024

    device.select(PAIR, plan_of(PAIR))
    assert device.memory().touched is None
    device.default_input()
    device.run()
    both = default_input(10)
    a = both[:5].view(np.uint8) ^ np.uint8(0x80)
    assert device.read_outputs() == ((a - both[5:].view(np.uint8)).astype(np.uint8).tobytes(),)


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


def test_a_session_may_follow_another(big_device: Path) -> None:
    line = start(big_device)
    for _ in range(3):
        assert Device.connect(line, PATIENT).hello.models == 7
    device = Device.connect(line, PATIENT)
    device.text()
    line.write(b"half a comm")
    device = Device.connect(line, PATIENT)
    assert device.hello.models == 7
    line.write(b"\0\x05half a frame")
    device = Device.connect(line, PATIENT)
    assert device.hello.models == 7
    device.close()


def read_packets(line: PipeTransport, count: int) -> list[Packet]:
    receiver, got = Receiver(), []
    while len(got) < count:
        data = line.read(5)
        assert data, "the device is silent"
        got += receiver.feed(data)
    return got


def test_a_repeated_run_is_not_executed_twice(big_device: Path) -> None:
    line = start(big_device)
    with Device.connect(line, PATIENT) as device:
        device.select(KWS, plan_of(KWS))
        device.default_input()
        run = encode(Packet(Frame.RUN, 9, b""))
        line.write(run + run)
        accepted, first, again = read_packets(line, 3)
        assert accepted.type == Frame.ACCEPTED
        assert first == again  # ticks and all
        assert RunResult.parse(first.payload).status == 0
        # 256 requests later the same frame is a new request, though its bytes are the same
        for i in range(1, 256):
            line.write(encode(Packet(Frame.MEMORY, (9 + i) & 0xFF, b"")))
            read_packets(line, 1)
        line.write(run)
        assert [p.type for p in read_packets(line, 2)] == [Frame.ACCEPTED, Frame.RUN | 0x80]


def test_long_work_is_waited_for(big_device: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_KERNEL_MS", "50")
    hurried = Timing(reply=0.1, attempts=2, busy=5)
    with Device.connect(start(big_device), hurried) as device:
        device.select(KWS, plan_of(KWS))
        device.default_input()
        assert device.run().ticks > 10 * 50_000_000  # far longer than two attempts


def test_work_that_never_ends_is_given_up(big_device: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_KERNEL_MS", "900")
    with Device.connect(start(big_device), Timing(work=0.5, busy=0.1)) as device:
        device.select(KWS, plan_of(KWS))
        device.default_input()
        with pytest.raises(EdgeError) as caught:
            device.run()
        assert caught.value.kind is errors.DEVICE_LOST


def test_refusals_are_errors(big_device: Path) -> None:
    line = RecordingLine(start(big_device))
    with Device.connect(line, PATIENT) as device:
        device.select(KWS, plan_of(KWS))
        session = device._session
        for kind, payload, reason in [
            (0x3F, b"", "does not know"),
            (Frame.SELECT, b"\xff\xff", "no such model"),
            (Frame.MODEL_INFO, b"\x07\0", "no such model"),
            (Frame.RUN, b"xx", "wrong length"),
            (Frame.IO_INFO, b"\0\0\1\1", "out of range"),
            (Frame.WRITE_INPUT, b"\0\0\0\0" + (70).to_bytes(4, "little") + b"abc", "out of range"),
            (Frame.WRITE_INPUT, b"\0\0\0\0" + b"\xff\xff\xff\xff" + b"abc", "out of range"),
            (Frame.WRITE_INPUT, b"\1\0\0\0" + b"\0\0\0\0" + b"abc", "out of range"),
            (Frame.READ_OUTPUT, b"\0\0\x02\0" + (71).to_bytes(4, "little"), "out of range"),
            (Frame.DUMP, b"\3\0", "out of range"),
            (Frame.PROFILE, b"\0\0\x09\0\0", "out of range"),
            (Frame.READ_PROFILE, b"\0\0\x09\0", "out of range"),
            (Frame.CALIBRATE, b"\0\0\0", "out of range"),
        ]:
            fake = kind if isinstance(kind, Frame) else _Unknown(kind)
            with pytest.raises(EdgeError, match=reason) as caught:
                session.request(fake, payload)  # type: ignore[arg-type]
            assert caught.value.kind is errors.DEVICE_ERROR
            if kind == Frame.SELECT:
                device.select(KWS, plan_of(KWS))
        with pytest.raises(EdgeError, match="the model takes"):
            device.write_inputs([b"short"])


class _Unknown(int):
    name = "UNKNOWN"


def test_a_fault_is_reported_until_reset(big_device: Path) -> None:
    line = start(big_device)
    device = Device.connect(line, PATIENT)
    device.select(PAIR, plan_of(PAIR))
    device.write_inputs([b"\x7f0000", b"11111"])
    for request in (device.run, device.memory, lambda: device._session.connect()):
        with pytest.raises(EdgeError) as caught:
            request()
        assert caught.value.kind is errors.DEVICE_FAULT
        assert "pc 0x00001234" in caught.value.what
        assert "address 0xdeadbeef" in caught.value.what
    device.reset()
    assert line._process.wait(5) == 0
    device.close()
