# SPDX-License-Identifier: Apache-2.0
"""The memory against a search of all its slots; how it is used, trained and revived."""

from __future__ import annotations

from math import log
from pathlib import Path

import numpy as np
import pytest

keras = pytest.importorskip("keras", reason="Keras is not installed")

from edgesdk_converters.layers import (  # noqa: E402
    MemoryAdam,
    MemoryUsage,
    ProductKeyMemory,
    ReinitializeDeadKeys,
)


def searched(layer: ProductKeyMemory, x: np.ndarray) -> np.ndarray:
    """The output by scoring every slot. x [batch, d]; no batch normalization."""
    kernel, bias = (np.asarray(w, float) for w in layer.query.weights)
    q = (x @ kernel + bias).reshape(len(x), layer.heads, 2, layer.key_dim // 2)
    halves = np.einsum("bhpd,hpnd->bhpn", q, np.asarray(layer.keys, float))
    scores = (halves[:, :, 0, :, None] + halves[:, :, 1, None, :]).reshape(len(x), layer.heads, -1)
    out = np.zeros((len(x), layer.units))
    for b in range(len(x)):
        for h in range(layer.heads):
            best = np.argsort(-scores[b, h], kind="stable")[: layer.neighbours]
            weights = np.exp(scores[b, h, best] - scores[b, h, best].max())
            out[b] += (weights / weights.sum()) @ np.asarray(layer.memory, float)[best]
    return out


@pytest.mark.parametrize(("heads", "neighbours", "sub_keys"), [(1, 1, 5), (1, 4, 16), (3, 8, 9), (2, 32, 32)])
def test_finds_what_a_search_of_all_slots_finds(heads: int, neighbours: int, sub_keys: int) -> None:
    keras.utils.set_random_seed(1)
    x = np.random.default_rng(0).normal(size=(40, 12)).astype(np.float32)
    layer = ProductKeyMemory(7, sub_keys, 8, heads, neighbours, query_batch_norm=False)
    assert np.allclose(layer(x), searched(layer, x), atol=1e-5)
    assert layer.slots == sub_keys**2
    deep = layer(x.reshape(5, 2, 4, 12))
    assert deep.shape == layer.compute_output_shape((5, 2, 4, 12)) == (5, 2, 4, 7)
    assert np.allclose(np.reshape(deep, (40, 7)), searched(layer, x), atol=1e-5)


def test_queries_are_normalized_over_the_batch() -> None:
    layer = ProductKeyMemory(4, 8, 8, 1, 4)
    x = np.random.default_rng(0).normal(3, 5, (64, 6)).astype(np.float32)
    layer(x, training=True)
    assert layer.norm is not None
    q = np.asarray(layer.norm(layer.query(x), training=True))
    assert np.allclose(q.mean(axis=0), 0, atol=1e-4)
    assert np.allclose(q.std(axis=0), 1, atol=1e-2)


def test_usage() -> None:
    layer = ProductKeyMemory(2, 4, 4, 1, 1)
    layer.build((None, 3))
    assert vars(layer.usage()) == {"usage": 0, "top1": 0, "kl": 0}
    layer.mass.assign(np.ones(16))
    layer.first.assign(np.arange(16) % 4 == 0)
    assert layer.usage().kl == pytest.approx(0, abs=1e-9)
    assert (layer.usage().usage, layer.usage().top1) == (1, 0.25)
    layer.mass.assign(np.eye(16)[3] * 7)
    assert layer.usage().kl == pytest.approx(log(16))
    layer.reset_usage()
    assert layer.usage().usage == 0


def test_counts_what_is_read() -> None:
    keras.utils.set_random_seed(0)
    layer = ProductKeyMemory(2, 6, 4, 2, 3)
    x = np.random.default_rng(0).normal(size=(50, 5)).astype(np.float32)
    layer(x)
    layer(x)
    slots, weights = (np.asarray(t) for t in layer.read(x))
    mass, first, hits = np.zeros(36), np.zeros(36), np.zeros((2, 2, 6))
    np.add.at(mass, slots, weights)
    np.add.at(first, slots[..., 0], 1)
    for head in range(2):
        np.add.at(hits[head, 0], slots[:, head] // 6, 1)
        np.add.at(hits[head, 1], slots[:, head] % 6, 1)
    assert np.allclose(layer.mass, 2 * mass, atol=1e-4)
    assert np.array_equal(layer.first, 2 * first)
    assert np.array_equal(layer.hits, 2 * hits)


def one_step(optimizer: keras.optimizers.Optimizer) -> tuple[ProductKeyMemory, np.ndarray, np.ndarray]:
    """A memory after a step, which slots were read, and its values before."""
    keras.utils.set_random_seed(2)
    layer = ProductKeyMemory(3, 8, 4, 1, 2)
    model = keras.Sequential([keras.Input((5,)), layer])
    model.compile(optimizer, "mse")
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(4, 5)).astype(np.float32), rng.normal(size=(4, 3)).astype(np.float32)
    before = keras.ops.convert_to_numpy(layer.memory).copy()
    model.fit(x, y, batch_size=4, epochs=1, verbose=0)
    return layer, np.asarray(layer.mass) > 0, before


def test_rows_that_were_not_read_stay() -> None:
    optimizer = MemoryAdam(0.01, value_learning_rate=0.1)
    layer, read, before = one_step(optimizer)
    after = np.asarray(layer.memory)
    assert 0 < read.sum() < len(read)
    assert np.array_equal(after[~read], before[~read])
    assert np.allclose(np.abs(after - before)[read], 0.1, atol=1e-3)  # Adam's first step is the learning rate
    index = optimizer._get_variable_index(layer.memory)
    assert not np.asarray(optimizer._momentums[index])[~read].any()
    assert np.asarray(optimizer._momentums[index])[read].any()


def test_other_variables_are_adams() -> None:
    ours, theirs = (one_step(o)[0] for o in (MemoryAdam(0.01), keras.optimizers.Adam(0.01)))
    assert np.allclose(ours.keys, theirs.keys, atol=1e-6)
    assert np.allclose(ours.query.kernel, theirs.query.kernel, atol=1e-6)


def fitted(
    *callbacks: keras.callbacks.Callback, epochs: int = 10, neighbours: int = 2
) -> tuple[ProductKeyMemory, keras.callbacks.History]:
    """A memory whose keys are far from its queries but for a few, trained on random labels."""
    keras.utils.set_random_seed(3)
    layer = ProductKeyMemory(8, 16, 8, 1, neighbours, query_batch_norm=False, name="memory")
    model = keras.Sequential([keras.Input((6,)), layer, keras.layers.Dense(10)])
    model.compile(
        MemoryAdam(0.002, 0.02), keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"]
    )
    keys = keras.ops.convert_to_numpy(layer.keys).copy()
    keys[:, :, 3:] = -5  # dead: no query points there
    layer.query.bias.assign(np.full(8, 2.0))
    layer.keys.assign(keys)
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(256, 6)).astype(np.float32), rng.integers(0, 10, 256)
    return layer, model.fit(x, y, batch_size=32, epochs=epochs, verbose=0, callbacks=list(callbacks))


