# SPDX-License-Identifier: Apache-2.0
"""From a trained model to an int8 .tflite file: what `edgesdk convert` does."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

import keras
import numpy as np

from edgesdk.errors import CONVERT_MODEL, DATA_INVALID, MODEL_FILE, EdgeError
from edgesdk.extension import operator_packages
from edgesdk.files import write_file
from edgesdk.measure.inputs import load_cases, read_arrays
from edgesdk.measure.results import Conversion, LayerNoise
from edgesdk.model.graph import Array, DType, Graph
from edgesdk.model.tflite.reader import read_model
from edgesdk.model.tflite.writer import write_model
from edgesdk.text import printable
from edgesdk_converters import layers  # noqa: F401 - .keras files name them
from edgesdk_converters.quantize import calibrate, layer_noise, simplify, to_int8
from edgesdk_converters.quantize.accuracy import accuracy
from edgesdk_converters.quantize.calibrate import Progress, check_samples
from edgesdk_converters.to_tflite import float_graph
from edgesdk_converters.to_tflite.float_constants import with_float_constants
from edgesdk_converters.to_tflite.saved_model import saved_model_graph

LABELS = "labels"
NOISE_SAMPLES = 16


@dataclass(frozen=True)
class Samples:
    """For each input [samples, *shape], float32, and [samples] labels where they are known."""

    inputs: tuple[Array, ...]
    labels: Array | None


def convert_file(
    source: Path,
    target: Path,
    calibration: Path,
    *,
    test: Path | None = None,
    observer: str = "min-max",
    progress: Progress | None = None,
) -> Conversion:
    """Quantizes after training and writes the file, which is not touched where anything fails.

    Args:
        source: .keras (or .h5), a SavedModel's folder, or a float .tflite.
        calibration, test: .npz files; the accuracy is that on `test` where there is one.

    Raises:
        EdgeError: of the model, the data, or the file to write.
    """
    graph = simplify(load_float_graph(source))
    samples = load_samples(graph, calibration)
    tested = samples if test is None else load_samples(graph, test)
    int8 = to_int8(graph, calibrate(graph, samples.inputs, observer, progress))
    data = write_model(int8)
    noise = layer_noise(graph, int8, [x[:NOISE_SAMPLES] for x in samples.inputs], progress)
    measured = accuracy(graph, int8, tested.inputs, tested.labels, progress)
    write_file(target, data)
    return Conversion(
        source=str(source),
        path=str(target),
        bytes=len(data),
        observer=observer,
        calibration_samples=len(samples.inputs[0]),
        noise_samples=min(NOISE_SAMPLES, len(samples.inputs[0])),
        layers=noise,
        worst=_worst(noise),
        accuracy=measured,
    )


def load_float_graph(source: Path) -> Graph:
    """The float graph of a trained model.

    Raises:
        EdgeError: CONVERT_MODEL where it cannot be loaded or is quantized already; those of its layers.
    """
    if not source.exists():
        raise EdgeError(MODEL_FILE, f"there is no file or folder {printable(str(source))}")
    if source.is_dir():
        graph = saved_model_graph(source)
    elif source.suffix in (".keras", ".h5"):
        graph = float_graph(_keras_model(source))
    else:
        graph = with_float_constants(read_model(source))
    if any(graph.tensors[t].dtype is not DType.FLOAT32 for t in graph.inputs):
        raise EdgeError(CONVERT_MODEL, f"{printable(str(source))} is not a float model", why="its input is quantized")
    return graph


def load_samples(graph: Graph, path: Path) -> Samples:
    """The samples of an .npz file, whose arrays are as `edgesdk verify --data` has them, beside `labels`.

    Raises:
        EdgeError: DATA_INVALID.
    """
    labels = read_arrays(path).get(LABELS)
    cases = load_cases(graph, path, beside=(LABELS,))
    inputs = tuple(np.stack(column) for column in zip(*cases, strict=True))
    check_samples(graph, inputs)
    if labels is not None:
        labels = labels.reshape(-1)
        if labels.dtype.kind not in "iu" or len(labels) != len(cases):
            raise EdgeError(
                DATA_INVALID,
                f"labels are {len(labels)} of type {labels.dtype}",
                where=printable(str(path)),
                why=f"there are {len(cases)} samples, each with one integer",
            )
    return Samples(inputs, labels)


def _keras_model(path: Path) -> Any:
    for package in operator_packages():
        if package.converter:
            importlib.import_module(package.converter)  # its layers are in the file
    try:
        return keras.saving.load_model(path, compile=False)
    except Exception as error:  # Keras documents none of those it raises
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise EdgeError(
            CONVERT_MODEL,
            f"Keras cannot load {printable(str(path))}",
            why=printable(lines[0], 200),
            tries=("save it with the Keras version that is installed here",),
        ) from None


def _worst(noise: Sequence[LayerNoise]) -> int | None:
    ratios = [inf if layer.own_snr_db is None else layer.own_snr_db for layer in noise]
    worst = min(range(len(ratios)), key=ratios.__getitem__)
    return None if ratios[worst] == inf else worst
