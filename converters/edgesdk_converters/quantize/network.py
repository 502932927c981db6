# SPDX-License-Identifier: Apache-2.0
"""QuantizedNetwork: a float Graph that trains as it will run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import keras
import numpy as np
from keras import ops

from edgesdk.model.graph import DType, Graph
from edgesdk_converters.layers.ordinal_weights import shares
from edgesdk_converters.quantize.evaluate import evaluate
from edgesdk_converters.quantize.observers import Range
from edgesdk_converters.quantize.roles import BIAS, WEIGHTS
from edgesdk_converters.quantize.scales import LEAST_SPAN, groups, with_requantization
from edgesdk_converters.quantize.shares import is_shares
from edgesdk_converters.quantize.weights import LARGEST, other_axes, symmetric

MOMENTUM = 0.99


class QuantizedNetwork(keras.Model):
    """Computes what the int8 graph will, in floats, so that training makes up for what quantization costs.

    Inputs [samples, *the graph's input], as many as the graph has; its first output, shaped alike. Every activation is
    rounded to the steps of its range, every weight to those of its channel; gradients pass rounding straight through
    and stop outside the range (Jacob et al. 2018, arXiv 1712.05877). Ranges follow the batches that it trains on by a
    moving average. Before it trains it is the post-training quantization of `ranges`: both are one path.

        network = QuantizedNetwork(graph, calibrate(graph, samples))
        network.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        network.fit(x[:, None], y)  # the graph's own batch axis, of 1, stays
        int8 = to_int8(network.trained_graph(), network.trained_ranges())

    Args:
        graph: simplified.
        ranges: as `calibrate` gives them for it.
    """

    def __init__(self, graph: Graph, ranges: Mapping[int, Range], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._graph = with_requantization(graph)
        self._groups = groups(self._graph)
        self._axes = symmetric(self._graph)
        self._shares = {
            node.inputs[1]
            for node in self._graph.nodes
            if node.op == "edgesdk.OrdinalPool" and is_shares(self._graph.tensor_in(node, 1).data)
        }
        self._trained = {
            t: self.add_weight(shape=tensor.shape, initializer=_fixed(tensor.data), name=f"constant_{t}")
            for t, tensor in sorted(self._graph.tensors.items())
            if tensor.data is not None and tensor.dtype is DType.FLOAT32
        }
        self._bounds = {
            group: self.add_weight(shape=(2,), initializer=_fixed(bounds), trainable=False, name=f"range_{group}")
            for group, bounds in sorted(ranges.items())
        }
        self._biases = {
            node.inputs[BIAS[node.op]]
            for node in self._graph.nodes
            if node.op in WEIGHTS and len(node.inputs) > BIAS[node.op]
        }
        self.built = True

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        given = inputs if isinstance(inputs, (list, tuple)) else [inputs]
        constants = {t: self._rounded_constant(t, weight) for t, weight in self._trained.items()}

        def made(t: int, value: Any) -> Any:
            group = self._groups.of[t]
            if group in self._groups.fixed:
                quantization = self._groups.fixed[group]
                scale, zero_point = quantization.scale[0], quantization.zero_point[0]
                return _rounded(value, scale, float(zero_point))
            if training:
                self._follow(group, value)
            return self._on_steps(group, value)

        return evaluate(self._graph, given, made, constants)[0]

    def _follow(self, group: int, value: Any) -> None:
        bounds = self._bounds[group]
        batch = ops.stop_gradient(ops.stack([ops.min(value), ops.max(value)]))
        bounds.assign(MOMENTUM * bounds + (1 - MOMENTUM) * batch)

    def _on_steps(self, group: int, value: Any) -> Any:
        low, high = ops.minimum(self._bounds[group][0], 0.0), ops.maximum(self._bounds[group][1], 0.0)
        scale = ops.maximum(high - low, LEAST_SPAN) / 255
        return _rounded(value, scale, ops.clip(ops.round(-128 - low / scale), -128.0, 127.0))

    def _rounded_constant(self, t: int, weight: Any) -> Any:
        if t in self._biases:
            return weight  # 32 bits
        if t in self._shares:
            exact = shares(weight)
            return exact + ops.stop_gradient(ops.round(exact * 256) / 256 - exact)
        if t not in self._axes:
            low, high = ops.minimum(ops.min(weight), 0.0), ops.maximum(ops.max(weight), 0.0)
            scale = ops.stop_gradient(ops.maximum(high - low, LEAST_SPAN) / 255)
            return _rounded(weight, scale, ops.stop_gradient(ops.round(-128 - low / scale)))
        axes = other_axes(len(weight.shape), self._axes[t])
        largest = ops.stop_gradient(ops.max(ops.abs(weight), axis=axes, keepdims=True))
        scale = ops.where(largest > 0, largest, 1.0) / LARGEST
        return weight + ops.stop_gradient(ops.round(weight / scale) * scale - weight)

    def trained_graph(self) -> Graph:
        """The float graph with the constants as they are now."""
        tensors = dict(self._graph.tensors)
        for t, weight in self._trained.items():
            data = np.asarray(ops.convert_to_numpy(shares(weight) if t in self._shares else weight), np.float32)
            tensors[t] = replace(tensors[t], data=data)
        return replace(self._graph, tensors=tensors)

    def trained_ranges(self) -> dict[int, Range]:
        """The ranges as they are now, as `calibrate` gives them."""
        values = {group: ops.convert_to_numpy(bounds) for group, bounds in self._bounds.items()}
        return {group: (float(low), float(high)) for group, (low, high) in values.items()}


def _fixed(values: Any) -> keras.initializers.Initializer:
    return keras.initializers.Constant(np.asarray(values, np.float32))


def _rounded(x: Any, scale: Any, zero_point: Any) -> Any:
    """x on the nearest of 256 steps; its gradient is that of clipping."""
    low, high = (-128 - zero_point) * scale, (127 - zero_point) * scale
    inside = ops.clip(x, low, high)
    steps = ops.clip(ops.round(x / scale) + zero_point, -128.0, 127.0)
    return inside + ops.stop_gradient((steps - zero_point) * scale - inside)
