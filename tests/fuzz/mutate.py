# SPDX-License-Identifier: Apache-2.0
"""Broken and hostile models, made from sound ones by seed.

Three families: damaged bytes (flips, truncation, wild and cyclic offsets, moved chunks), sound flatbuffers of
senseless graphs (shapes, types, scales, options and wires replaced), and sound models with hostile names.
"""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import numpy as np

from edgesdk.model.graph import DType, Graph, Quantization, Tensor
from edgesdk.model.tflite.reader import parse_model
from edgesdk.model.tflite.registry import codecs
from edgesdk.model.tflite.writer import write_model

HOSTILE_NAMES = (
    "*/", "/*", "// \\", "*/ int main(void) { return 1; } /*", '"', "'", '");abort();("', "\\", "\n",
    "\r\n#error\n", "\x1b[31m\x1b]0;title\x07", "\x00", "\x7f\x80\x9b31m", "../../../escaped", "/etc/passwd",
    "C:\\con", "$(id)", "`id`", "%s%n%x", "{{7*7}}", "{% raw %}", "<script>alert(1)</script>",
    "[bold red]x[/]", "??/", "\u202ereversed", "\ud800",
    "int", "main", "NULL", "a" * 10240, "*/\n" * 3500, "",
)  # fmt: skip
WILD = (0, 1, 3, 4, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFC, 0xFFFFFFFF)
NUMBERS = (-(2**31), -129, -128, -2, -1, 0, 1, 2, 3, 5, 127, 128, 255, 256, 32768, 65536, 2**24, 2**31 - 1)
SCALES = (1e-45, 1e-38, 1e-30, 1e-9, 0.5, 1.0, 3.0, 1e9, 1e18, 1e38, float("inf"), float("nan"), 0.0, -1.0)
LONG_RUN = 64  # constants at least this long are left out when a damaged byte is to hit structure


@dataclass(frozen=True)
class Base:
    """A sound model: its bytes, its graph and the byte ranges that are not weights."""

    name: str
    data: bytes
    graph: Graph
    structure: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Case:
    """One mutated model and the file name to give it."""

    kind: str
    base: str
    data: bytes
    file_name: str


def make_base(name: str, data: bytes) -> Base:
    graph = parse_model(data, name)
    weights = []
    for tensor in graph.tensors.values():
        if tensor.data is not None and tensor.bytes >= LONG_RUN:
            start = data.find(tensor.data.tobytes())
            weights.append((start, start + tensor.bytes))
    structure, at = [], 0
    for start, end in sorted(weights):
        if start > at:
            structure.append((at, start))
        at = max(at, end)
    return Base(name, data, graph, (*structure, (at, len(data))))


def make_case(bases: Sequence[Base], seed: int) -> Case:
    """The mutated model of this seed; the same for the same bases and seed."""
    random = Random(seed)
    base = random.choice(bases)
    kind = random.choice(sorted(MUTATIONS))
    data = MUTATIONS[kind](random, base)
    file_name = random.choice(HOSTILE_NAMES) if kind == "names" else "model"
    return Case(kind, base.name, data, _file_name(file_name) + ".tflite")


def _file_name(name: str) -> str:
    """As much of a hostile name as a file system takes."""
    return name.encode("utf-8", "replace").decode().replace("/", "|").replace("\0", "")[:200]


def _position(random: Random, base: Base) -> int:
    if random.random() < 0.1:
        return random.randrange(len(base.data))
    sizes = [end - start for start, end in base.structure]
    start, end = random.choices(base.structure, sizes)[0]
    return random.randrange(start, end)


def _word(random: Random, base: Base) -> int:
    """The position of an aligned 32-bit word."""
    return min(_position(random, base), len(base.data) - 4) & ~3


def _poke(data: bytearray, position: int, value: int) -> None:
    struct.pack_into("<I", data, position, value & 0xFFFFFFFF)


def _bit_flips(random: Random, base: Base) -> bytes:
    data = bytearray(base.data)
    for _ in range(random.choice((1, 1, 1, 2, 4, 16))):
        data[_position(random, base)] ^= 1 << random.randrange(8)
    return bytes(data)


def _set_bytes(random: Random, base: Base) -> bytes:
    data = bytearray(base.data)
    for _ in range(random.choice((1, 1, 2, 4))):
        data[_position(random, base)] = random.choice((0, 1, 2, 3, 127, 128, 254, 255, random.randrange(256)))
    return bytes(data)


