# SPDX-License-Identifier: Apache-2.0
"""Random graphs over every operator: odd shapes, strides, paddings, branches, frames, constants as operands.

Structure comes from a hypothesis Random (so that failures shrink); weights from numpy, seeded by it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np

from edgesdk.errors import EdgeError
from edgesdk.model.graph import Array, DType, Graph, Node, Quantization, Shape, Tensor
from edgesdk.model.tflite.add import AddOptions
from edgesdk.model.tflite.concatenation import ConcatenationOptions
from edgesdk.model.tflite.conv_2d import Conv2DOptions
from edgesdk.model.tflite.cross_channel_pool import POOLS, CrossChannelPoolOptions
from edgesdk.model.tflite.depthwise_conv_2d import DepthwiseConv2DOptions
from edgesdk.model.tflite.fully_connected import FullyConnectedOptions
from edgesdk.model.tflite.leaky_relu import LeakyReluOptions
from edgesdk.model.tflite.mul import MulOptions
from edgesdk.model.tflite.ordinal_pool import OrdinalPoolOptions
from edgesdk.model.tflite.pool_2d import Pool2DOptions
from edgesdk.model.tflite.product_key_memory import ProductKeyMemoryOptions
from edgesdk.model.tflite.reducer import ReducerOptions
from edgesdk.model.tflite.reshape import ReshapeOptions
from edgesdk.model.tflite.resize_nearest_neighbor import ResizeNearestNeighborOptions
from edgesdk.model.tflite.softmax import SoftmaxOptions
from edgesdk.model.tflite.split import SplitOptions
from edgesdk.model.tflite.squeeze import SqueezeOptions
from edgesdk.model.tflite.strided_slice import StridedSliceOptions
from edgesdk.model.tflite.sub import SubOptions
from edgesdk.model.tflite.transpose_conv import TransposeConvOptions
from edgesdk.ops import find_operator

ACTIVATIONS = ("NONE", "RELU", "RELU6", "RELU_N1_TO_1")
LARGEST = 6000  # elements of an activation


@dataclass
class GraphBuilder:
    """Adds random operators, each checked by its own `check`; choices that do not fit are dropped."""

    random: Random
    tensors: dict[int, Tensor] = field(default_factory=dict)
    nodes: list[Node] = field(default_factory=list)
    inputs: list[int] = field(default_factory=list)
    largest: int = LARGEST

    def __post_init__(self) -> None:
        self.values = np.random.default_rng(self.random.getrandbits(32))

    # tensors

    def add(
        self, shape: Sequence[int], dtype: DType = DType.INT8, q: Quantization | None = None, data: Any = None
    ) -> int:
        index = len(self.tensors)
        if data is not None:
            data = np.ascontiguousarray(data, dtype=dtype.value).reshape(tuple(shape))
            data.flags.writeable = False
        self.tensors[index] = Tensor(index, f"t{index}", tuple(int(s) for s in shape), dtype, q, data)
        return index

    def quantization(self) -> Quantization:
        zero = self.random.choice((-128, 0, 127, self.random.randint(-128, 127)))
        return Quantization((float(np.float32(2.0 ** self.random.uniform(-7, -2))),), (zero,))

    def activation(self, shape: Sequence[int], q: Quantization | None = None) -> int:
        return self.add(shape, q=q or self.quantization())

    def weights(self, shape: Sequence[int], axis: int, channels: int) -> int:
        data = self.values.integers(-127, 128, tuple(shape))
        if self.random.random() < 0.2:
            data = np.where(self.values.random(tuple(shape)) < 0.5, -127, 127)
        count = channels if self.random.random() < 0.7 else 1
        scales = tuple(float(np.float32(s)) for s in 2.0 ** self.values.uniform(-10, -5, count))
        return self.add(shape, q=Quantization(scales, (0,) * count, axis), data=data)

    def bias(self, source: int, weights: int, channels: int) -> int:
        if self.random.random() < 0.2:
            return -1
        q = self.tensors[weights].quantization
        assert q is not None
        scales = tuple(float(np.float32(s) * np.float32(self.tensors[source].scale)) for s in q.scale)
        data = self.values.integers(-20000, 20000, channels)
        return self.add((channels,), DType.INT32, Quantization(scales, (0,) * len(scales), 0), data)

    def int32(self, values: Any) -> int:
        data = np.asarray(values, dtype=np.int32)
        return self.add(data.shape, DType.INT32, None, data)

    # nodes

    def apply(
        self,
        op: str,
        inputs: Sequence[int],
        outputs: Sequence[Quantization | None],
        options: Any,
        dtype: DType = DType.INT8,
    ) -> list[int]:
        """Adds a node; its output shapes come from the operator. Nothing is added where it does not fit."""
        before = dict(self.tensors)
        provisional = [self.add((1,), q=q or self.quantization()) for q in outputs]
        node = Node(op, tuple(inputs), tuple(provisional), options, (len(self.nodes),))
        operator = find_operator(op)
        try:
            shapes = operator.output_shapes(self.graph(), node)
            for t, shape in zip(provisional, shapes, strict=True):
                quantization = self.tensors[t].quantization if dtype is DType.INT8 else None
                self.tensors[t] = Tensor(t, f"t{t}", shape, dtype, quantization)
            if any(not 0 < self.tensors[t].elements <= self.largest for t in provisional):
                raise ValueError("too large for a quick test")
            operator.check(self.graph(), node)
        except (EdgeError, ValueError):
            self.tensors = before
            return []
        self.nodes.append(node)
        return provisional

    def graph(self) -> Graph:
        used = {t for n in self.nodes for t in n.inputs}
        outputs = tuple(t for n in self.nodes for t in n.outputs if t not in used)
        return Graph("random", 0, dict(self.tensors), tuple(self.nodes), tuple(self.inputs), outputs)


Recipe = Callable[[GraphBuilder, int], list[int]]


def _conv_2d(b: GraphBuilder, x: int) -> list[int]:
    r, shape = b.random, b.tensors[x].shape
    groups = r.choice([g for g in (1, 1, 1, 2, 3, 4) if shape[-1] % g == 0])
    channels = groups * r.randint(1, 6)
    kernel = (r.choice((1, 1, 2, 3, 3, 5)), r.choice((1, 1, 2, 3, 3, 4)))
    w = b.weights((channels, *kernel, shape[-1] // groups), 0, channels)
    options = Conv2DOptions(
        r.choice(("SAME", "VALID")), r.randint(1, 3), r.randint(1, 3), *r.choice(((1, 1), (1, 1), (2, 1), (2, 2))),
        activation=r.choice(ACTIVATIONS),
    )  # fmt: skip
    return b.apply("CONV_2D", (x, w, b.bias(x, w, channels)), (None,), options)


def _depthwise(b: GraphBuilder, x: int) -> list[int]:
    r, shape = b.random, b.tensors[x].shape
    multiplier = r.choice((1, 1, 1, 2, 3))
    channels = shape[-1] * multiplier
    kernel = r.choice(((3, 3), (3, 3), (1, 3), (5, 5), (2, 4), (3, 1)))
    w = b.weights((1, *kernel, channels), 3, channels)
    stride = r.randint(1, 2)
    options = DepthwiseConv2DOptions(
        r.choice(("SAME", "VALID")), stride, stride, multiplier, *r.choice(((1, 1), (1, 1), (2, 2))),
        activation=r.choice(ACTIVATIONS),
    )  # fmt: skip
    return b.apply("DEPTHWISE_CONV_2D", (x, w, b.bias(x, w, channels)), (None,), options)


def _transpose_conv(b: GraphBuilder, x: int) -> list[int]:
    r, (n, h, w_in, c) = b.random, b.tensors[x].shape
    stride, channels, k = r.randint(1, 3), r.randint(1, 4), (r.randint(1, 4), r.randint(1, 4))
    padding = r.choice(("SAME", "VALID"))
    size = [d * stride if padding == "SAME" else (d - 1) * stride + kk for d, kk in zip((h, w_in), k, strict=True)]
    w = b.weights((channels, *k, c), 0, channels)
    inputs = [b.int32([n, *size, channels]), w, x]
    bias = b.bias(x, w, channels)
    return b.apply(
        "TRANSPOSE_CONV",
        [*inputs, bias] if bias >= 0 else inputs,
        (None,),
        TransposeConvOptions(padding, stride, stride),
    )


def _fully_connected(b: GraphBuilder, x: int) -> list[int]:
    r, t = b.random, b.tensors[x]
    units = r.randint(1, 9)
    depth = t.elements // t.shape[0] if r.random() < 0.5 else t.shape[-1]
    w = b.weights((units, depth), 0, units)
    options = FullyConnectedOptions(r.choice(ACTIVATIONS), r.random() < 0.2)
    return b.apply("FULLY_CONNECTED", (x, w, b.bias(x, w, units)), (None,), options)


def _binary(op: str, options: Callable[[str], Any], same: bool) -> Recipe:
    def recipe(b: GraphBuilder, x: int) -> list[int]:
        r, t = b.random, b.tensors[x]
        q = t.quantization if same else None
        others = [i for i, o in b.tensors.items() if o.dtype is DType.INT8 and o.shape == t.shape and not o.constant]
        if same:
            others = [i for i in others if b.tensors[i].quantization == t.quantization]
        if others and r.random() < 0.5:
            y = r.choice(others)
        else:
            shape = [d if r.random() < 0.6 else 1 for d in t.shape]
            y = b.add(shape, q=q or b.quantization(), data=b.values.integers(-128, 128, tuple(shape)))
        pair = (x, y) if r.random() < 0.7 else (y, x)
        return b.apply(op, pair, (q,), options(r.choice(ACTIVATIONS)))

    return recipe


def _unary(op: str, options: Callable[[Random], Any] = lambda r: None, q: Quantization | None = None) -> Recipe:
    return lambda b, x: b.apply(op, (x,), (q,), options(b.random))


def _pool(op: str) -> Recipe:
    def recipe(b: GraphBuilder, x: int) -> list[int]:
        r, t = b.random, b.tensors[x]
        size = (t.shape[1], t.shape[2]) if r.random() < 0.3 else (r.randint(1, 4), r.randint(1, 4))
        options = Pool2DOptions(
            r.choice(("SAME", "VALID")), r.randint(1, 3), r.randint(1, 3), *size, activation=r.choice(ACTIVATIONS)
        )
        return b.apply(op, (x,), (t.quantization,), options)

    return recipe


def _reduce(op: str) -> Recipe:
    def recipe(b: GraphBuilder, x: int) -> list[int]:
        axes = b.random.choice(((1, 2), (1, 2), (1,), (2,), (3,), (2, 3), (1, 2, 3)))
        return b.apply(op, (x, b.int32(axes)), (None,), ReducerOptions(b.random.random() < 0.7))

    return recipe


def _reshape(b: GraphBuilder, x: int) -> list[int]:
    t = b.tensors[x]
    shape = b.random.choice(
        ((1, t.elements), (1, t.elements // t.shape[-1], 1, t.shape[-1]), (1, *reversed(t.shape[1:])))
    )
    return b.apply("RESHAPE", (x, b.int32(shape)), (t.quantization,), ReshapeOptions(tuple(shape)))


def _expand_squeeze(b: GraphBuilder, x: int) -> list[int]:
    q = b.tensors[x].quantization
    ones = tuple(i for i, d in enumerate(b.tensors[x].shape) if d == 1 and i > 0)
    if ones and b.random.random() < 0.7:
        flat = b.apply("SQUEEZE", (x,), (q,), SqueezeOptions(ones[:1]))
        return b.apply("EXPAND_DIMS", (flat[0], b.int32([1])), (q,), None) or flat if flat else []
    return []


def _pad(b: GraphBuilder, x: int) -> list[int]:
    pads = [
        [0, 0],
        *[[b.random.randint(0, 2), b.random.randint(0, 2)] for _ in range(2)],
        [0, b.random.choice((0, 0, 1))],
    ]
    q = b.tensors[x].quantization
    if b.random.random() < 0.5:
        return b.apply("PAD", (x, b.int32(pads)), (q,), None)
    value = b.add((), q=q, data=b.random.randint(-128, 127))
    return b.apply("PADV2", (x, b.int32(pads), value), (q,), None)


def _dequantize(b: GraphBuilder, x: int) -> list[int]:
    return b.apply("DEQUANTIZE", (x,), (None,), None, DType.FLOAT32)


def _add_view_of_constant(b: GraphBuilder, x: int) -> list[int]:
    shape, q = b.tensors[x].shape, b.quantization()
    flat = b.add((b.tensors[x].elements,), q=q, data=b.values.integers(-128, 128, b.tensors[x].elements))
    view = b.apply("RESHAPE", (flat, b.int32(shape)), (q,), ReshapeOptions(shape))
    made = b.apply("ADD", (x, view[0]), (None,), AddOptions()) if view else []
    if view and not made:
        b.nodes.pop()  # nobody reads the view
    return made


def _concatenation(b: GraphBuilder, x: int) -> list[int]:
    t, axis = b.tensors[x], b.random.choice((1, 2, 3, 3, -1))
    parts = [x]
    for _ in range(b.random.randint(1, 2)):
        shape = list(t.shape)
        shape[axis] = b.random.randint(1, 4)
        parts.append(b.add(shape, q=t.quantization, data=b.values.integers(-128, 128, tuple(shape))))
    b.random.shuffle(parts)
    return b.apply("CONCATENATION", parts, (t.quantization,), ConcatenationOptions(axis))


def _split(b: GraphBuilder, x: int) -> list[int]:
    t = b.tensors[x]
    choices = [(a, n) for a in (1, 2, 3) for n in (2, 3) if t.shape[a] % n == 0]
    if not choices:
        return []
    axis, n = b.random.choice(choices)
    return b.apply("SPLIT", (b.int32(np.int32(axis)), x), (t.quantization,) * n, SplitOptions(n))


def _strided_slice(b: GraphBuilder, x: int) -> list[int]:
    r, t = b.random, b.tensors[x]
    begin = [0, *[r.randint(0, d - 1) for d in t.shape[1:]]]
    end = [t.shape[0], *[r.randint(s + 1, d) for s, d in zip(begin[1:], t.shape[1:], strict=True)]]
    stride = [1, *[r.randint(1, 2) for _ in t.shape[1:]]]
    axis = r.randint(1, len(t.shape) - 1)
    if r.random() < 0.2 and begin[axis] > 0:
        end[axis], stride[axis] = 0, -1  # from begin down to 1
    masks = StridedSliceOptions(begin_mask=r.choice((0, 0, 2, 4)), end_mask=r.choice((0, 0, 2, 8)))
    return b.apply("STRIDED_SLICE", (x, b.int32(begin), b.int32(end), b.int32(stride)), (t.quantization,), masks)


def _transpose(b: GraphBuilder, x: int) -> list[int]:
    order = b.random.choice(((0, 2, 1, 3), (0, 3, 1, 2), (0, 1, 3, 2), (0, 2, 3, 1)))
    return b.apply("TRANSPOSE", (x, b.int32(order)), (b.tensors[x].quantization,), None)


def _resize(b: GraphBuilder, x: int) -> list[int]:
    t = b.tensors[x]
    size = b.int32([b.random.randint(1, 2 * t.shape[1] + 1), b.random.randint(1, 2 * t.shape[2] + 1)])
    options = ResizeNearestNeighborOptions(*b.random.choice(((False, False), (True, False), (False, True))))
    return b.apply("RESIZE_NEAREST_NEIGHBOR", (x, size), (t.quantization,), options)


def _cross_channel_pool(b: GraphBuilder, x: int) -> list[int]:
    """Mostly behind a convolution that nothing else reads: a kernel may run the two as one."""
    if b.random.random() < 0.7:
        x = (_conv_2d(b, x) or [x])[0]
    t = b.tensors[x]
    group = b.random.choice([g for g in range(1, t.shape[-1] + 1) if t.shape[-1] % g == 0])
    options = CrossChannelPoolOptions(b.random.choice(POOLS), group)
    return b.apply("edgesdk.CrossChannelPool", (x,), (t.quantization,), options)


def _ordinal_pool(b: GraphBuilder, x: int) -> list[int]:
    r, t = b.random, b.tensors[x]
    window = [r.randint(1, min(3, n)) for n in t.shape[1:3]]
    channels, ranks = t.shape[3], window[0] * window[1]
    options = OrdinalPoolOptions(r.choice(("SAME", "VALID")), r.randint(1, 3), r.randint(1, 3), *window)
    if r.random() < 0.5:
        w, q = b.weights((channels, ranks), 0, channels), None
    else:
        shares = b.values.multinomial(256, b.values.dirichlet(np.ones(ranks)), channels)
        w, q = b.add((channels, ranks), DType.INT16, Quantization((1 / 256,), (0,)), shares), t.quantization
    return b.apply("edgesdk.OrdinalPool", (x, w), (q,), options)


def _product_key_memory(b: GraphBuilder, x: int) -> list[int]:
    """With one head: any even number of channels is a query."""
    r, t = b.random, b.tensors[x]
    half, sub_keys, units = t.shape[-1] // 2, r.randint(1, 6), r.randint(1, 6)
    if not half:
        return []
    one = Quantization((float(np.float32(2.0 ** r.uniform(-12, -4))),), (0,))
    shapes = ((1, 2, sub_keys, half), (sub_keys**2, units))
    constants = [b.add(shape, q=one, data=b.values.integers(-128, 128, shape)) for shape in shapes]
    options = ProductKeyMemoryOptions(r.randint(1, sub_keys))
    return b.apply("edgesdk.ProductKeyMemory", (x, *constants), (None,), options)


SIGMOID = Quantization((1 / 256,), (-128,))
RECIPES: dict[str, Recipe] = {
    "CONV_2D": _conv_2d,
    "DEPTHWISE_CONV_2D": _depthwise,
    "TRANSPOSE_CONV": _transpose_conv,
    "FULLY_CONNECTED": _fully_connected,
    "ADD": _binary("ADD", AddOptions, False),
    "SUB": _binary("SUB", SubOptions, False),
    "MUL": _binary("MUL", MulOptions, False),
    "MAXIMUM": _binary("MAXIMUM", lambda a: None, True),
    "MINIMUM": _binary("MINIMUM", lambda a: None, True),
    "AVERAGE_POOL_2D": _pool("AVERAGE_POOL_2D"),
    "MAX_POOL_2D": _pool("MAX_POOL_2D"),
    "MEAN": _reduce("MEAN"),
    "SUM": _reduce("SUM"),
    "SOFTMAX": _unary("SOFTMAX", lambda r: SoftmaxOptions(float(np.float32(r.choice((0.5, 1.0, 1.0, 2.0))))), SIGMOID),
    "LOGISTIC": _unary("LOGISTIC", q=SIGMOID),
    "TANH": _unary("TANH", q=Quantization((1 / 128,), (0,))),
    "RELU": _unary("RELU"),
    "RELU6": _unary("RELU6"),
    "LEAKY_RELU": _unary("LEAKY_RELU", lambda r: LeakyReluOptions(float(np.float32(r.uniform(0.01, 0.9))))),
    "HARD_SWISH": _unary("HARD_SWISH"),
    "QUANTIZE": _unary("QUANTIZE"),
    "RESHAPE": _reshape,
    "SQUEEZE": _expand_squeeze,
    "PAD": _pad,
    "DEQUANTIZE": _dequantize,
    "RESHAPE of a constant": _add_view_of_constant,
    "CONCATENATION": _concatenation,
    "SPLIT": _split,
    "STRIDED_SLICE": _strided_slice,
    "TRANSPOSE": _transpose,
    "RESIZE_NEAREST_NEIGHBOR": _resize,
    "edgesdk.CrossChannelPool": _cross_channel_pool,
    "edgesdk.OrdinalPool": _ordinal_pool,
    "edgesdk.ProductKeyMemory": _product_key_memory,
}


def random_graph(random: Random, operators: int = 6, *, builtin: bool = False) -> Graph:
    """A connected graph of up to `operators` nodes from one input [1 or 2, H, W, C].

    Args:
        builtin: without the operators that are edgesdk's own.
    """
    b = GraphBuilder(random)
    shape: Shape = (random.choice((1, 1, 1, 2)), random.randint(1, 11), random.randint(1, 9), random.randint(1, 8))
    x = b.activation(shape)
    b.inputs.append(x)
    ends = [x]
    names = sorted(name for name in RECIPES if not (builtin and name.startswith("edgesdk.")))
    for _ in range(operators * 3):
        if len(b.nodes) >= operators:
            break
        source = random.choice(ends[-3:]) if random.random() < 0.8 else random.choice(ends)
        name = random.choice(names)
        rank = len(b.tensors[source].shape)
        if rank == 4 or name in ("FULLY_CONNECTED", "SOFTMAX", "LOGISTIC", "QUANTIZE", "RELU"):
            ends += [t for t in RECIPES[name](b, source) if b.tensors[t].dtype is DType.INT8]
    if not b.nodes:
        b.apply("RELU", (x,), (None,), None)
    return b.graph()


def random_case(graph: Graph, seed: int) -> tuple[Array, ...]:
    """Inputs over the whole range, extremes common."""
    values = np.random.default_rng(seed)
    return tuple(
        np.where(
            values.random(graph.tensors[t].shape) < 0.2,
            values.choice(np.array([-128, 127]), graph.tensors[t].shape),
            values.integers(-128, 128, graph.tensors[t].shape),
        ).astype(np.int8)
        for t in graph.inputs
    )
