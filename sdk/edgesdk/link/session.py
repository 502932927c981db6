# SPDX-License-Identifier: Apache-2.0
"""Stop and wait: one request at a time, sent again until its answer comes.

All time-outs and retries are the host's; the device has none. A repeated request carries the same sequence
number and is answered without a second execution, so repeating is always safe.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from edgesdk.errors import (
    DEVICE_ERROR,
    DEVICE_FAULT,
    DEVICE_LOST,
    DEVICE_PROTOCOL,
    PORT_SILENT,
    EdgeError,
)
from edgesdk.link.frames import ANSWER, PAYLOAD_MIN, PROTOCOL_VERSION, ErrorCode, Frame
from edgesdk.link.framing import Packet, Receiver, encode
from edgesdk.link.messages import Fault, Hello
from edgesdk.link.transport import Transport

# The first % ends whatever a text-mode device has in its buffer; the 0x00 ends it all for one in frame mode.
TO_FRAMES = b"%edge bin%\0"
_BANNER = b"m-init-done"
_READY = b"m-ready"


@dataclass(frozen=True)
class Timing:
    """Seconds the host waits.

    Args:
        connect: for the first answer of all.
        reply: for an answer, before the request is sent again.
        busy: the same, once the device has said that it works on it.
        work: for the answer of one long request, in all.
        attempts: sendings of a request that gets no sign of life.
    """

    connect: float = 8.0
    reply: float = 1.0
    busy: float = 10.0
    work: float = 600.0
    attempts: int = 8


class Session:
    """A line to a device that has been greeted."""

    def __init__(self, transport: Transport, timing: Timing) -> None:
        self._transport = transport
        self._timing = timing
        self._receiver = Receiver()
        self._waiting: list[Packet] = []
        self._seq = os.urandom(1)[0]

    def connect(self) -> Hello:
        """Brings the device to frames, whatever mode it is in, and greets it.

        Raises:
            EdgeError: PORT_SILENT, DEVICE_PROTOCOL, DEVICE_FAULT or DEVICE_LOST.
        """
        deadline = time.monotonic() + self._timing.connect
        self._seq = (self._seq + 1) & 0xFF
        frame = encode(Packet(Frame.HELLO, self._seq, b""))
        frames = 0
        while time.monotonic() < deadline:
            self._transport.write(TO_FRAMES + frame)
            until = min(deadline, time.monotonic() + self._timing.reply)
            while (packet := self._next(until)) is not None:
                frames += 1
                if packet.seq == self._seq and packet.type == Frame.HELLO | ANSWER:
                    return _checked(Hello.parse(packet.payload))
        raise self._silent(frames)

    def _silent(self, frames: int) -> EdgeError:
        heard = self._receiver.unread()
        why = "not one byte came back"
        if frames:
            why = "the device sends frames but does not answer; it may still be busy with an earlier request"
        elif heard:
            why = f"what came back is not edgesdk's protocol, it ends with {heard[-32:]!r}"
        return EdgeError(
            PORT_SILENT,
            f"no edgesdk firmware answered within {self._timing.connect:g} s",
            why=why,
            tries=("reset the board", "flash it with `edgesdk flash`", "check port and baud rate"),
        )

    def request(self, kind: Frame, payload: bytes = b"", on_data: Callable[[bytes], None] | None = None) -> bytes:
        """Sends a request and returns its answer's payload.

        Args:
            kind: the request.
            payload: at most Hello.payload bytes.
            on_data: gets the payload of every DATA frame that comes before the answer; some may be missing.

        Raises:
            EdgeError: DEVICE_ERROR where the device refuses it, DEVICE_FAULT, DEVICE_LOST without an answer.
        """
        return self.exchange(kind, payload, (kind | ANSWER,), on_data).payload

    def exchange(
        self,
        kind: Frame,
        payload: bytes,
        answers: Collection[int],
        on_data: Callable[[bytes], None] | None = None,
    ) -> Packet:
        """`request` where the answer may be of any type in `answers`; returns it whole."""
        self._seq = (self._seq + 1) & 0xFF
        frame = encode(Packet(kind, self._seq, payload))
        end = time.monotonic() + self._timing.work
        attempts = self._timing.attempts
        accepted = False
        while attempts > 0 and time.monotonic() < end:
            self._transport.write(frame)
            attempts -= 1
            until = time.monotonic() + (self._timing.busy if accepted else self._timing.reply)
            while (packet := self._next(min(until, end))) is not None:
                if packet.seq != self._seq:
                    continue  # the second answer to a request that was sent twice
                if packet.type in answers:
                    return packet
                if packet.type == Frame.ERROR:
                    raise _refused(kind, packet.payload)
                if packet.type in (Frame.ACCEPTED, Frame.DATA):
                    accepted = True
                    attempts = self._timing.attempts
                    until = time.monotonic() + self._timing.busy
                if packet.type == Frame.DATA and on_data is not None:
                    on_data(packet.payload)
            if accepted:
                attempts = self._timing.attempts  # it works; only `work` limits that
        why = "the device restarted" if _BANNER in self._receiver.unread() else "no answer came"
        raise EdgeError(DEVICE_LOST, f"the device no longer answers (request {kind.name})", why=why)

    def leave(self, kind: Frame) -> None:
        """TEXT or RESET: after them the device takes no frames; the answer may be text, or none at all.

        Raises:
            EdgeError: DEVICE_FAULT; DEVICE_LOST where the device gives no sign that it obeyed.
        """
        self._seq = (self._seq + 1) & 0xFF
        frame = encode(Packet(kind, self._seq, b""))
        for _ in range(self._timing.attempts):
            try:
                self._transport.write(frame)
                until = time.monotonic() + self._timing.reply
                while (packet := self._next(until)) is not None:
                    if packet.seq == self._seq and packet.type == kind | ANSWER:
                        return
            except EdgeError as error:
                if error.kind is DEVICE_LOST and kind is Frame.RESET:
                    return  # an emulator ended, or a board's own USB port went away
                raise
            if _READY in self._receiver.unread():
                return
        raise EdgeError(DEVICE_LOST, f"the device no longer answers (request {kind.name})")

    def close(self) -> None:
        self._transport.close()

    def _next(self, until: float) -> Packet | None:
        """The next packet, None when there is none by `until`. A fault report is raised."""
        while not self._waiting:
            left = until - time.monotonic()
            if left <= 0:
                return None
            self._waiting = self._receiver.feed(self._transport.read(left))
        packet = self._waiting.pop(0)
        if packet.type == Frame.FAULT:
            raise EdgeError(
                DEVICE_FAULT,
                str(Fault.parse(packet.payload)),
                tries=("look the pc up in the ELF file: addr2line -e firmware.elf PC", "reset the board"),
            )
        return packet


def _checked(hello: Hello) -> Hello:
    if hello.version != PROTOCOL_VERSION or hello.payload < PAYLOAD_MIN:
        raise EdgeError(
            DEVICE_PROTOCOL,
            f"the device speaks protocol {hello.version} with frames of {hello.payload} bytes, "
            f"this edgesdk speaks {PROTOCOL_VERSION}",
            tries=("flash the board again with this version of edgesdk",),
        )
    return hello


def _refused(kind: Frame, payload: bytes) -> EdgeError:
    code = int.from_bytes(payload[:2], "little")
    reason = {
        ErrorCode.TYPE: "it does not know the request",
        ErrorCode.LENGTH: "the request has the wrong length",
        ErrorCode.MODEL: "it has no such model, or no model is selected",
        ErrorCode.RANGE: "an index, offset or length is out of range",
        ErrorCode.DTYPE: "the default input is defined for int8 and uint8 inputs only",
        ErrorCode.ROW: "no row is wanted, or another one",
    }.get(code, f"code {code}")  # type: ignore[call-overload]
    return EdgeError(DEVICE_ERROR, f"the device refused {kind.name}: {reason}")