def _truncate(random: Random, base: Base) -> bytes:
    return base.data[: random.choice((random.randrange(64), _position(random, base), len(base.data) - 1))]


def _wild_words(random: Random, base: Base) -> bytes:
    data = bytearray(base.data)
    size = len(data)
    for _ in range(random.choice((1, 1, 2, 3))):
        values = (*WILD, size, size - 4, size // 4, random.randrange(size), random.getrandbits(32))
        _poke(data, _word(random, base), random.choice(values))
    return bytes(data)


def _cycles(random: Random, base: Base) -> bytes:
    """Offsets that lead to another word before or behind them, or to themselves."""
    data = bytearray(base.data)
    for _ in range(random.choice((1, 1, 2, 4))):
        source, target = _word(random, base), _word(random, base)
        # Offsets of fields count forwards, those of vtables backwards.
        _poke(data, source, random.choice((target - source, source - target, 0)))
    return bytes(data)


def _shared(random: Random, base: Base) -> bytes:
    """A word repeated over its neighbours: many tables and vectors become one."""
    data = bytearray(base.data)
    source, count = _word(random, base), random.choice((2, 4, 16, 64))
    value = struct.unpack_from("<I", data, source)[0]
    for k in range(min(count, (len(data) - source) // 4)):
        _poke(data, source + 4 * k, random.choice((value, value - 4 * k)))
    return bytes(data)


def _chunks(random: Random, base: Base) -> bytes:
    """A chunk copied over another, inserted elsewhere, exchanged with another, or taken out."""
    data = base.data
    size = random.choice((1, 4, 16, 64, 256))
    a, b = sorted((_position(random, base), _position(random, base)))
    first, second = data[a : a + size], data[b : b + size]
    return random.choice(
        (
            data[:b] + first + data[b + len(first) :],
            data[:b] + first + data[b:],
            data[:a] + second + data[a + len(second) : b] + first + data[b + len(first) :],
            data[:a] + data[a + size :],
        )
    )


def _names(random: Random, base: Base) -> bytes:
    """Every tensor hostile, all of one name, or one hostile among honest ones."""
    graph = base.graph
    way = random.randrange(3)
    one = random.choice(HOSTILE_NAMES)
    chosen = random.choice(sorted(graph.tensors))
    tensors = {
        i: replace(t, name=random.choice(HOSTILE_NAMES) if way == 0 else one if way == 1 or i == chosen else t.name)
        for i, t in graph.tensors.items()
    }
    return write_model(replace(graph, tensors=tensors))


def _senseless(random: Random, base: Base) -> bytes:
    """A sound flatbuffer of a graph that means nothing, or something unforeseen."""
    graph = base.graph
    for _ in range(random.choice((1, 1, 2, 3))):
        graph = random.choice((_changed_tensor, _changed_tensor, _changed_node, _changed_order))(random, graph)
    return write_model(graph)


def _changed_tensor(random: Random, graph: Graph) -> Graph:
    i = random.choice(sorted(graph.tensors))
    t = graph.tensors[i]
    change: Callable[[Random, Tensor], Tensor] = random.choice(
        (
            _changed_shape,
            _changed_shape,
            _changed_type,
            _changed_quantization,
            _changed_quantization,
            _changed_data,
        )
    )
    return replace(graph, tensors={**graph.tensors, i: change(random, t)})


def _changed_shape(random: Random, t: Tensor) -> Tensor:
    shape = list(t.shape)
    way = random.randrange(4)
    if way == 0 and shape:
        shape[random.randrange(len(shape))] = random.choice(NUMBERS)
    elif way == 1:
        random.shuffle(shape)
    elif way == 2:
        shape.insert(random.randrange(len(shape) + 1), random.choice((1, 1, 2)))
    elif shape:
        del shape[random.randrange(len(shape))]
    return replace(t, shape=tuple(shape))


def _changed_type(random: Random, t: Tensor) -> Tensor:
    dtype = random.choice(tuple(DType))
    data = None if t.data is None else t.data.astype(dtype.value)
    return replace(t, dtype=dtype, data=data)


def _changed_quantization(random: Random, t: Tensor) -> Tensor:
    q = t.quantization
    way = random.randrange(5)
    if q is None or not q.scale or not q.zero_point or way == 0:
        count = random.choice((1, 1, 2, 4, *(size for size in t.shape if 0 < size < 1000)))
        made = Quantization((0.05,) * count, (0,) * count, random.choice((-1, 0, 1, 3)))
        return replace(t, quantization=random.choice((None, made)))
    scale, points, axis = list(q.scale), list(q.zero_point), q.axis
    if way == 1:
        scale[random.randrange(len(scale))] = random.choice(SCALES)
    elif way == 2:
        points[random.randrange(len(points))] = random.choice((-(2**63), 2**63 - 1, *NUMBERS))
    elif way == 3:
        axis = random.choice(NUMBERS)
    else:
        (scale if random.random() < 0.5 else points).pop()
    return replace(t, quantization=Quantization(tuple(scale), tuple(points), axis))


def _changed_data(random: Random, t: Tensor) -> Tensor:
    if t.data is None:
        size = t.elements if 0 < t.elements < 1 << 16 else 1
        return replace(t, data=np.zeros(size, t.dtype.value))
    data = t.data.copy().ravel()
    if random.random() < 0.2:
        return replace(t, data=None)
    value = random.choice(NUMBERS)
    with np.errstate(all="ignore"):
        wrapped = np.asarray(value, np.int64).astype(t.dtype.value)
    if random.random() < 0.3:
        data[:] = wrapped
    elif data.size:
        data[random.randrange(data.size)] = wrapped
    return replace(t, data=data)


def _changed_node(random: Random, graph: Graph) -> Graph:
    k = random.randrange(len(graph.nodes))
    node = graph.nodes[k]
    inputs, outputs = list(node.inputs), list(node.outputs)
    way = random.randrange(6)
    if way == 0 and inputs:
        inputs[random.randrange(len(inputs))] = random.choice((-1, *sorted(graph.tensors)))
    elif way == 1:
        inputs.append(random.choice((-1, *sorted(graph.tensors))))
    elif way == 2 and inputs:
        inputs.pop(random.randrange(len(inputs)))
    elif way == 3:
        outputs[random.randrange(len(outputs))] = random.choice(sorted(graph.tensors))
    elif way == 4 and node.op in codecs():
        writer = codecs()[node.op].write
        node = replace(node, op=random.choice([op for op, c in codecs().items() if c.write is writer]))
    elif dataclasses.is_dataclass(node.options) and dataclasses.fields(node.options):
        name = random.choice([f.name for f in dataclasses.fields(node.options) if f.name != "pads"])
        value = _other_value(random, getattr(node.options, name))
        node = replace(node, options=replace(node.options, **{name: value}))  # type: ignore[type-var]
    node = replace(node, inputs=tuple(inputs), outputs=tuple(outputs))
    return replace(graph, nodes=(*graph.nodes[:k], node, *graph.nodes[k + 1 :]))


def _other_value(random: Random, value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return random.choice(NUMBERS)
    if isinstance(value, float):
        return random.choice(SCALES)
    if isinstance(value, tuple):
        return (*value, random.choice(NUMBERS))
    if value in ("SAME", "VALID"):
        return "SAME" if value == "VALID" else "VALID"
    if isinstance(value, str):
        return random.choice(("NONE", "RELU", "RELU6", "RELU_N1_TO_1"))
    return value


def _changed_order(random: Random, graph: Graph) -> Graph:
    nodes = list(graph.nodes)
    k = random.randrange(len(nodes))
    way = random.randrange(5)
    if way == 0:
        node = nodes.pop(k)
        nodes.insert(random.randrange(len(nodes) + 1), node)
    elif way == 1:
        nodes.insert(k, nodes[k])
    elif way == 2 and len(nodes) > 1:
        nodes.pop(k)
    elif way == 3:
        return replace(graph, inputs=tuple(random.sample(sorted(graph.tensors), random.choice((1, 2)))))
    else:
        return replace(graph, outputs=(*graph.outputs, random.choice(sorted(graph.tensors))))
    return replace(graph, nodes=tuple(nodes))


MUTATIONS: dict[str, Callable[[Random, Base], bytes]] = {
    "bit flips": _bit_flips,
    "chunks": _chunks,
    "cycles": _cycles,
    "names": _names,
    "senseless": _senseless,
    "set bytes": _set_bytes,
    "shared": _shared,
    "truncation": _truncate,
    "wild words": _wild_words,
}
