# SPDX-License-Identifier: Apache-2.0
"""The module's parts against dense convolutions of the same weights, its cost, and what a frame may depend on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

keras = pytest.importorskip("keras", reason="Keras is not installed")

from edgesdk_converters.layers import ChannelTensorization, TensorExcitation  # noqa: E402
from edgesdk_converters.layers.channel_tensorization import sub_dimensions  # noqa: E402

SHAPE = (2, 4, 5, 6, 16)


def clip(seed: int = 0, shape: tuple[int, ...] = SHAPE) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def grouped(x: np.ndarray, kernel: np.ndarray, groups: int) -> np.ndarray:
    """A convolution of [batch, frames, height, width, channels] by [t, h, w, channels / groups, channels], zeros
    around, by its definition."""
    t, h, w, depth, made = kernel.shape
    padded = np.pad(x, ((0, 0), (t // 2, t // 2), (h // 2, h // 2), (w // 2, w // 2), (0, 0)))
    out = np.zeros((*x.shape[:-1], made))
    for g in range(groups):
        read, write = slice(g * depth, (g + 1) * depth), slice(g * made // groups, (g + 1) * made // groups)
        for i, j, k in np.ndindex(t, h, w):
            view = padded[:, i : i + x.shape[1], j : j + x.shape[2], k : k + x.shape[3], read]
            out[..., write] += view @ kernel[i, j, k][:, write]
    return out


def test_a_step_is_two_grouped_convolutions() -> None:
    x = clip()
    layer = ChannelTensorization((16,), excitation=False)
    layer.build(SHAPE)
    (step,) = layer.steps
    space, time = (keras.ops.convert_to_numpy(c.kernel) for c in (step.space, step.time))
    assert space.shape == (3, 3, 16, 16)
    small = 1 / np.sqrt(1 + step.space_norm.epsilon)
    expected = np.maximum(grouped(x, space[None], 1) * small, 0) + np.maximum(grouped(x, time[:, None], 1) * small, 0)
    assert np.allclose(layer(x), expected, atol=1e-4)


@pytest.mark.parametrize(("count", "sizes"), [(1, (16,)), (2, (4, 4)), (3, (2, 2, 4))])
def test_steps_mix_the_channels_of_a_sub_dimension(count: int, sizes: tuple[int, ...]) -> None:
    assert sub_dimensions(16, count) == sizes
    layer = ChannelTensorization(count, excitation=False)
    layer.build(SHAPE)
    assert [step.groups for step in layer.steps] == [16 // size for size in sizes]
    assert len(layer.fusions) == count - 1
    x, step = clip(), layer.steps[-1]
    other = x.copy()
    other[..., 0] += 1  # in the first group alone
    changed = np.abs(keras.ops.convert_to_numpy(step(x) - step(other))).max(axis=(0, 1, 2, 3)) > 0
    assert changed[: sizes[-1]].any()
    assert not changed[sizes[-1] :].any()


@pytest.mark.parametrize(("channels", "module"), [(16, 2_624), (32, 8_128), (64, 23_040), (128, 73_216)])
def test_weights_of_two_sub_dimensions(channels: int, module: int) -> None:
    """Of the published module without normalization and excitation: 12 c (x + y) + c^2, and excitation's in the count
    that is known of it."""
    plain = ChannelTensorization(2, excitation=False)
    plain.build((None, 2, 4, 4, channels))
    x, y = sub_dimensions(channels, 2)
    kernels = sum(int(np.prod(w.shape)) for w in plain.trainable_weights if w.path.endswith("kernel"))
    assert kernels == 12 * channels * (x + y) + channels**2 < module


def test_excitation_gates() -> None:
    x = clip()
    for kind, axes in (("spatial", (1,)), ("temporal", (2, 3)), ("channel", (2, 3))):
        layer = TensorExcitation(kind, groups=2, reduction=4)
        gates = keras.ops.convert_to_numpy(layer(x)) / x
        assert ((gates > 0) & (gates < 1)).all()
        spread = gates.max(axis=axes) - gates.min(axis=axes)
        assert np.abs(spread).max() < 1e-4, kind


@pytest.mark.parametrize("excitation", [False, True])
def test_causal_frames_depend_on_the_past_alone(excitation: bool) -> None:
    x = clip(1)
    later = x.copy()
    later[:, 3] += 1
    for causal in (True, False):
        layer = ChannelTensorization(2, excitation=excitation, causal=causal, window=2)
        a, b = (keras.ops.convert_to_numpy(layer(v)) for v in (x, later))
        assert np.allclose(a[:, :3], b[:, :3]) == causal
        assert not np.allclose(a[:, 3], b[:, 3])


def test_a_causal_window_ends() -> None:
    """Two convolutions over time read four frames back; a window of two frames, one."""
    x = clip(2, (1, 12, 4, 4, 16))
    first = x.copy()
    first[:, 0] += 1
    layer = ChannelTensorization((16,), excitation=True, causal=True, window=2)
    a, b = (keras.ops.convert_to_numpy(layer(v)) for v in (x, first))
    changed = np.abs(a - b).max(axis=(0, 2, 3, 4)) > 1e-6
    assert changed[0]
    assert not changed[7:].any()  # 2 of the branch and 4 of its gates


def test_trains_saves_and_loads(tmp_path: Path) -> None:
    keras.utils.set_random_seed(0)
    x, y = clip(3, (32, 4, 4, 4, 16)), np.arange(32) % 2
    x[y == 1] = x[y == 1][:, ::-1] + 1
    model = keras.Sequential(
        [
            keras.Input((4, 4, 4, 16)),
            ChannelTensorization(2),
            ChannelTensorization((2, 8), excitation=False, causal=True),
            keras.layers.GlobalAveragePooling3D(),
            keras.layers.Dense(2),
        ]
    )
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    history = model.fit(x, y, epochs=6, batch_size=8, verbose=0)
    assert history.history["loss"][-1] < 0.7 * history.history["loss"][0]
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert np.array_equal(again(x), model(x))
    assert [a.get_config() for a in again.layers] == [a.get_config() for a in model.layers]


@pytest.mark.parametrize(
    ("make", "shape", "complaint"),
    [
        (lambda: ChannelTensorization(0), SHAPE, "dimensions is 0"),
        (lambda: ChannelTensorization((4, 0)), SHAPE, "dimensions"),
        (lambda: ChannelTensorization(2, window=0), SHAPE, "window 0"),
        (lambda: ChannelTensorization(2), (1, 2, 4, 4, 48), "48 channels are no product"),
        (lambda: ChannelTensorization((4, 8)), SHAPE, "do not make 16"),
        (lambda: ChannelTensorization(2), (1, 4, 4, 16), "batch, frames"),
        (lambda: ChannelTensorization(2), (1, 2, 4, 4, 8), "cannot reduce 8 channels"),
        (lambda: TensorExcitation("global"), SHAPE, "kind is 'global'"),
    ],
)
def test_impossible_arguments(make: object, shape: tuple[int, ...], complaint: str) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match=complaint):
        make()(np.zeros(shape, np.float32))
