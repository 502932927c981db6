# SPDX-License-Identifier: Apache-2.0
"""Output rows over dying input rows: right at every distance a kernel allows, and no lag is much longer than needed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from convolution_nodes import random_conv_2d, random_depthwise_conv_2d, random_rectified_depthwise_conv_2d
from edgesdk.kernels.palette import Palette, choose_kernel
from edgesdk.model.graph import DType, Graph
from edgesdk.model.tflite.add import AddOptions
from edgesdk.model.tflite.cross_channel_pool import POOLS, CrossChannelPoolOptions
from edgesdk.model.tflite.pool_2d import Pool2DOptions
from edgesdk.model.tflite.reducer import ReducerOptions
from edgesdk.model.tflite.resize_nearest_neighbor import ResizeNearestNeighborOptions
from edgesdk.model.tflite.softmax import SoftmaxOptions
from edgesdk.ops.check import check_graph
from movement_graphs import completed, integers
from overlapping import run_overlapped
from pooled_convolutions import random_pooled_conv_2d
from single_node import single_node_graph, tensor
from support import DSP, PACKED, PALETTE

Rng = np.random.Generator
NODES = 12  # planning them side by side grows faster than their number


def _shape(rng: Rng) -> tuple[int, int, int, int]:
    return int(rng.integers(1, 3)), int(rng.integers(2, 8)), int(rng.integers(2, 12)), int(rng.integers(1, 18))


def _pool(op: str) -> Callable[[Rng], Graph]:
    def make(rng: Rng) -> Graph:
        shape = _shape(rng)
        padding = str(rng.choice(["SAME", "VALID"]))
        strides, filters = rng.integers(1, 4, 2).tolist(), [int(rng.integers(1, min(4, n + 1))) for n in shape[1:3]]
        return completed(op, [tensor(shape)], Pool2DOptions(padding, *strides, *filters))

    return make


def _resize(rng: Rng) -> Graph:
    options = ResizeNearestNeighborOptions(bool(rng.integers(2)), False)
    return completed(
        "RESIZE_NEAREST_NEIGHBOR", [tensor(_shape(rng)), integers(rng.integers(1, 16, 2).tolist())], options
    )


def _mean(rng: Rng) -> Graph:
    return completed("MEAN", [tensor(_shape(rng)), integers([1, 2])], ReducerOptions(keep_dims=True))


def _global_pool(rng: Rng) -> Graph:
    shape = _shape(rng)
    return completed("AVERAGE_POOL_2D", [tensor(shape)], Pool2DOptions("VALID", 1, 1, *shape[1:3]))


def _unary(op: str, source: DType = DType.INT8, target: DType = DType.INT8) -> Callable[[Rng], Graph]:
    def make(rng: Rng) -> Graph:
        shape = _shape(rng)
        scales = [0.05 if t is DType.INT8 else None for t in (source, target)]
        out = tensor(shape, scale=scales[1], dtype=target)
        return single_node_graph(op, [tensor(shape, scale=scales[0], dtype=source)], [out])

    return make


def _add(rng: Rng) -> Graph:
    shape = _shape(rng)
    return single_node_graph("ADD", [tensor(shape), tensor(shape)], [tensor(shape, scale=0.1)], AddOptions())


def _maximum(rng: Rng) -> Graph:
    shape = _shape(rng)
    return single_node_graph("MAXIMUM", [tensor(shape), tensor(shape)], [tensor(shape)])


def _cross_channel_pool(rng: Rng) -> Graph:
    *shape, channels = _shape(rng)
    group = int(rng.integers(1, 5))
    wide, narrow = tensor((*shape, channels * group)), tensor((*shape, channels))
    options = CrossChannelPoolOptions(str(rng.choice(POOLS)), group)
    return single_node_graph("edgesdk.CrossChannelPool", [wide], [narrow], options)


def _softmax(rng: Rng) -> Graph:
    shape = _shape(rng)
    source, target = tensor(shape, scale=0.1), tensor(shape, scale=1 / 256, zero_point=-128)
    return single_node_graph("SOFTMAX", [source], [target], SoftmaxOptions(1.0))


MAKERS: dict[str, Callable[[Rng], Graph]] = {
    "conv_2d": random_conv_2d,
    "conv_2d_1x1": lambda rng: random_conv_2d(rng, kernel=1),
    "conv_2d_3x3": lambda rng: random_conv_2d(rng, kernel=3),
    "conv_2d_pool": random_pooled_conv_2d,
    "conv_2d_1x1_pool": lambda rng: random_pooled_conv_2d(rng, kernel=1),
    "depthwise_conv_2d": random_depthwise_conv_2d,
    "depthwise_conv_2d_3x3": lambda rng: random_depthwise_conv_2d(rng, kernel=3),
    "depthwise_conv_2d_3x3_relu": random_rectified_depthwise_conv_2d,
    "max_pool_2d": _pool("MAX_POOL_2D"),
    "average_pool_2d": _pool("AVERAGE_POOL_2D"),
    "global_average_pool_2d": _global_pool,
    "resize_nearest_neighbor": _resize,
    "reduce": _mean,
    "lookup": _unary("RELU"),
    "quantize": _unary("QUANTIZE", DType.FLOAT32, DType.INT8),
    "dequantize": _unary("DEQUANTIZE", DType.INT8, DType.FLOAT32),
    "maximum": _maximum,
    "add": _add,
    "softmax": _softmax,
    "cross_channel_pool": _cross_channel_pool,
}
TIGHT = ("conv_2d_1x1", "conv_2d_3x3", "depthwise_conv_2d", "depthwise_conv_2d_3x3", "max_pool_2d", "dequantize")
FASTER = (
    "depthwise_conv_2d",
    "depthwise_conv_2d_3x3_relu",
    "max_pool_2d",
    "average_pool_2d",
    "global_average_pool_2d",
    "add",
)


def _graphs(name: str, rng: Rng, *, lagging: bool = False, palette: Palette = PALETTE) -> list[Graph]:
    graphs: list[Graph] = []
    while len(graphs) < NODES:
        graph = MAKERS[name](rng)
        check_graph(graph)
        overlap = choose_kernel(graph, graph.nodes[0], palette).overlap(graph, graph.nodes[0], 0)
        if not lagging or (overlap is not None and overlap.lag > 0):
            graphs.append(graph)
    return graphs


@pytest.mark.parametrize("name", MAKERS)
def test_every_allowed_distance_is_safe(name: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(len(name))
    outcomes = list(run_overlapped(_graphs(name, rng), rng, tmp_path))
    assert sum(o.overlaps for o in outcomes) > NODES
    assert [o for o in outcomes if o.wrong] == []


@pytest.mark.parametrize("name", FASTER)
def test_every_allowed_distance_is_safe_with_dsp(name: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(len(name))
    outcomes = list(run_overlapped(_graphs(name, rng, palette=DSP), rng, tmp_path, palette=DSP))
    assert sum(o.overlaps for o in outcomes) > NODES
    assert [o for o in outcomes if o.wrong] == []


@pytest.mark.parametrize("name", ["conv_2d", "conv_2d_1x1", "conv_2d_3x3", "depthwise_conv_2d_3x3_relu"])
def test_every_allowed_distance_is_safe_with_packed(name: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(len(name))
    outcomes = list(run_overlapped(_graphs(name, rng, palette=PACKED), rng, tmp_path, palette=PACKED))
    assert sum(o.overlaps for o in outcomes) > NODES
    assert [o for o in outcomes if o.wrong] == []


@pytest.mark.parametrize("name", TIGHT)
def test_one_step_less_is_not(name: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(len(name))
    outcomes = [o for o in run_overlapped(_graphs(name, rng, lagging=True), rng, tmp_path, short=True) if o.overlaps]
    assert outcomes
    assert any(o.wrong for o in outcomes)
