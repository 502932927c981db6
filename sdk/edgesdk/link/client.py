# SPDX-License-Identifier: Apache-2.0
"""Device: what a board with edgesdk firmware can be asked to do."""

from __future__ import annotations

import struct
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType

from edgesdk.errors import DEVICE_ERROR, DEVICE_LOST, DEVICE_MODEL, DEVICE_PROTOCOL, EdgeError
from edgesdk.link.frames import ANSWER, Counter, Frame
from edgesdk.link.messages import (
    Calibration,
    Hello,
    IoInfo,
    Memory,
    ModelHeader,
    ModelInfo,
    OpTime,
    Profile,
    ProfileResult,
    RowCrc,
    RunResult,
    Selected,
    StreamEnd,
    Wanted,
)
from edgesdk.link.session import Session, Timing
from edgesdk.link.transport import Transport

Progress = Callable[[str, int, int], None]
"""Called with what is going on, bytes or steps done, and all of them."""

Fill = Callable[[], None]
"""Writes the input. Every run consumes it, and some requests take several runs."""

_WRITE_HEADER = 8  # bytes before the data of WRITE_INPUT and PUSH_ROW
_DATA_HEADER = struct.Struct("<IHHI")  # of a piece of a row: frame, row, map or output, offset
_CALIBRATE_CALLS = 1000


def _silent(what: str, done: int, total: int) -> None:
    """The progress of a caller that shows none."""


