# SPDX-License-Identifier: Apache-2.0
"""Random one-node graphs that the dsp family accepts, of all its forms: proofs that hold, in part, or not at all."""

from __future__ import annotations

import numpy as np

from convolution_nodes import random_conv_2d, random_fully_connected
from edgesdk.kernels.palette import choose_kernel, palette_of
from edgesdk.model.graph import Graph
from edgesdk.model.tflite.cross_channel_pool import POOLS
from pooled_convolutions import with_pool

PALETTE = palette_of("dsp", "portable")


def dsp_conv_2d(rng: np.random.Generator, *, pads: bool = False) -> Graph:
    """A CONV_2D that edge_conv_2d_s8_dsp runs; one in three has a 1x1 kernel, one in three a 3x3."""
    while True:
        graph = random_conv_2d(rng, kernel=[1, 3, None][int(rng.integers(3))], pads=pads)
        if choose_kernel(graph, graph.nodes[0], PALETTE).family == "dsp":
            return graph


def dsp_conv_2d_3x3(rng: np.random.Generator, *, pads: bool = False) -> Graph:
    """A CONV_2D that edge_conv_2d_3x3_s8_dsp runs."""
    return _dense(rng, 3, "edge_conv_2d_3x3_s8_dsp", pads=pads)


def dsp_conv_2d_1x1(rng: np.random.Generator) -> Graph:
    """A CONV_2D that edge_conv_2d_1x1_s8_dsp runs."""
    return _dense(rng, 1, "edge_conv_2d_1x1_s8_dsp")


def _dense(rng: np.random.Generator, kernel: int, symbol: str, *, pads: bool = False) -> Graph:
    while True:
        graph = random_conv_2d(rng, kernel=kernel, pads=pads, dense=True)
        if choose_kernel(graph, graph.nodes[0], PALETTE).symbol == symbol:
            return graph


def dsp_pooled_conv_2d(rng: np.random.Generator, *, pads: bool = False) -> Graph:
    """A CONV_2D and a CrossChannelPool that edge_conv_2d_pool_s8_dsp runs: one block, several, several rounds."""
    while True:
        group = int(rng.choice([1, 2, 3, 4, 5, 8, 9, 17, 35]))
        outputs = int(rng.integers(1, 2 + min(18, 140 // group)))
        kernel = [1, 3, None][int(rng.integers(3))]
        graph = random_conv_2d(rng, kernel=kernel, filters=outputs * group, pads=pads)
        graph = with_pool(graph, str(rng.choice(POOLS)), group)
        if choose_kernel(graph, graph.nodes[0], PALETTE).family == "dsp":
            return graph


def dsp_fully_connected(rng: np.random.Generator) -> Graph:
    """A FULLY_CONNECTED that edge_fully_connected_s8_dsp runs."""
    while True:
        graph = random_fully_connected(rng)
        if choose_kernel(graph, graph.nodes[0], PALETTE).family == "dsp":
            return graph
