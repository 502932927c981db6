# SPDX-License-Identifier: Apache-2.0
"""How far int8 is from float, layer by layer, and which layer hurts."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10
from typing import Any

import numpy as np
from keras import ops

from edgesdk.measure.results import LayerNoise
from edgesdk.model.graph import Array, Graph, Tensor
from edgesdk.ops.reference import run_reference
from edgesdk_converters.quantize.calibrate import Progress
from edgesdk_converters.quantize.evaluate import evaluate
from edgesdk_converters.quantize.float_ops import float_op
from edgesdk_converters.quantize.scales import with_requantization


def layer_noise(
    graph: Graph, int8: Graph, samples: Sequence[Array], progress: Progress | None = None
) -> tuple[LayerNoise, ...]:
    """Signal-to-noise ratios of every layer's output, dB.

    Args:
        graph: the float graph that `int8` was made of.
        samples: for each input [samples, *shape], float32.
    """
    graph = with_requantization(graph)
    signal, noise, own = (dict.fromkeys(graph.producer, 0.0) for _ in range(3))
    for i in range(len(samples[0])):
        values: dict[int, Any] = {}
        evaluate(graph, [x[i : i + 1] for x in samples], lambda t, v, kept=values: kept.setdefault(t, v))
        made = run_reference(
            int8, [quantized(int8.tensors[t], x[i]) for t, x in zip(int8.inputs, samples, strict=True)]
        )
        back = {t: real(int8.tensors[t], q)[None] for t, q in made.items()}
        for node in graph.nodes:
            operands = [back[t] if t in back else graph.tensors[t].data for t in node.inputs if t >= 0]
            alone = float_op(node.op)(graph, node, operands)
            for t, value in zip(node.outputs, alone, strict=True):
                wanted = ops.convert_to_numpy(values[t])
                signal[t] += float((wanted**2).sum())
                noise[t] += float(((back[t] - wanted) ** 2).sum())
                own[t] += float(((back[t] - ops.convert_to_numpy(value)) ** 2).sum())
        if progress:
            progress("compare layers", i + 1, len(samples[0]))
    return tuple(
        LayerNoise(
            index=index,
            op=node.op,
            name=graph.tensor_out(node).name,
            snr_db=_decibels(signal[node.outputs[0]], noise[node.outputs[0]]),
            own_snr_db=_decibels(signal[node.outputs[0]], own[node.outputs[0]]),
        )
        for index, node in enumerate(graph.nodes)
    )


def quantized(tensor: Tensor, x: Array) -> Array:
    """An int8 tensor's values of real ones."""
    return np.clip(np.round(x / np.float64(tensor.scale)) + tensor.zero_point, -128, 127).astype(np.int8)


def real(tensor: Tensor, q: Array) -> Array:
    """The real values of an int8 tensor's, float32."""
    return ((q.astype(np.float64) - tensor.zero_point) * tensor.scale).astype(np.float32)


def _decibels(signal: float, noise: float) -> float | None:
    """None where there is no noise, or nothing but noise."""
    return round(10 * log10(signal / noise), 2) if signal > 0 and noise > 0 else None
