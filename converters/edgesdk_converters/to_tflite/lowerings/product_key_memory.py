# SPDX-License-Identifier: Apache-2.0
"""ProductKeyMemory: a fully connected layer makes the queries, one operator reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from edgesdk.model.tflite.product_key_memory import ProductKeyMemoryOptions
from edgesdk_converters.layers import ProductKeyMemory
from edgesdk_converters.to_tflite.builder import FloatBuilder
from edgesdk_converters.to_tflite.lowering import lower, lowers
from edgesdk_converters.to_tflite.lowerings.convolution import numpy_of


@lowers(ProductKeyMemory)
def product_key_memory(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    query = lower(b, layer.query, inputs)
    if layer.norm is not None:
        query = lower(b, layer.norm, (query,))
    keys = b.floats(numpy_of(layer.keys), f"{layer.name}/keys")
    values = b.floats(numpy_of(layer.memory), f"{layer.name}/memory_values")
    options = ProductKeyMemoryOptions(layer.neighbours)
    return b.apply("edgesdk.ProductKeyMemory", (query, keys, values), options, layer.name)
