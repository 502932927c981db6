# SPDX-License-Identifier: Apache-2.0
"""The payloads of docs/protocol.md as data. A payload of the wrong length is EdgeError(DEVICE_PROTOCOL)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

from edgesdk.errors import DEVICE_PROTOCOL, EdgeError
from edgesdk.link.frames import REGIONS

DTYPES = ("int8", "uint8", "int32", "float32")  # by edge_dtype
FAULT_KINDS = {1: "hard fault", 2: "unexpected interrupt", 3: "trap"}


def unpack(fmt: str, data: bytes, what: str, *, exact: bool = True) -> tuple[Any, ...]:
    """struct.unpack with a clear error; `exact` forbids bytes behind the fields."""
    size = struct.calcsize(fmt)
    if len(data) < size or (exact and len(data) != size):
        raise EdgeError(DEVICE_PROTOCOL, f"the device's {what} has {len(data)} bytes where the protocol has {size}")
    return struct.unpack_from(fmt, data)


@dataclass(frozen=True)
class Hello:
    """The device. ticks_hz: rate of the tick counter; ns_per_instruction: 0 where none are counted."""

    version: int
    has_cycles: bool
    payload: int
    ticks_hz: int
    ns_per_instruction: int
    models: int
    profile_ops: int
    firmware: str
    board: str
    core: str

    FORMAT = "<BBHIIHH"

    @classmethod
    def parse(cls, data: bytes) -> Hello:
        version, flags, payload, hz, ns, models, ops = unpack(cls.FORMAT, data, "greeting", exact=False)
        texts = data[struct.calcsize(cls.FORMAT) :].decode("utf-8", "replace").split("\n")
        firmware, board, core = (*texts, "", "", "")[:3]
        return cls(version, bool(flags & 1), payload, hz, ns, models, ops, firmware, board, core)

    def instructions(self, ticks: float) -> int | None:
        """Ticks as instructions, on boards that count them."""
        if self.ns_per_instruction == 0 or self.ticks_hz == 0:
            return None
        return round(ticks * 1e9 / self.ticks_hz / self.ns_per_instruction)


@dataclass(frozen=True)
class IoInfo:
    """An input or output: real = scale * (q - zero_point). The rows of a streamed one arrive, or leave, one by one."""

    size: int  # bytes
    scale: float
    zero_point: int
    dtype: str
    streamed: bool

    @classmethod
    def parse(cls, data: bytes) -> IoInfo:
        size, scale, zero_point, dtype, streamed = unpack("<IfiBB", data, "description of an input or output")
        name = DTYPES[dtype] if dtype < len(DTYPES) else f"type {dtype}"
        return cls(size, scale, zero_point, name, bool(streamed))


@dataclass(frozen=True)
class ModelInfo:
    """A model of the firmware. `id` may be cut to what a frame holds; the two CRCs are its identity."""

    index: int
    id: str
    model_crc: int
    plan_crc: int
    ctx_bytes: int
    ops: int
    maps: int
    region_bytes: tuple[int, ...]
    inputs: tuple[IoInfo, ...]
    outputs: tuple[IoInfo, ...]


@dataclass(frozen=True)
class ModelHeader:
    """MODEL_INFO's answer."""

    model_crc: int
    plan_crc: int
    ctx_bytes: int
    ops: int
    maps: int
    inputs: int
    outputs: int
    region_bytes: tuple[int, ...]
    id: str

    FORMAT = f"<IIIHHBBBx{REGIONS}I"

    @classmethod
    def parse(cls, data: bytes) -> ModelHeader:
        model, plan, ctx, ops, maps, inputs, outputs, regions, *sizes = unpack(
            cls.FORMAT, data, "description of a model", exact=False
        )
        name = data[struct.calcsize(cls.FORMAT) :].decode("utf-8", "replace")
        return cls(model, plan, ctx, ops, maps, inputs, outputs, tuple(sizes[:regions]), name)


@dataclass(frozen=True)
class Selected:
    """SELECT's answer; init_ticks: what edge_init took."""

    model_crc: int
    plan_crc: int
    init_ticks: int

    @classmethod
    def parse(cls, data: bytes) -> Selected:
        return cls(*unpack("<IIQ", data, "answer to SELECT"))


