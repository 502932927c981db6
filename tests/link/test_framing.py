# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from edgesdk.link import frames
from edgesdk.link.framing import Packet, Receiver, decode, encode
from link_device import FIRMWARE

packets = st.builds(
    Packet,
    st.integers(0, 255),
    st.integers(0, 255),
    st.one_of(st.binary(max_size=1100), st.just(b"\1" * 600)),
)


@given(packets)
def test_round_trip(packet: Packet) -> None:
    coded = encode(packet)
    assert coded[0] == coded[-1] == 0
    assert 0 not in coded[1:-1]
    assert decode(coded[1:-1]) == packet


@given(
    st.lists(packets, max_size=6),
    st.lists(st.integers(1, 40), min_size=1, max_size=50),
    st.binary(max_size=80),
)
def test_any_pieces_after_any_noise(sent: list[Packet], cuts: list[int], noise: bytes) -> None:
    stream = noise + b"\0" + b"".join(map(encode, sent))
    receiver, got, at, i = Receiver(), [], 0, 0
    while at < len(stream):
        step = cuts[i % len(cuts)]
        got += receiver.feed(stream[at : at + step])
        at, i = at + step, i + 1
    assert got[len(got) - len(sent) :] == sent
    assert len(got) - len(sent) <= noise.count(b"\0")


@given(packets, st.data())
def test_a_changed_byte_is_never_another_packet(packet: Packet, data: st.DataObject) -> None:
    coded = bytearray(encode(packet)[1:-1])
    at = data.draw(st.integers(0, len(coded) - 1))
    coded[at] ^= data.draw(st.integers(1, 255))
    assert decode(bytes(coded)) in (None, packet)


@given(packets, st.data())
def test_a_cut_frame_is_dropped_and_the_next_is_read(packet: Packet, data: st.DataObject) -> None:
    coded = encode(packet)
    cut = coded[: data.draw(st.integers(0, len(coded) - 2))]
    assert Receiver().feed(cut + coded) == [packet]


def test_endless_noise_is_not_kept() -> None:
    receiver = Receiver()
    for _ in range(40):
        receiver.feed(b"x" * 10000)
    assert len(receiver.unread()) <= 512
    assert len(receiver._pending) <= 1 << 17


def test_header_and_python_hold_the_same_numbers() -> None:
    text = (FIRMWARE / "app" / "edge_frames.h").read_text()
    constants = {name: int(value, 0) for name, value in re.findall(r"\b(EDGE_\w+) = (\w+),", text)}
    want = {f"EDGE_FRAME_{f.name}": int(f) for f in frames.Frame}
    want |= {f"EDGE_ERROR_{e.name}": int(e) for e in frames.ErrorCode}
    want |= {f"EDGE_COUNTER_{c.name}": int(c) for c in frames.Counter}
    want |= {
        "EDGE_PROTOCOL_VERSION": frames.PROTOCOL_VERSION,
        "EDGE_PAYLOAD_MIN": frames.PAYLOAD_MIN,
        "EDGE_FRAME_HEADER_BYTES": frames.HEADER_BYTES,
        "EDGE_FRAME_CRC_BYTES": frames.CRC_BYTES,
        "EDGE_FRAME_ANSWER": frames.ANSWER,
    }
    assert constants == want
    api = (FIRMWARE / "include" / "edge" / "edge.h").read_text()
    assert f"EDGE_REGIONS = {frames.REGIONS} " in api
