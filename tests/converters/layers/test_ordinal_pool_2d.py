# SPDX-License-Identifier: Apache-2.0
"""Ordinal pooling against its definition: sort, then weigh by rank."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

keras = pytest.importorskip("keras", reason="Keras is not installed")

from edgesdk_converters.layers import BlendPool2D, GlobalOrdinalPool2D, OrdinalPool2D, Shares  # noqa: E402

Rng = np.random.Generator


def defined(x: np.ndarray, w: np.ndarray, window: tuple[int, int], strides: tuple[int, int]) -> np.ndarray:
    """Valid padding; x [batch, height, width, channels], w [channels, ranks]."""
    rows = (x.shape[1] - window[0]) // strides[0] + 1
    columns = (x.shape[2] - window[1]) // strides[1] + 1
    out = np.zeros((len(x), rows, columns, x.shape[3]))
    for i in range(rows):
        for j in range(columns):
            y, z = i * strides[0], j * strides[1]
            values = x[:, y : y + window[0], z : z + window[1], :].reshape(len(x), -1, x.shape[3])
            out[:, i, j, :] = np.einsum("brc,cr->bc", -np.sort(-values, axis=1), w)
    return out


def kept_weights(layer: OrdinalPool2D, shape: tuple[int, ...], rng: Rng) -> np.ndarray:
    """Random weights, set and given back as the layer uses them."""
    layer.build(shape)
    w = rng.normal(0.3, 0.4, layer.ordinal.shape).astype(np.float32)
    layer.ordinal.assign(w)
    if layer.form == "free":
        return w
    positive = np.maximum(w, 0)
    return positive / positive.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("form", ["shares", "free"])
@pytest.mark.parametrize(("window", "strides"), [((2, 2), None), ((3, 3), (2, 2)), ((1, 3), (2, 1)), ((5, 5), (1, 1))])
def test_equals_the_definition(form: str, window: tuple[int, int], strides: tuple[int, int] | None) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 9, 7, 3)).astype(np.float32)
    layer = OrdinalPool2D(window, strides, form=form)
    w = kept_weights(layer, x.shape, rng)
    expected = defined(x, w, window, strides or window)
    assert np.allclose(layer(x), expected, atol=1e-5)
    assert layer.compute_output_shape(x.shape) == expected.shape


@pytest.mark.parametrize(("size", "window", "stride"), [(7, 2, 2), (8, 3, 2), (5, 3, 1), (6, 2, 3)])
def test_same_padding_is_zeros_as_tensorflow_pads(size: int, window: int, stride: int) -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(1, size, size, 2)).astype(np.float32)
    layer = OrdinalPool2D(window, stride, padding="same", form="free")
    w = kept_weights(layer, x.shape, rng)
    outputs = -(-size // stride)
    missing = max(0, (outputs - 1) * stride + window - size)
    pads = (missing // 2, missing - missing // 2)
    padded = np.pad(x, ((0, 0), pads, pads, (0, 0)))[:, : (outputs - 1) * stride + window]
    padded = padded[:, :, : (outputs - 1) * stride + window]
    assert np.allclose(layer(x), defined(padded, w, (window, window), (stride, stride)), atol=1e-5)


def test_maximum_and_average_are_cases_of_it() -> None:
    x = np.random.default_rng(2).normal(size=(2, 8, 6, 4)).astype(np.float32)
    assert np.allclose(OrdinalPool2D(initializer="max")(x), keras.layers.MaxPooling2D()(x))
    assert np.allclose(OrdinalPool2D(initializer="average")(x), keras.layers.AveragePooling2D(2)(x), atol=1e-6)
    average = GlobalOrdinalPool2D(initializer="average")(x)
    assert np.allclose(average, keras.layers.GlobalAveragePooling2D()(x), atol=1e-6)
    assert np.allclose(GlobalOrdinalPool2D(initializer="max")(x), x.max(axis=(1, 2)))


def test_starts() -> None:
    decay = OrdinalPool2D(form="free", initializer="decay")
    decay.build((None, 4, 4, 2))
    assert np.allclose(decay.ordinal, [[0.6, 0.25, 0.1, 0.05]] * 2)
    larger = OrdinalPool2D(3, initializer="decay")
    larger.build((None, 4, 4, 2))
    row = np.asarray(larger.ordinal)[0]
    assert row.sum() == pytest.approx(1)
    assert (np.diff(row) < 0).all()
    uniform = OrdinalPool2D()
    uniform.build((None, 4, 4, 50))
    assert np.allclose(np.asarray(uniform.ordinal).sum(axis=1), 1)
    assert len(np.unique(np.asarray(uniform.ordinal))) > 100


def test_shares_stay_shares() -> None:
    w = np.array([[2.0, -1.0, 0.0, 2.0], [-1.0, -2.0, -3.0, -4.0]], np.float32)
    assert np.allclose(Shares()(w), [[0.5, 0, 0, 0.5], [0.25, 0.25, 0.25, 0.25]])


def test_learns_which_rank_counts() -> None:
    """From the average to the second greatest of four, which no other pooling gives."""
    keras.utils.set_random_seed(0)
    x = np.random.default_rng(3).normal(size=(512, 4, 4, 1)).astype(np.float32)
    values = x.reshape(512, 2, 2, 2, 2, 1).transpose(0, 1, 3, 2, 4, 5).reshape(512, 2, 2, 4)
    y = -np.sort(-values, axis=-1)[..., 1:2]
    model = keras.Sequential([keras.Input((4, 4, 1)), OrdinalPool2D(initializer="average")])
    model.compile(keras.optimizers.Adam(0.02), "mse")
    model.fit(x, y, batch_size=64, epochs=25, verbose=0)
    (w,) = np.asarray(model.layers[0].ordinal)
    assert w[1] > 0.95
    assert w.sum() == pytest.approx(1, abs=1e-5)
    assert (w >= 0).all()


def test_saved_and_loaded(tmp_path: Path) -> None:
    x = np.random.default_rng(4).normal(size=(2, 6, 6, 3)).astype(np.float32)
    layers = [
        OrdinalPool2D(2, 1, "same", "free", "decay"),
        OrdinalPool2D((2, 3), initializer=keras.initializers.RandomNormal(0.3)),
        GlobalOrdinalPool2D(initializer="uniform"),
    ]
    model = keras.Sequential([keras.Input((6, 6, 3)), *layers])
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert np.array_equal(again(x), model(x))
    assert [a.get_config() for a in again.layers] == [a.get_config() for a in model.layers]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"pool_size": 0}, "pool_size is 0"),
        ({"pool_size": (2, 2, 2)}, "pool_size"),
        ({"strides": (1, -1)}, "strides"),
        ({"padding": "full"}, "padding is 'full'"),
        ({"form": "softmax"}, "form is 'softmax'"),
    ],
)
def test_impossible_arguments(arguments: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        OrdinalPool2D(**arguments)


def test_impossible_inputs() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        OrdinalPool2D(3)(np.zeros((1, 2, 5, 1), np.float32))
    with pytest.raises(ValueError, match="height and width"):
        GlobalOrdinalPool2D().build((None, None, 4, 2))


def test_a_blend_lies_between_maximum_and_average(tmp_path: Path) -> None:
    x = np.random.default_rng(0).normal(size=(2, 6, 4, 3)).astype(np.float32)
    image = keras.Input((6, 4, 3))
    model = keras.Model(image, BlendPool2D(2)(image))
    model.save(tmp_path / "blend.keras")
    model = keras.saving.load_model(tmp_path / "blend.keras")
    tiles = x.reshape(2, 3, 2, 2, 2, 3)
    for share in (0.0, 0.3, 1.0, 1.7):
        model.layers[1].share.assign([share])
        part = min(share, 1.0)
        want = part * tiles.max(axis=(2, 4)) + (1 - part) * tiles.mean(axis=(2, 4))
        np.testing.assert_allclose(model(x), want, rtol=1e-5, atol=1e-6)