@dataclass(frozen=True)
class RunResult:
    """One edge_run. The overheads are those of reading the counters and are not subtracted.

    Args:
        status: edge_status, 0 when it went well.
        output_crc32: zlib CRC-32 of all outputs' bytes in signature order.
        ticks, cycles: from entry to exit, waiting for pushed rows left out; cycles counts only where Hello.has_cycles.
        stack: bytes of stack used, 0 where the port cannot tell.
        callback_ticks, callback_cycles: of them, in the device's own source of the default input, and in what takes the
            rows of streamed outputs.
    """

    status: int
    output_crc32: int
    ticks: int
    cycles: int
    overhead_ticks: int
    overhead_cycles: int
    stack: int
    callback_ticks: int
    callback_cycles: int

    @classmethod
    def parse(cls, data: bytes) -> RunResult:
        return cls(*unpack("<iIQQIIIQQ", data, "answer to RUN"))


@dataclass(frozen=True)
class Wanted:
    """What a run waits for: the bytes from `offset` on of row `row`, of `row_bytes` bytes, of input `input`."""

    input: int
    row: int
    offset: int
    row_bytes: int

    @classmethod
    def parse(cls, data: bytes) -> Wanted:
        return cls(*unpack("<BxHII", data, "wish for a row"))


@dataclass(frozen=True)
class ProfileResult:
    """PROFILE's answer; total: the whole hooked run."""

    status: int
    output_crc32: int
    total: int

    @classmethod
    def parse(cls, data: bytes) -> ProfileResult:
        return cls(*unpack("<iIQ", data, "answer to PROFILE"))


@dataclass(frozen=True)
class OpTime:
    """What an operator took in a hooked run, calls * Calibration.per_call of hooks included."""

    op: int
    calls: int
    spent: int

    FORMAT = struct.Struct("<HIQ")

    @classmethod
    def parse_all(cls, data: bytes) -> tuple[OpTime, ...]:
        if len(data) % cls.FORMAT.size:
            unpack(f"{cls.FORMAT.size}x", data, "profile record")
        return tuple(cls(*fields) for fields in cls.FORMAT.iter_unpack(data))


@dataclass(frozen=True)
class Calibration:
    """`calls` hook pairs round nothing: inner is what operators are charged, outer what it took in all."""

    calls: int
    inner: int
    outer: int

    @classmethod
    def parse(cls, data: bytes) -> Calibration:
        return cls(*unpack("<HQQ", data, "answer to CALIBRATE"))

    @property
    def per_call(self) -> float:
        """Ticks or cycles to subtract from an operator for each of its calls."""
        return self.inner / self.calls if self.calls else 0.0


@dataclass(frozen=True)
class Profile:
    """All operators of one model, in `counter`'s unit. `total` is the hooked run, hooks included."""

    ops: tuple[OpTime, ...]
    total: int
    output_crc32: int
    calibration: Calibration


@dataclass(frozen=True)
class StreamEnd:
    """The answer to TRACE and DUMP: DATA frames and records sent, CRC-32 of the frames' records."""

    status: int
    frames: int
    records: int
    crc32: int

    @classmethod
    def parse(cls, data: bytes) -> StreamEnd:
        return cls(*unpack("<iIII", data, "end of a stream"))


@dataclass(frozen=True)
class RowCrc:
    """CRC-32 of the NHWC bytes of one row of one map, as an operator left it. Rows count over all frames."""

    op: int
    map: int
    row: int
    crc32: int

    FORMAT = struct.Struct("<HHHI")

    @classmethod
    def parse_all(cls, data: bytes) -> tuple[RowCrc, ...]:
        if len(data) % cls.FORMAT.size:
            unpack(f"{cls.FORMAT.size}x", data, "trace record")
        return tuple(cls(*fields) for fields in cls.FORMAT.iter_unpack(data))


@dataclass(frozen=True)
class Memory:
    """Bytes. touched: per region, up to the last byte without its paint; None where nothing was painted."""

    app: int
    ctx: int
    stack: int
    touched: tuple[int, ...] | None

    @classmethod
    def parse(cls, data: bytes, regions: int) -> Memory:
        app, ctx, stack, painted, *touched = unpack(f"<IIIB{REGIONS}I", data, "answer to MEMORY")
        return cls(app, ctx, stack, tuple(touched[:regions]) if painted else None)


@dataclass(frozen=True)
class Fault:
    """Registers at a fault."""

    kind: int
    pc: int
    lr: int
    sp: int
    status: int
    cause: int
    address: int

    @classmethod
    def parse(cls, data: bytes) -> Fault:
        return cls(*unpack("<7I", data, "fault report"))

    def __str__(self) -> str:
        registers = ", ".join(
            f"{name} 0x{getattr(self, name):08x}" for name in ("pc", "lr", "sp", "status", "cause", "address")
        )
        return f"{FAULT_KINDS.get(self.kind, f'fault {self.kind}')}: {registers}"