def test_dead_keys_live_again() -> None:
    still, _ = fitted(MemoryUsage())
    assert np.asarray(still.mass > 0).sum() <= 9
    reviving = ReinitializeDeadKeys(every=2, until=0.8)
    _, history = fitted(MemoryUsage(), reviving)
    assert sorted(reviving.moved) == [1, 3, 5, 7]
    assert reviving.moved[1] >= 20
    usage = history.history["memory_usage"]
    assert usage[0] < 0.05
    assert usage[-1] > 4 * usage[0]
    assert history.history["memory_kl"][-1] < history.history["memory_kl"][0]
    assert set(history.history) >= {"memory_usage", "memory_top1", "memory_kl"}


def test_copied_values_keep_the_function() -> None:
    """Without noise a copy ties with its donor, and has its value."""
    layer, _ = fitted(epochs=2, neighbours=1)
    x = np.random.default_rng(2).normal(size=(64, 6)).astype(np.float32)
    model = keras.Sequential([keras.Input((6,)), layer])
    model.compile(MemoryAdam(), "mse")
    before = np.asarray(model(x))
    callback = ReinitializeDeadKeys(noise=0.0)
    callback.set_model(model)
    callback.set_params({"epochs": 10})
    callback.on_epoch_end(0)
    assert callback.moved[0] > 0
    assert np.allclose(model(x), before, atol=1e-6)


def test_saved_and_loaded(tmp_path: Path) -> None:
    x = np.random.default_rng(4).normal(size=(3, 6)).astype(np.float32)
    memory = ProductKeyMemory(4, 8, 8, 2, 4, value_initializer="zeros")
    model = keras.Sequential([keras.Input((6,)), memory, ProductKeyMemory(2, 4, 4, neighbours=2)])
    model.compile(MemoryAdam(0.01, 0.3), "mse")
    model.fit(x, np.ones((3, 2)), verbose=0)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert np.array_equal(again(x), model(x))
    assert [a.get_config() for a in again.layers] == [a.get_config() for a in model.layers]
    assert again.optimizer.value_learning_rate == 0.3


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"sub_keys": 0}, "sub_keys is 0"),
        ({"key_dim": 7}, "key_dim is 7"),
        ({"neighbours": 9}, "only 8 keys"),
        ({"heads": -1}, "heads is -1"),
    ],
)
def test_impossible_arguments(arguments: dict[str, int], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        ProductKeyMemory(**{"units": 4, "sub_keys": 8, **arguments})


def test_impossible_reinitialization() -> None:
    with pytest.raises(ValueError, match="every"):
        ReinitializeDeadKeys(every=0)
    with pytest.raises(ValueError, match="values is 'keep'"):
        ReinitializeDeadKeys(values="keep")
