# SPDX-License-Identifier: Apache-2.0
"""Random edgesdk.ProductKeyMemory nodes."""

from __future__ import annotations

import numpy as np

from edgesdk.model.graph import Graph
from edgesdk.model.tflite.product_key_memory import ProductKeyMemoryOptions
from movement_graphs import completed
from single_node import tensor

Rng = np.random.Generator


def random_memory(rng: Rng) -> Graph:
    """Few keys and many, ties among scores, differences that vanish and that leave one slot all the weight."""
    heads, sub_keys, half, units = (int(n) for n in (rng.integers(1, 4), *rng.integers(1, 18, 3)))
    neighbours = int(rng.integers(1, min(sub_keys, 12) + 1))
    shape = (*(int(n) for n in rng.integers(1, 5, rng.integers(1, 4))), heads * 2 * half)
    source = tensor(shape, scale=float(rng.uniform(0.01, 0.1)), zero_point=int(rng.choice([-128, 0, 127, 5])))
    least = int(rng.choice([-128, -2]))  # few numbers tie often
    keys_shape = (heads, 2, sub_keys, half)
    scale = float(np.exp(rng.uniform(np.log(1e-5), np.log(0.3))))
    keys = tensor(keys_shape, scale=scale, data=rng.integers(least, -least, keys_shape))
    values_shape = (sub_keys**2, units)
    values = tensor(values_shape, scale=0.02, data=rng.integers(-128, 128, values_shape))
    target = tensor((1,), scale=float(rng.uniform(0.005, 0.1)), zero_point=int(rng.integers(-128, 128)))
    options = ProductKeyMemoryOptions(neighbours)
    return completed("edgesdk.ProductKeyMemory", [source, keys, values], options, target)
