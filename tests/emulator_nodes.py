# SPDX-License-Identifier: Apache-2.0
"""Random single-node graphs for the kernels that only an emulator runs."""

from __future__ import annotations

import numpy as np

from convolution_nodes import ACTIVATIONS, random_rectified_depthwise_conv_2d
from edgesdk.model.graph import Graph
from edgesdk.model.tflite.add import AddOptions
from edgesdk.model.tflite.mul import MulOptions
from edgesdk.model.tflite.pool_2d import Pool2DOptions
from movement_graphs import completed
from single_node import single_node_graph, tensor


def random_linear_add(rng: np.random.Generator) -> Graph:
    """Scales with which a sum is linear in 22 bits."""
    shape = tuple(int(n) for n in (1, rng.integers(1, 4), rng.integers(1, 8), rng.integers(1, 20)))
    a, b = (tensor(shape, scale=float(rng.uniform(0.02, 0.06)), zero_point=int(rng.integers(-128, 128))) for _ in "ab")
    out = tensor(shape, scale=float(rng.uniform(0.06, 0.12)), zero_point=int(rng.integers(-128, 128)))
    return single_node_graph("ADD", [a, b], [out], AddOptions())


def random_fine_add(rng: np.random.Generator) -> Graph:
    """Scales with which it is not: steps of the output far below those of the inputs."""
    shape = tuple(int(n) for n in (1, rng.integers(1, 4), rng.integers(1, 8), rng.integers(1, 20)))
    a, b, out = (tensor(shape, scale=s, zero_point=int(rng.integers(-128, 128))) for s in (1.0, 0.9, 4.0e-6))
    return single_node_graph("ADD", [a, b], [out], AddOptions())


def random_scaled_product(rng: np.random.Generator) -> Graph:
    """A map times a map, a row, or a pixel, in scales like those of squeeze-excite."""
    shape = tuple(int(n) for n in (1, rng.integers(1, 4), rng.integers(1, 8), rng.integers(1, 20)))
    whole = int(rng.integers(3))
    second = (1, *(n if k < whole else 1 for n, k in zip(shape[1:3], (1, 0), strict=True)), shape[3])
    scales = (rng.uniform(0.01, 0.06), rng.uniform(0.002, 0.008), rng.uniform(0.01, 0.06))
    shapes = (shape, second, shape) if rng.random() < 0.5 else (second, shape, shape)
    least = 128 if rng.random() < 0.7 else -127  # or no product is negative
    a, b, out = (
        tensor(s, scale=float(scale), zero_point=int(rng.integers(-128, least)))
        for s, scale in zip(shapes, scales, strict=True)
    )
    return single_node_graph("MUL", [a, b], [out], MulOptions("NONE"))


def random_pool(rng: np.random.Generator, op: str, *, whole: bool = False) -> Graph:
    """Windows of 1 to 3, or the whole map."""
    shape = tuple(int(n) for n in (1, rng.integers(3, 9), rng.integers(3, 9), rng.integers(1, 20)))
    window = shape[1:3] if whole else tuple(int(n) for n in rng.integers(1, 4, 2))
    padding = "VALID" if whole else str(rng.choice(["SAME", "VALID"]))
    strides = [int(n) for n in rng.integers(1, 3, 2)]
    return completed(op, [tensor(shape)], Pool2DOptions(padding, *strides, *window, str(rng.choice(ACTIVATIONS))))


def random_file_depthwise(rng: np.random.Generator, *, large: bool = False) -> Graph:
    """A 3x3 DEPTHWISE_CONV_2D without explicit padding, which no .tflite file can hold."""
    graph = random_rectified_depthwise_conv_2d(rng, large=large)
    while graph.nodes[0].options.pads is not None:
        graph = random_rectified_depthwise_conv_2d(rng, large=large)
    return graph
