# SPDX-License-Identifier: Apache-2.0
"""The condensation layer of the tests and of docs/results: a 1x1 convolution to C * G channels, pooled to C."""

from __future__ import annotations

import numpy as np

from edgesdk.model.graph import DType, Graph
from edgesdk.model.tflite.conv_2d import Conv2DOptions
from pooled_convolutions import with_pool
from single_node import single_node_graph, tensor

SIZE, DEPTH, CHANNELS, GROUP = 24, 64, 32, 4


def condensation(*, group: int = GROUP, kernel: int = 1, pool: str | None = "max", shared: bool = True) -> Graph:
    """[1, 24, 24, 64] -> convolution to 32 * group channels -> pool -> [1, 24, 24, 32]; None or group 1: no pool.

    Args:
        shared: one weight scale in each group, else one in each channel.
    """
    rng = np.random.default_rng(1)
    wide = CHANNELS * group
    scales = rng.uniform(0.001, 0.002, CHANNELS if shared else wide).repeat(group if shared else 1)
    weights = rng.integers(-127, 128, (wide, kernel, kernel, DEPTH))
    source = tensor((1, SIZE, SIZE, DEPTH), scale=0.05, zero_point=-3, name="image")
    operands = [
        source,
        tensor(weights.shape, scale=scales.tolist(), data=weights),
        tensor((wide,), scale=(np.float32(source.scale) * scales.astype(np.float32)).tolist(), dtype=DType.INT32,
               data=rng.integers(-5000, 5000, wide)),
    ]  # fmt: skip
    target = tensor((1, SIZE, SIZE, wide), scale=0.05 * kernel, zero_point=-20)
    graph = single_node_graph("CONV_2D", operands, [target], Conv2DOptions("SAME", 1, 1, activation="RELU"))
    return graph if group == 1 or pool is None else with_pool(graph, pool, group)
