# SPDX-License-Identifier: Apache-2.0
"""Training networks with product-key memories: updates of the rows that were read, and new life for keys that none
is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
from keras import ops

from edgesdk_converters.layers.product_key_memory import ProductKeyMemory

VALUES = ("copy", "draw")


@keras.saving.register_keras_serializable("edgesdk")
class MemoryAdam(keras.optimizers.Adam):
    """Adam that leaves rows of memories alone which no query of the batch read, moments included, and gives memories a
    constant learning rate of their own (Lample et al. 2019: values are read seldom and need a high one).

    Args:
        learning_rate: of everything else; the other arguments are Adam's.
        value_learning_rate: of the values of ProductKeyMemory layers.
    """

    def __init__(self, learning_rate: Any = 0.001, value_learning_rate: float = 0.001, **kwargs: Any) -> None:
        super().__init__(learning_rate, **kwargs)
        self.value_learning_rate = value_learning_rate

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        path = getattr(variable, "path", variable.name)  # TensorFlow's own variables come here
        if not path.partition(":")[0].endswith("/memory_values"):
            super().update_step(gradient, variable, learning_rate)
            return
        gradient = ops.add(gradient, ops.zeros_like(variable))  # TensorFlow gives the rows that were read alone
        index = self._get_variable_index(variable)
        m, v = self._momentums[index], self._velocities[index]
        step = ops.cast(self.iterations + 1, variable.dtype)
        read = ops.any(ops.not_equal(gradient, 0), axis=-1, keepdims=True)
        new_m = self.beta_1 * m + (1 - self.beta_1) * gradient
        new_v = self.beta_2 * v + (1 - self.beta_2) * ops.square(gradient)
        scale = self.value_learning_rate * ops.sqrt(1 - self.beta_2**step) / (1 - self.beta_1**step)
        moved = scale * new_m / (ops.sqrt(new_v) + self.epsilon)
        self.assign(m, ops.where(read, new_m, m))
        self.assign(v, ops.where(read, new_v, v))
        self.assign_sub(variable, ops.where(read, moved, ops.zeros_like(moved)))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "value_learning_rate": self.value_learning_rate}


class MemoryUsage(keras.callbacks.Callback):
    """Logs usage, top-1 usage and KL of every ProductKeyMemory over each epoch: `<layer>_usage`, `_top1` and `_kl`.
    Put it before other callbacks that read logs."""

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        for layer in memories(self.model):
            layer.reset_usage()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        for layer in memories(self.model):
            found = layer.usage()
            if logs is not None:
                logs |= {f"{layer.name}_{name}": value for name, value in vars(found).items()}


class ReinitializeDeadKeys(keras.callbacks.Callback):
    """Puts sub-keys that are hardly read where much is read, and clears the optimizer's memory of them.

    The idea is the thesis' (Karimov et al. 2021, arXiv 2101.11685), which this rebuilds: its procedure is not public.
    After an epoch a sub-key is dead where it was part of fewer slots read than `threshold` times its half's mean. It
    becomes a copy of a live sub-key of its half, drawn in proportion to what is read of that, plus normal noise.

    Args:
        every: epochs between two times.
        until: share of the training after which no key is moved any more.
        threshold: of dead keys, a share of the mean.
        noise: standard deviation, a share of that of the live keys' elements.
        values: "copy": a slot of a moved key gets its donor's value, so that hardly anything changes at first; "draw":
            a new one, as at the start.
        seed: of the draws.

    Attributes:
        moved: by epoch, the sub-keys that were moved.
    """

    def __init__(
        self,
        every: int = 1,
        until: float = 0.8,
        threshold: float = 0.05,
        noise: float = 0.1,
        values: str = "copy",
        seed: int = 0,
    ) -> None:
        super().__init__()
        if every < 1 or not 0 <= until <= 1 or threshold < 0 or noise < 0:
            raise ValueError("every must be at least 1, until between 0 and 1, threshold and noise not negative")
        if values not in VALUES:
            raise ValueError(f"values is {values!r}; choose one of {', '.join(VALUES)}")
        self.every = every
        self.until = until
        self.threshold = threshold
        self.noise = noise
        self.values = values
        self.seed = seed
        self.moved: dict[int, int] = {}

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        for layer in memories(self.model):
            layer.reset_usage()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        if (epoch + 1) % self.every or epoch + 1 > self.until * self.params["epochs"]:
            return
        rng = np.random.default_rng((self.seed, epoch))
        self.moved[epoch] = sum(self._revive(layer, rng) for layer in memories(self.model))

    def _revive(self, layer: ProductKeyMemory, rng: np.random.Generator) -> int:
        keys, hits = keras.ops.convert_to_numpy(layer.keys).copy(), keras.ops.convert_to_numpy(layer.hits).astype(float)
        donors = np.tile(np.arange(layer.sub_keys), (layer.heads, 2, 1))
        for head in range(layer.heads):
            for half in range(2):
                u = hits[head, half]
                dead = u < self.threshold * u.mean() if u.sum() else np.zeros(len(u), bool)
                live = np.flatnonzero(~dead & (u > 0))
                if not dead.any() or not len(live):
                    continue
                chosen = rng.choice(live, dead.sum(), p=u[live] / u[live].sum())
                donors[head, half, dead] = chosen
                spread = self.noise * keys[head, half, live].std()
                keys[head, half, dead] = keys[head, half, chosen] + rng.normal(0, spread, (len(chosen), keys.shape[-1]))
        moved = donors != np.arange(layer.sub_keys)
        if moved.any():
            layer.keys.assign(keys)
            self._forget(layer.keys, moved)
            self._revalue(layer, donors, moved, rng)
        return int(moved.sum())

    def _revalue(self, layer: ProductKeyMemory, donors: Any, moved: Any, rng: np.random.Generator) -> None:
        """Slots with a key that moved in every head: their old values are nobody's. With several heads others read
        them."""
        first, second = moved[:, 0].all(axis=0), moved[:, 1].all(axis=0)
        slots = (first[:, None] | second[None, :]).reshape(-1)
        if not slots.any():
            return
        values = keras.ops.convert_to_numpy(layer.memory).copy()
        if self.values == "copy":
            source = (donors[0, 0][:, None] * layer.sub_keys + donors[0, 1][None, :]).reshape(-1)
            values[slots] = values[source][slots]
        else:
            values[slots] = rng.normal(0, layer.units**-0.5, (slots.sum(), layer.units))
        layer.memory.assign(values)
        self._forget(layer.memory, slots)

    def _forget(self, variable: Any, rows: Any) -> None:
        """Zeros for these rows in what the optimizer keeps of a variable."""
        name = variable.path.replace("/", "_")
        for kept in self.model.optimizer.variables:
            if name in kept.path and kept.shape == variable.shape:
                old = keras.ops.convert_to_numpy(kept).copy()
                old[rows] = 0
                kept.assign(old)


def memories(model: Any) -> Iterator[ProductKeyMemory]:
    """The memories of a model, those of layers within layers included."""
    return (layer for layer in model._flatten_layers() if isinstance(layer, ProductKeyMemory))
