# SPDX-License-Identifier: Apache-2.0
"""From float to int8: ranges, scales, what is refused, and int8 against its own prediction."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers, ops

from edgesdk.errors import DATA_INVALID, EdgeError
from edgesdk.model.graph import DType, Graph
from edgesdk.model.tflite.reader import parse_model
from edgesdk.model.tflite.writer import write_model
from edgesdk_converters import layers as own
from edgesdk_converters.quantize import OBSERVERS, QuantizedNetwork, calibrate, layer_noise, simplify, to_int8
from edgesdk_converters.quantize.accuracy import accuracy, int8_outputs
from edgesdk_converters.quantize.scales import quantization_of
from edgesdk_converters.quantize.shares import integer_shares
from edgesdk_converters.to_tflite import float_graph

SHAPE = (12, 12, 3)


def network() -> Any:
    """Every kind of quantization: fused activations, folded normalization, joins, tables, shares, a memory."""
    keras.utils.set_random_seed(3)
    image = keras.Input(SHAPE)
    x = layers.Conv2D(8, 3, padding="same", use_bias=False)(image)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = own.CondensationConv(8, 3, ratio=2)(x)
    x = layers.Add()([x, layers.DepthwiseConv2D(3, padding="same", activation="relu6")(x)])
    x = own.OrdinalPool2D(2)(x)
    x = own.OrdinalPool2D(2, form="free", initializer="decay")(x)
    x = layers.Concatenate()([x, layers.Conv2D(4, 1, activation="sigmoid")(x)])
    x = layers.Maximum()([x, layers.AveragePooling2D(3, 1, "same")(x)])
    x = own.ProductKeyMemory(16, 8, key_dim=8, heads=2, neighbours=3)(layers.Flatten()(x))
    return keras.Model(image, layers.Dense(4, activation="softmax")(x))


@pytest.fixture(scope="module")
def graph() -> Graph:
    return simplify(float_graph(network()))


@pytest.fixture(scope="module")
def samples() -> list[np.ndarray]:
    return [np.random.default_rng(0).normal(size=(24, 1, *SHAPE)).astype(np.float32)]


@pytest.mark.parametrize("observer", OBSERVERS)
def test_int8_follows_float(graph: Graph, samples: list[np.ndarray], observer: str) -> None:
    int8 = to_int8(graph, calibrate(graph, samples, observer))
    assert all(t.dtype is not DType.FLOAT32 for t in int8.tensors.values())
    assert accuracy(graph, int8, samples, None).largest_difference < 0.1
    again = parse_model(write_model(int8), "again")
    assert [node.op for node in again.nodes] == [node.op for node in int8.nodes]


def test_int8_is_what_the_quantized_network_computes(graph: Graph, samples: list[np.ndarray]) -> None:
    ranges = calibrate(graph, samples)
    predicted = ops.convert_to_numpy(QuantizedNetwork(graph, ranges)(samples[0]))
    # A memory reads other slots where scores are close, so a few samples differ by more than a step.
    steps = np.abs(predicted - int8_outputs(to_int8(graph, ranges), samples)).max(axis=(1, 2)) * 256
    assert np.median(steps) <= 1.001
    assert (steps <= 2.001).mean() >= 0.75


def test_without_ties_every_output_is_within_a_step(samples: list[np.ndarray]) -> None:
    image = keras.Input(SHAPE)
    x = own.CondensationConv(8, 3, ratio=2)(layers.Conv2D(8, 3, activation="relu")(image))
    model = keras.Model(image, layers.Dense(4)(layers.Flatten()(own.OrdinalPool2D(2)(x))))
    graph = simplify(float_graph(model))
    ranges = calibrate(graph, samples)
    int8 = to_int8(graph, ranges)
    predicted = ops.convert_to_numpy(QuantizedNetwork(graph, ranges)(samples[0]))
    step = int8.tensors[int8.outputs[0]].scale
    assert np.abs(predicted - int8_outputs(int8, samples)).max() <= 1.001 * step


def test_training_goes_through_quantization(graph: Graph, samples: list[np.ndarray]) -> None:
    labels = np.random.default_rng(1).integers(0, 4, len(samples[0]))
    trained = QuantizedNetwork(graph, calibrate(graph, samples))
    trained.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy")
    before = trained.evaluate(samples[0], labels[:, None], verbose=0)
    trained.fit(samples[0], labels[:, None], epochs=30, verbose=0)
    after, ranges = trained.trained_graph(), trained.trained_ranges()
    assert trained.evaluate(samples[0], labels[:, None], verbose=0) < before - 0.3
    assert ranges.keys() == calibrate(graph, samples).keys()
    assert ranges != calibrate(graph, samples)
    made = accuracy(after, to_int8(after, ranges), samples, labels)
    assert made.int8_accuracy is not None
    assert made.int8_accuracy > 0.5  # 0.25 is chance


def test_the_noise_of_layers(graph: Graph, samples: list[np.ndarray]) -> None:
    int8 = to_int8(graph, calibrate(graph, samples))
    rows = layer_noise(graph, int8, [samples[0][:4]])
    assert [row.op for row in rows] == [node.op for node in int8.nodes]
    for row in rows:
        if row.op in ("CONCATENATION", "RESHAPE", "edgesdk.CrossChannelPool", "MAXIMUM"):
            assert row.own_snr_db is None  # moves or chooses: exact
        else:
            assert row.own_snr_db is not None
            assert row.own_snr_db > 15


def test_the_layer_that_hurts_has_the_lowest_own_ratio() -> None:
    model = keras.Sequential([keras.Input((8,)), *(layers.Dense(8, use_bias=False, name=f"d{k}") for k in range(3))])
    weights = model.get_layer("d1").kernel
    weights.assign(np.eye(8, dtype=np.float32) * np.array([900, 1, 1, 1, 1, 1, 1, 1]))  # one range for all: seven drown
    samples = [np.random.default_rng(0).normal(size=(16, 1, 8)).astype(np.float32)]
    samples[0][:, :, 0] *= 0.02
    graph = simplify(float_graph(model))
    model.get_layer("d0").kernel.assign(np.eye(8))
    graph = simplify(float_graph(model))
    rows = layer_noise(graph, to_int8(graph, calibrate(graph, samples)), samples)
    assert min(rows, key=lambda row: row.own_snr_db or 99).name == "d1"


@pytest.mark.parametrize(
    ("samples", "words"),
    [
        (np.zeros((0, 1, *SHAPE)), "0 samples"),
        (np.full((4, 1, *SHAPE), 0.5), "0.5 throughout"),
        (np.zeros((4, 1, 12, 12, 1)), r"\[1, 12, 12, 1\], not \[1, 12, 12, 3\]"),
        (np.full((4, 1, *SHAPE), np.nan), "not finite"),
    ],
)
def test_samples_that_calibrate_nothing_are_refused(graph: Graph, samples: np.ndarray, words: str) -> None:
    with pytest.raises(EdgeError, match=words) as caught:
        calibrate(graph, [samples.astype(np.float32)])
    assert caught.value.kind is DATA_INVALID


def test_observers_on_known_values() -> None:
    rng = np.random.default_rng(0)
    batches = [rng.normal(size=50_000) for _ in range(4)]
    batches[2][7] = 400.0  # an outlier
    found = {}
    for name, make in OBSERVERS.items():
        observer = make()
        for k in range(observer.passes):
            for batch in batches:
                observer.see(batch)
            if k + 1 < observer.passes:
                observer.next_pass()
        found[name] = observer.range()
    assert found["min-max"] == (min(b.min() for b in batches), 400.0)
    low, high = batches[0].min(), batches[0].max()
    for batch in batches[1:]:
        low, high = 0.9 * low + 0.1 * batch.min(), 0.9 * high + 0.1 * batch.max()
    assert found["moving-average"] == pytest.approx((low, high))
    assert found["percentile"][1] < 5
    assert found["mse"][1] < 0.9 * 400


@given(low=st.floats(-1e4, 1e4, width=32), span=st.floats(0, 1e4, width=32))
def test_zero_is_always_a_step(low: float, span: float) -> None:
    quantization = quantization_of((low, low + span))
    scale, zero_point = quantization.scale[0], quantization.zero_point[0]
    assert -128 <= zero_point <= 127
    assert scale == float(np.float32(scale)) > 0
    for edge in (min(low, 0.0), max(low + span, 0.0)):
        assert (-128 - zero_point - 0.51) * scale <= edge <= (127 - zero_point + 0.51) * scale


@settings(max_examples=50)
@given(st.integers(1, 9), st.integers(0, 1000))
def test_integer_shares_sum_to_256(ranks: int, seed: int) -> None:
    weights = np.random.default_rng(seed).dirichlet(np.ones(ranks), 5).astype(np.float32)
    made = integer_shares(weights)
    assert (made.sum(axis=1) == 256).all()
    assert (made >= 0).all()
    assert np.abs(made - 256.0 * weights).max() <= 1


def test_a_channel_of_zeros_with_a_large_bias() -> None:
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
    model.layers[0].kernel.assign(np.array([[1, 0]] * 4))
    model.layers[0].bias.assign([0.5, 3e5])
    samples = [np.random.default_rng(0).normal(size=(8, 1, 4)).astype(np.float32)]
    graph = simplify(float_graph(model))
    made = int8_outputs(to_int8(graph, calibrate(graph, samples)), samples)
    np.testing.assert_allclose(made[:, 0, 1], 3e5, rtol=0.01)