class Device:
    """A greeted device. Make one with `Device.connect`; use it in a `with`.

    Methods raise EdgeError: DEVICE_ERROR where the device refuses, DEVICE_FAULT where it crashed, DEVICE_LOST
    where it falls silent, DEVICE_PROTOCOL where its answers make no sense. Lost, repeated, cut and corrupted
    frames are not errors.
    """

    def __init__(self, session: Session, hello: Hello, timing: Timing, progress: Progress) -> None:
        self.hello = hello
        self.model: ModelInfo | None = None
        self._session = session
        self._timing = timing
        self._progress = progress
        self._rows: Mapping[int, bytes] = {}  # streamed inputs, pushed row by row during the next run

    @classmethod
    def connect(cls, transport: Transport, timing: Timing | None = None, progress: Progress = _silent) -> Device:
        """Greets whatever is at the other end; the transport is closed where that fails.

        Raises:
            EdgeError: PORT_SILENT after timing.connect seconds, DEVICE_PROTOCOL, DEVICE_FAULT, DEVICE_LOST.
        """
        timing = timing or Timing()
        session = Session(transport, timing)
        try:
            hello = session.connect()
        except BaseException:
            transport.close()
            raise
        return cls(session, hello, timing, progress)

    def __enter__(self) -> Device:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Gives the line back; the device stays in frame mode."""
        self._session.close()

    # Models

    def models(self) -> tuple[ModelInfo, ...]:
        """The models of the firmware."""
        return tuple(self._model(i) for i in range(self.hello.models))

    def _model(self, index: int) -> ModelInfo:
        h = ModelHeader.parse(self._session.request(Frame.MODEL_INFO, struct.pack("<H", index)))
        return ModelInfo(
            index=index,
            id=h.id,
            model_crc=h.model_crc,
            plan_crc=h.plan_crc,
            ctx_bytes=h.ctx_bytes,
            ops=h.ops,
            maps=h.maps,
            region_bytes=h.region_bytes,
            inputs=tuple(self._io(index, 0, k) for k in range(h.inputs)),
            outputs=tuple(self._io(index, 1, k) for k in range(h.outputs)),
        )

    def _io(self, model: int, output: int, k: int) -> IoInfo:
        return IoInfo.parse(self._session.request(Frame.IO_INFO, struct.pack("<HBB", model, output, k)))

    def select(self, model_crc: int, plan_crc: int) -> Selected:
        """Makes this very model and plan the current one and initialises it.

        Raises:
            EdgeError: DEVICE_MODEL where the firmware does not have it.
        """
        models = self.models()
        for model in models:
            if (model.model_crc, model.plan_crc) == (model_crc, plan_crc):
                answer = Selected.parse(self._session.request(Frame.SELECT, struct.pack("<H", model.index)))
                self.model = model
                return answer
        has = ", ".join(f"{m.id} (model {m.model_crc:08x}, plan {m.plan_crc:08x})" for m in models) or "none"
        same = any(m.model_crc == model_crc for m in models)
        raise EdgeError(
            DEVICE_MODEL,
            "the device has this model in another plan" if same else "the device has another model",
            why=f"wanted model {model_crc:08x}, plan {plan_crc:08x}; the firmware has {has}",
            tries=("flash it with `edgesdk flash`", "give the flags it was flashed with"),
        )

    def restart(self) -> None:
        """The start of a new clip: the current model forgets the frames before."""
        self._session.request(Frame.SELECT, struct.pack("<H", self._selected().index))

    def _selected(self) -> ModelInfo:
        if self.model is None:
            raise EdgeError(DEVICE_ERROR, "no model is selected")
        return self.model

    # Inputs, runs, outputs

    def write_inputs(self, inputs: Sequence[bytes]) -> None:
        """Writes all inputs, raw little-endian bytes in signature order.

        Streamed ones are kept here: the next run gets their rows as it asks for them.
        """
        model = self._selected()
        given, wanted = [len(i) for i in inputs], [i.size for i in model.inputs]
        if given != wanted:
            raise EdgeError(DEVICE_ERROR, f"the inputs have {given} bytes, the model takes {wanted}")
        streamed = {k: data for k, data in enumerate(inputs) if model.inputs[k].streamed}
        resident = [b"" if k in streamed else data for k, data in enumerate(inputs)]
        total, done = sum(map(len, resident)), 0
        chunk = self.hello.payload - _WRITE_HEADER
        for k, data in enumerate(resident):
            for offset in range(0, max(1, len(data)), chunk):  # without bytes it says that rows will be pushed
                piece = data[offset : offset + chunk]
                self._session.request(Frame.WRITE_INPUT, struct.pack("<BxxxI", k, offset) + piece)
                done += len(piece)
                self._progress("write input", done, total)
        self._rows = streamed

    def default_input(self) -> None:
        """in[i] = (int8)(i * 37 + 11), i running on over all inputs; uint8: the top bit flipped.

        The device itself serves the rows of streamed inputs.
        """
        self._session.request(Frame.DEFAULT_INPUT)
        self._rows = {}

    def run(self) -> RunResult:
        """One edge_run of the input that was written. It consumes the input."""
        result = RunResult.parse(self._run(Frame.RUN))
        _check_status(result.status)
        return result

    def _run(self, kind: Frame, payload: bytes = b"", on_data: Callable[[bytes], None] | None = None) -> bytes:
        """A run of any kind: pushes the rows that it wants, and returns its answer's payload."""
        answers = (kind | ANSWER, Frame.WANTED)
        packet = self._session.exchange(kind, payload, answers, on_data)
        last = None
        while packet.type == Frame.WANTED:
            wanted = Wanted.parse(packet.payload)
            if wanted == last:
                raise EdgeError(DEVICE_PROTOCOL, f"the device wants row {wanted.row} of input {wanted.input} again")
            last = wanted
            piece = self._piece(wanted)
            header = struct.pack("<BxHI", wanted.input, wanted.row, wanted.offset)
            packet = self._session.exchange(Frame.PUSH_ROW, header + piece, answers, on_data)
            rows = len(self._rows[wanted.input]) // wanted.row_bytes
            self._progress("push rows", wanted.row + 1, rows)
        return packet.payload

    def _piece(self, wanted: Wanted) -> bytes:
        """As much of a wanted row as a frame holds."""
        start = wanted.row * wanted.row_bytes + wanted.offset
        end = min(start + self.hello.payload - _WRITE_HEADER, (wanted.row + 1) * wanted.row_bytes)
        piece = self._rows.get(wanted.input, b"")[start:end]
        if not piece or len(piece) != end - start:
            raise EdgeError(
                DEVICE_ERROR, f"the device wants row {wanted.row} of input {wanted.input}, which was not written"
            )
        return piece

    def outputs(self, fill: Fill, refill: Fill | None = None) -> tuple[bytes, ...]:
        """Runs the model and returns all outputs, raw little-endian bytes in signature order. Rows of streamed outputs
        come while it runs; where some are lost it runs again.

        Args:
            fill: writes the input.
            refill: does so for another run; `fill` where the model keeps nothing between its runs.
        """
        model = self._selected()
        streamed = [k for k, output in enumerate(model.outputs) if output.streamed]
        if not streamed:
            fill()
            self.run()
            return self.read_outputs()
        pieces: dict[tuple[int, int, int], bytes] = {}  # (output, row, offset in it) -> bytes

        def keep(data: bytes) -> None:
            if len(data) > _DATA_HEADER.size:
                _number, row, k, offset = _DATA_HEADER.unpack_from(data)
                pieces[k, row, offset] = data[_DATA_HEADER.size :]
                self._progress("take rows", len(pieces), 0)

        deadline = time.monotonic() + self._timing.work
        while time.monotonic() < deadline:
            fill()
            result = RunResult.parse(self._run(Frame.RUN, b"\1", keep))
            _check_status(result.status)
            came = {k: b"".join(pieces[key] for key in sorted(pieces) if key[0] == k) for k in streamed}
            if all(len(came[k]) == model.outputs[k].size for k in streamed):
                rest = iter(self.read_outputs())
                outputs = tuple(came[k] if k in came else next(rest) for k in range(len(model.outputs)))
                if zlib.crc32(b"".join(outputs)) == result.output_crc32:
                    return outputs
                pieces.clear()
            fill = refill or fill
        raise EdgeError(DEVICE_LOST, "too many frames were lost to complete the outputs")

    def read_outputs(self) -> tuple[bytes, ...]:
        """The resident outputs of the last run, raw little-endian bytes in signature order."""
        outputs = self._selected().outputs
        total, done = sum(o.size for o in outputs if not o.streamed), 0
        read = []
        for k, output in enumerate(outputs):
            if output.streamed:
                continue
            data = b""
            while len(data) < output.size:
                count = min(self.hello.payload, output.size - len(data))
                piece = self._session.request(Frame.READ_OUTPUT, struct.pack("<BxHI", k, count, len(data)))
                if len(piece) != count:
                    raise EdgeError(DEVICE_LOST, f"the device sent {len(piece)} bytes of output instead of {count}")
                data += piece
                done += count
                self._progress("read output", done, total)
            read.append(data)
        return tuple(read)

    # Measurements

    def calibrate(self, counter: Counter = Counter.TICKS) -> Calibration:
        """What the hooks of a profile cost."""
        return Calibration.parse(self._session.request(Frame.CALIBRATE, struct.pack("<HB", _CALIBRATE_CALLS, counter)))

    def profile(self, fill: Fill, counter: Counter = Counter.TICKS) -> Profile:
        """Time of every operator, from as many hooked runs as the device's table needs.

        Args:
            fill: where an input is streamed it must be `default_input`: a run that is timed does not wait for rows.
        """
        model = self._selected()
        calibration = self.calibrate(counter)
        at_once = max(1, self.hello.profile_ops)
        per_frame = max(1, self.hello.payload // OpTime.FORMAT.size)
        ops: list[OpTime] = []
        result: ProfileResult | None = None
        for first in range(0, max(1, model.ops), at_once):
            last = min(first + at_once, model.ops)
            fill()
            request = struct.pack("<HHB", first, last - first, counter)
            result = ProfileResult.parse(self._session.request(Frame.PROFILE, request))
            _check_status(result.status)
            for at in range(first, last, per_frame):
                count = min(per_frame, last - at)
                ops += OpTime.parse_all(self._session.request(Frame.READ_PROFILE, struct.pack("<HH", at, count)))
            self._progress("profile", last, model.ops)
        assert result is not None
        return Profile(tuple(ops), result.total, result.output_crc32, calibration)

    def trace(self, fill: Fill) -> tuple[RowCrc, ...]:
        """CRC-32 of every row that every operator writes, in the order of writing.

        A row that is written several times (an accumulator's) is reported as often; the last report stands.
        """
        return RowCrc.parse_all(b"".join(self._stream(fill, Frame.TRACE, b"")))

    def dump(self, fill: Fill, map_index: int) -> Mapping[int, bytes]:
        """The NHWC bytes of every row of one map, as they were when an operator had last written them."""
        rows: dict[int, bytes] = {}
        for piece in self._stream(fill, Frame.DUMP, struct.pack("<H", map_index)):
            row, _op, offset = struct.unpack_from("<HHI", piece)
            rows[row] = (b"" if offset == 0 else rows.get(row, b"")) + piece[8:]
        return rows

    def _stream(self, fill: Fill, kind: Frame, payload: bytes) -> list[bytes]:
        """DATA payloads in order, without their numbers.

        Runs are deterministic, so frames that one run lost are taken from the next; the CRC over all of them
        has the last word.
        """
        got: dict[int, bytes] = {}

        def keep(data: bytes) -> None:
            if len(data) > 4:
                got[int.from_bytes(data[:4], "little")] = data[4:]
                self._progress(kind.name.lower(), len(got), 0)

        deadline = time.monotonic() + self._timing.work
        while time.monotonic() < deadline:
            fill()
            end = StreamEnd.parse(self._run(kind, payload, keep))
            _check_status(end.status)
            if all(i in got for i in range(end.frames)):
                pieces = [got[i] for i in range(end.frames)]
                if zlib.crc32(b"".join(pieces)) == end.crc32:
                    return pieces
                got.clear()
        raise EdgeError(DEVICE_LOST, f"too many frames were lost to complete {kind.name}")

    def paint(self, seed: int) -> None:
        """Fills the model's arenas with a pattern that the seed (0..255) chooses. Then write the input."""
        self._session.request(Frame.PAINT, bytes([seed]))

    def memory(self) -> Memory:
        """Sizes, the stack of the last run, and how far the arenas were touched since `paint`."""
        regions = len(self._selected().region_bytes)
        return Memory.parse(self._session.request(Frame.MEMORY), regions)

    # Modes

    def text(self) -> None:
        """Back to the text commands. This object is of no use afterwards but to close it."""
        self._session.leave(Frame.TEXT)

    def reset(self) -> None:
        """Restarts the device (ends an emulator). This object is of no use afterwards but to close it."""
        self._session.leave(Frame.RESET)


def _check_status(status: int) -> None:
    if status != 0:
        raise EdgeError(DEVICE_ERROR, f"the run failed with status {status}")
