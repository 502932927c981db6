# SPDX-License-Identifier: Apache-2.0
"""Float against int8 on labelled samples, or on how often both choose alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from edgesdk.measure.results import Accuracy
from edgesdk.model.graph import Array, Graph
from edgesdk.ops.reference import run_reference
from edgesdk_converters.quantize.calibrate import Progress
from edgesdk_converters.quantize.evaluate import evaluate_all
from edgesdk_converters.quantize.noise import quantized, real


def int8_outputs(int8: Graph, samples: Sequence[Array], progress: Progress | None = None) -> Array:
    """The first output's real values, [samples, *shape], by the integer references: as on any board."""
    made = []
    for i in range(len(samples[0])):
        inputs = [quantized(int8.tensors[t], x[i]) for t, x in zip(int8.inputs, samples, strict=True)]
        made.append(real(int8.tensors[int8.outputs[0]], run_reference(int8, inputs)[int8.outputs[0]]))
        if progress:
            progress("compare outputs", i + 1, len(samples[0]))
    return np.stack(made)


def accuracy(
    graph: Graph, int8: Graph, samples: Sequence[Array], labels: Array | None, progress: Progress | None = None
) -> Accuracy:
    """Of the first output, whose greatest element is the choice.

    Args:
        labels: [samples] integers; None where they are not known.
    """
    wanted = evaluate_all(graph, samples)[0]
    got = int8_outputs(int8, samples, progress)
    choices = [np.argmax(y.reshape(len(y), -1), axis=1) for y in (wanted, got)]
    rates = (None, None) if labels is None else tuple(round(float((c == labels).mean()), 6) for c in choices)
    return Accuracy(
        samples=len(wanted),
        float_accuracy=rates[0],
        int8_accuracy=rates[1],
        agreement=round(float((choices[0] == choices[1]).mean()), 6),
        largest_difference=round(float(np.abs(wanted - got).max()), 6),
    )
