# SPDX-License-Identifier: Apache-2.0
"""A classifier from its data to an int8 file: what recipes with classes share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np

from edgesdk.files import write_file
from edgesdk.model.graph import Graph
from edgesdk.model.tflite.writer import write_model
from edgesdk.ops.registry import find_operator
from edgesdk_converters.datasets.split import Split
from edgesdk_converters.quantize import QuantizedNetwork, calibrate, simplify, to_int8
from edgesdk_converters.quantize.accuracy import accuracy
from edgesdk_converters.quantize.noise import quantized
from edgesdk_converters.recipes.recipe import INPUTS, MODEL, Job
from edgesdk_converters.recipes.training import Schedule, cpu_time, fit
from edgesdk_converters.to_tflite import float_graph

CALIBRATION = 512
BOARD_SAMPLES = 100
TOLERANCE = 0.01
"""By how much int8 may be worse than float before the network trains on through quantization."""
_RETRAINING_EPOCHS, _RETRAINING_STEPS, _RETRAINING_RATE = 2, 3000, 1e-3  # at least so many of both


def classify(
    job: Job,
    build: Callable[[], Any],
    data: Split,
    schedule: Schedule,
    more: Callable[[Any], Mapping[str, float]] = lambda model: {},
) -> Mapping[str, float]:
    """Trains, quantizes, and measures both on the test part; the figures' names are those of the result.

    Args:
        more: figures of the trained model.
    """
    model = fit(job, build, data.train_x, data.train_y, schedule)
    with cpu_time(job.folder):
        graph = simplify(float_graph(model))
        ranges = calibrate(graph, [data.train_x[:CALIBRATION, None]])
        int8 = to_int8(graph, ranges)
        measured = accuracy(graph, int8, [data.test_x[:, None]], data.test_y, job.progress)
        float_accuracy = measured.float_accuracy
        assert float_accuracy is not None
        assert measured.int8_accuracy is not None
        if measured.int8_accuracy < float_accuracy - TOLERANCE:
            graph, int8 = _retrained(job, graph, QuantizedNetwork(graph, ranges), data)
            measured = accuracy(graph, int8, [data.test_x[:, None]], data.test_y, job.progress)
            assert measured.int8_accuracy is not None
    write_file(job.folder / MODEL, write_model(int8))
    first = int8.tensors[int8.inputs[0]]
    np.savez(job.folder / INPUTS, quantized(first, data.test_x[:BOARD_SAMPLES, None]))
    return {
        "float_accuracy": float_accuracy,
        "int8_accuracy": measured.int8_accuracy,
        "parameters": model.count_params(),
        "macs": macs(int8),
        **more(model),
    }


def macs(graph: Graph) -> int:
    """Multiply-accumulates of an inference."""
    return sum(find_operator(node.op).macs(graph, node) for node in graph.nodes)


def _retrained(job: Job, graph: Graph, network: QuantizedNetwork, data: Split) -> tuple[Graph, Graph]:
    keras.utils.set_random_seed(job.seed)
    steps = -(-len(data.train_x) // Schedule.batch)
    epochs = max(_RETRAINING_EPOCHS, -(-_RETRAINING_STEPS // steps))
    rate = keras.optimizers.schedules.CosineDecay(_RETRAINING_RATE, steps * epochs)
    network.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")
    network.fit(data.train_x[:, None], data.train_y[:, None], Schedule.batch, epochs=epochs, verbose=0)
    trained = network.trained_graph()
    return trained, to_int8(trained, network.trained_ranges())
