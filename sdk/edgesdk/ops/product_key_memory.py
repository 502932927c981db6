# SPDX-License-Identifier: Apache-2.0
"""edgesdk.ProductKeyMemory: reads the best of many values, which pairs of small keys address.

Source: Lample et al. 2019 (arXiv 1907.05242); the integer form is edgesdk's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edgesdk.errors import MODEL_INVALID, MODEL_TYPE, OP_OPTIONS, EdgeError
from edgesdk.model.graph import Array, DType, Graph, Node, Shape, Tensor
from edgesdk.model.tflite.product_key_memory import ProductKeyMemoryOptions
from edgesdk.ops.base import Geometry, Operator, plain_rows
from edgesdk.ops.fixed_point import Int64, multiply_by_quantized_multiplier, quantize_multiplier
from edgesdk.ops.operands import LARGEST_AXIS, check_int8, check_shapes

ONE = 256
"""The sum of a head's weights."""
STEPS = 16
"""Entries of the table of exponentials for a difference of one."""
MOST_NEIGHBOURS = 64


@dataclass(frozen=True)
class Sizes:
    """Of the constants: keys [heads, 2, sub_keys, half] and values [sub_keys ** 2, units]."""

    heads: int
    sub_keys: int
    half: int
    units: int


class ProductKeyMemory(Operator):
    """Input [..., heads * 2 * half], a query for each head; keys and values as in Sizes; output [..., units].

    For every head: the scores of a half's keys are sums of (query - zero point) * key, int32. The best `neighbours`
    keys of both halves make pairs, whose scores add; of these the best `neighbours` are read, of slot i * sub_keys +
    j. Of equal scores the lower index wins, of pairs that with the better first key. With d the difference from the
    best score in sixteenths, rounded and at most 255, a slot weighs exp(-d / 16) in a sum of 256: shares are rounded
    down, and what is left goes one by one to the largest remainders. The output is the sum of weight * value over
    slots and heads, requantized once.
    """

    name = "edgesdk.ProductKeyMemory"

    def check(self, graph: Graph, node: Node) -> None:
        if len(node.inputs) != 3 or min(node.inputs) < 0 or len(node.outputs) != 1:
            raise EdgeError(MODEL_INVALID, f"{self.name} needs an input, keys, values and one output")
        source, keys, values = (graph.tensor_in(node, k) for k in range(3))
        check_int8(self.name, (source, graph.tensor_out(node)))
        for what, constant, rank in (("keys", keys, 4), ("values", values, 2)):
            _check_constant(f"the {what} of {self.name}", constant, rank)
        heads, halves, sub_keys, half = keys.shape
        if halves != 2 or values.shape[0] != sub_keys**2 or source.shape[-1:] != (heads * 2 * half,):
            raise EdgeError(
                MODEL_INVALID,
                f"{self.name} has keys of shape {list(keys.shape)}, values of {list(values.shape)} and an input of "
                f"{list(source.shape)}, which do not belong together",
            )
        options: ProductKeyMemoryOptions = node.options
        if options.neighbours > min(sub_keys, MOST_NEIGHBOURS):
            raise EdgeError(
                OP_OPTIONS,
                f"{self.name} reads {options.neighbours} neighbours of {sub_keys} keys",
                why=f"there are only so many, and {MOST_NEIGHBOURS} are allowed",
            )
        if max(sub_keys, half, values.shape[1], source.shape[-1]) > LARGEST_AXIS:
            raise EdgeError(OP_OPTIONS, f"{self.name} has an axis above {LARGEST_AXIS}")
        check_shapes(graph, node, self.output_shapes(graph, node))

    def sizes(self, graph: Graph, node: Node) -> Sizes:
        heads, _, sub_keys, half = graph.tensor_in(node, 1).shape
        return Sizes(heads, sub_keys, half, graph.tensor_in(node, 2).shape[1])

    def differences(self, graph: Graph, node: Node) -> tuple[int, int, int]:
        """multiplier and shift that make entries of the table of differences, and from what difference on it is the
        last."""
        real = graph.tensor_in(node, 0).scale * graph.tensor_in(node, 1).scale * STEPS
        return *quantize_multiplier(real), int(min(256 // real + 1, (1 << 31) - 1))

    def output_scale(self, graph: Graph, node: Node) -> tuple[int, int]:
        """multiplier and shift of the sums of weight * value."""
        return quantize_multiplier(graph.tensor_in(node, 2).scale / (ONE * graph.tensor_out(node).scale))

    def output_shapes(self, graph: Graph, node: Node) -> tuple[Shape, ...]:
        return ((*graph.tensor_in(node, 0).shape[:-1], graph.tensor_in(node, 2).shape[1]),)

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        x, keys, values = inputs
        assert x is not None
        assert keys is not None
        assert values is not None
        target, sizes = graph.tensor_out(node), self.sizes(graph, node)
        queries = x.reshape(-1, sizes.heads, 2, sizes.half).astype(np.int64) - graph.tensor_in(node, 0).zero_point
        sums = np.zeros((len(queries), sizes.units), np.int64)
        for n, query in enumerate(queries):
            for head in range(sizes.heads):
                slots, scores = _best(query[head], keys[head].astype(np.int64), node.options.neighbours)
                sums[n] += self.shares(graph, node, scores) @ values[slots].astype(np.int64)
        scaled = multiply_by_quantized_multiplier(sums, *self.output_scale(graph, node))
        y = np.clip(scaled + target.zero_point, -128, 127).astype(np.int8)
        return (y.reshape(self.output_shapes(graph, node)[0]),)

    def shares(self, graph: Graph, node: Node, scores: Int64) -> Int64:
        """Weights of scores, best first; their sum is ONE."""
        multiplier, shift, limit = self.differences(graph, node)
        differences = np.minimum(scores[0] - scores, limit)
        entries = np.clip(multiply_by_quantized_multiplier(differences, multiplier, shift), 0, 255)
        exponentials = exponential_table().astype(np.int64)[entries]
        shares, remainders = np.divmod(exponentials * ONE, exponentials.sum())
        order = np.argsort(-remainders, kind="stable")[: ONE - shares.sum()]
        shares[order] += 1
        return np.asarray(shares, np.int64)

    def geometry(self, graph: Graph, node: Node) -> Geometry:
        return plain_rows(graph, node, (0,))

    def macs(self, graph: Graph, node: Node) -> int:
        """Of the keys' scores and the values that are read."""
        sizes = self.sizes(graph, node)
        options: ProductKeyMemoryOptions = node.options
        queries = graph.tensor_out(node).elements // sizes.units
        return queries * sizes.heads * (2 * sizes.sub_keys * sizes.half + options.neighbours * sizes.units)


def exponential_table() -> npt.NDArray[np.uint16]:
    """65,535 * exp(-i / STEPS), rounded, for i in [0, 256)."""
    return np.floor(65_535 * np.exp(-np.arange(256) / STEPS) + 0.5).astype(np.uint16)


def _best(query: Int64, keys: Int64, neighbours: int) -> tuple[Int64, Int64]:
    """Slots and scores of the best pairs, best first. query [2, half], keys [2, sub_keys, half]."""
    scores = (keys @ query[:, :, None])[..., 0]
    best = np.argsort(-scores, axis=1, kind="stable")[:, :neighbours]
    first, second = scores[0, best[0]], scores[1, best[1]]
    sums = (first[:, None] + second[None, :]).reshape(-1)
    pairs = np.argsort(-sums, kind="stable")[:neighbours]
    slots = best[0][pairs // neighbours] * scores.shape[1] + best[1][pairs % neighbours]
    return slots, sums[pairs]


def _check_constant(what: str, tensor: Tensor, rank: int) -> None:
    if tensor.data is None:
        raise EdgeError(OP_OPTIONS, f"{what} are not constant")
    quantization = tensor.quantization
    if tensor.dtype is not DType.INT8 or quantization is None or quantization.per_channel or tensor.zero_point:
        raise EdgeError(MODEL_TYPE, f"{what} must be int8 with one scale and zero point 0")
    if len(tensor.shape) != rank or not tensor.elements:
        raise EdgeError(MODEL_INVALID, f"{what} have shape {list(tensor.shape)}, not {rank} axes")


OPERATOR = ProductKeyMemory()
