# SPDX-License-Identifier: Apache-2.0
"""Pooling across channels, alone and behind a convolution."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

keras = pytest.importorskip("keras", reason="Keras is not installed")

from edgesdk_converters.layers import CondensationConv, CrossChannelPool  # noqa: E402


@pytest.mark.parametrize("shape", [(2, 12), (2, 5, 12), (2, 3, 4, 12)])
@pytest.mark.parametrize("group", [1, 2, 3, 12])
def test_equals_the_definition(shape: tuple[int, ...], group: int) -> None:
    x = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    grouped = x.reshape(*shape[:-1], 12 // group, group)
    assert np.allclose(CrossChannelPool(group)(x), grouped.max(axis=-1))
    assert np.allclose(CrossChannelPool(group, "average")(x), grouped.mean(axis=-1), atol=1e-6)
    ordinal = CrossChannelPool(group, "ordinal", "free")
    ordinal.build(shape)
    w = np.random.default_rng(1).normal(size=(12 // group, group)).astype(np.float32)
    ordinal.ordinal.assign(w)
    assert np.allclose(ordinal(x), (-np.sort(-grouped, axis=-1) * w).sum(axis=-1), atol=1e-5)
    assert CrossChannelPool(group).compute_output_shape(shape) == (*shape[:-1], 12 // group)


def test_a_condensation_layer_is_its_parts() -> None:
    x = np.random.default_rng(2).normal(size=(2, 7, 6, 3)).astype(np.float32)
    layer = CondensationConv(4, 3, ratio=3, strides=2)
    y = np.asarray(layer(x))
    conv = keras.layers.Conv2D(12, 3, 2, "same", activation="relu")
    conv.build(x.shape)
    conv.set_weights([np.asarray(w) for w in layer.conv.weights])
    assert np.allclose(y, np.asarray(conv(x)).reshape(2, 4, 3, 4, 3).max(axis=-1), atol=1e-6)
    assert layer.compute_output_shape(x.shape) == y.shape == (2, 4, 3, 4)
    assert layer.count_params() == 12 * 28


def test_the_gradient_goes_to_the_winner() -> None:
    x = np.array([[3.0, 1.0, 2.0], [0.0, 5.0, 4.0]], np.float32)
    source = keras.Sequential([keras.Input((3,)), keras.layers.EinsumDense("bc,c->bc", 3), CrossChannelPool(3)])
    source.layers[0].set_weights([np.ones(3, np.float32)])
    source.compile(keras.optimizers.SGD(1.0), "mse")
    source.fit(x, np.zeros((2, 1), np.float32), batch_size=2, verbose=0)
    w = source.layers[0].get_weights()[0]
    assert w[2] == 1  # never the greatest
    assert w[0] == pytest.approx(1 - 9)  # 2 / 2 samples * 3 * 3
    assert w[1] == pytest.approx(1 - 25)


def test_saved_and_loaded(tmp_path: Path) -> None:
    x = np.random.default_rng(3).normal(size=(1, 8, 8, 2)).astype(np.float32)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 2)),
            CondensationConv(4, 3, 2, batch_normalization=True),
            CondensationConv(4, (1, 3), 2, (2, 1), "valid", "relu6", "average"),
            CrossChannelPool(2, "ordinal", initializer="decay"),
        ]
    )
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert np.array_equal(again(x), model(x))
    assert [a.get_config() for a in again.layers] == [a.get_config() for a in model.layers]


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: CrossChannelPool(0), "group is 0"),
        (lambda: CrossChannelPool(2, "median"), "pool is 'median'"),
        (lambda: CrossChannelPool(2, "ordinal", "any"), "form is 'any'"),
        (lambda: CondensationConv(4, 3, ratio=0), "ratio 0"),
        (lambda: CondensationConv(4, 3, pool="ordinal"), "pool is 'ordinal'"),
        (lambda: CrossChannelPool(5)(np.zeros((1, 12), np.float32)), "groups of 5"),
    ],
)
def test_impossible_arguments(make: object, complaint: str) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match=complaint):
        make()
