# SPDX-License-Identifier: Apache-2.0
"""Sound flatbuffers of graphs that contradict themselves are refused, each with its id."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from edgesdk.errors import MODEL_INVALID, MODEL_TYPE, OP_OPTIONS, ErrorKind
from edgesdk.model.graph import DType, Graph, Quantization
from edgesdk.model.tflite.reader import parse_model
from edgesdk.model.tflite.writer import write_model

from .graphs import refused, small_graph, with_node, with_options, with_tensor

Change = Callable[[Graph], Graph]


def quantized(index: int, scale: tuple[float, ...], points: tuple[int, ...], axis: int = 0) -> Change:
    return lambda g: with_tensor(g, index, quantization=Quantization(scale, points, axis))


BROKEN: dict[str, tuple[Change, ErrorKind]] = {
    "zero size": (lambda g: with_tensor(g, 0, shape=(1, 0, 4, 2)), MODEL_INVALID),
    "negative size": (lambda g: with_tensor(g, 0, shape=(-1, 4, 4, 2)), MODEL_INVALID),
    "too many elements": (lambda g: with_tensor(g, 0, shape=(1, 2**15, 2**15, 2)), OP_OPTIONS),
    "product beyond 64 bits": (lambda g: with_tensor(g, 0, shape=(2**31 - 1,) * 8), OP_OPTIONS),
    "too many axes": (lambda g: with_tensor(g, 0, shape=(1,) * 9), OP_OPTIONS),
    "data too short": (lambda g: with_tensor(g, 1, shape=(2, 2, 2, 3)), MODEL_INVALID),
    "data too long": (lambda g: with_tensor(g, 1, shape=(2, 2, 2, 1)), MODEL_INVALID),
    "data of another type": (lambda g: with_tensor(g, 1, dtype=DType.INT32), MODEL_INVALID),
    "bool of 2": (
        lambda g: with_tensor(g, 1, dtype=DType.BOOL, data=np.full((2, 2, 2, 2), 2, np.uint8)),
        MODEL_INVALID,
    ),
    "scale 0": (quantized(0, (0.0,), (0,)), MODEL_INVALID),
    "scale below 0": (quantized(0, (-1.0,), (0,)), MODEL_INVALID),
    "scale not a number": (quantized(0, (float("nan"),), (0,)), MODEL_INVALID),
    "scale infinite": (quantized(0, (float("inf"),), (0,)), MODEL_INVALID),
    "scale beyond arithmetic": (quantized(0, (1e30,), (0,)), MODEL_TYPE),
    "scale subnormal": (quantized(0, (1e-40,), (0,)), MODEL_TYPE),
    "zero point above int8": (quantized(0, (1.0,), (128,)), MODEL_INVALID),
    "zero point below int8": (quantized(0, (1.0,), (-129,)), MODEL_INVALID),
    "zero point of int64": (quantized(0, (1.0,), (2**63 - 1,)), MODEL_INVALID),
    "zero point of a bias": (quantized(2, (1.0,), (1,)), MODEL_INVALID),
    "more zero points than scales": (quantized(0, (1.0,), (0, 0)), MODEL_INVALID),
    "no zero point": (quantized(0, (1.0,), ()), MODEL_INVALID),
    "scales of another size": (quantized(1, (1.0,) * 3, (0,) * 3), MODEL_INVALID),
    "axis past the end": (quantized(1, (1.0,) * 2, (0,) * 2, 4), MODEL_INVALID),
    "axis below 0": (quantized(1, (1.0,) * 2, (0,) * 2, -1), MODEL_INVALID),
    "per-channel zero points": (quantized(1, (1.0,) * 2, (0, 1)), MODEL_TYPE),
    "constant input": (lambda g: with_tensor(g, 0, data=np.zeros((1, 4, 4, 2), np.int8)), MODEL_INVALID),
    "constant written": (lambda g: with_tensor(g, 3, data=np.zeros((1, 4, 4, 2), np.int8)), MODEL_INVALID),
    "no operators": (lambda g: replace(g, nodes=()), MODEL_INVALID),
    "no inputs": (lambda g: replace(g, inputs=()), MODEL_INVALID),
    "no outputs": (lambda g: replace(g, outputs=()), MODEL_INVALID),
    "output twice": (lambda g: replace(g, outputs=(4, 4)), MODEL_INVALID),
    "output that nothing makes": (lambda g: replace(g, outputs=(0,)), MODEL_INVALID),
    "constant output": (lambda g: replace(g, outputs=(1,)), MODEL_INVALID),
    "order reversed": (lambda g: replace(g, nodes=g.nodes[::-1]), MODEL_INVALID),
    "cycle": (lambda g: with_node(g, 0, inputs=(4, 1, 2)), MODEL_INVALID),
    "self-reference": (lambda g: with_node(g, 1, inputs=(4,)), MODEL_INVALID),
    "made twice": (lambda g: with_node(g, 1, outputs=(3,)), MODEL_INVALID),
    "stride 0": (lambda g: with_options(g, stride_h=0), MODEL_INVALID),
    "stride below 0": (lambda g: with_options(g, stride_w=-1), MODEL_INVALID),
    "dilation 0": (lambda g: with_options(g, dilation_w=0), MODEL_INVALID),
}


def test_the_unbroken_graph_is_read() -> None:
    assert len(parse_model(write_model(small_graph()), "").nodes) == 2


@pytest.mark.parametrize("name", BROKEN)
def test_broken_graphs(name: str) -> None:
    change, kind = BROKEN[name]
    refused(change(small_graph()), kind)
