# SPDX-License-Identifier: Apache-2.0
"""Product-key memories: what they hold, how many of their slots live, and whether they beat plain layers of equal cost.

After Lample et al. 2019 (arXiv 1907.05242) and Karimov et al. 2021 (arXiv 2101.11685), whose strongest claim is that
new life for dead keys lets a memory learn random labels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

import keras
import numpy as np
from keras import layers

from edgesdk_converters.datasets.fashion_mnist import fashion_mnist
from edgesdk_converters.datasets.split import Split
from edgesdk_converters.layers import MemoryAdam, ProductKeyMemory, ReinitializeDeadKeys
from edgesdk_converters.layers.memory_training import memories
from edgesdk_converters.recipes.classification import classify
from edgesdk_converters.recipes.recipe import Arm, Job, Recipe
from edgesdk_converters.recipes.training import Schedule

VECTORS, ELEMENTS, CLASSES = 4_000, 32, 10
MOVING = 0.8
"""Share of the epochs in which dead keys are moved."""
_fashion = cache(fashion_mnist)


def random_labels() -> Split:
    """Normal vectors whose labels say nothing: what is known of them is remembered. Tested on what was trained."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(VECTORS, ELEMENTS)).astype(np.float32)
    y = rng.integers(0, CLASSES, VECTORS)
    return Split(x, y, x, y)


def remembering(query_batch_norm: bool) -> Any:
    """A memory of 1,024 slots between linear layers."""
    vector = keras.Input((ELEMENTS,))
    x = ProductKeyMemory(32, 32, key_dim=16, neighbours=4, query_batch_norm=query_batch_norm)(vector)
    return keras.Model(vector, layers.Dense(CLASSES, activation="softmax")(x))


def classifier(channels: tuple[int, ...], head: Callable[[Any], Any]) -> Any:
    """3x3 convolutions with strides, average, `head`, ten classes."""
    x = image = keras.Input((28, 28, 1))
    for filters in channels:
        x = layers.Conv2D(filters, 3, 2, "same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
    x = head(layers.GlobalAveragePooling2D()(x))
    return keras.Model(image, layers.Dense(10, activation="softmax")(x))


def with_memory(x: Any) -> Any:
    """x and what a memory of 1,024 slots knows of it: 35 kB."""
    read = ProductKeyMemory(32, 32, key_dim=16, neighbours=4, value_initializer="zeros")(x)
    return layers.Add()([x, read])


HEADS: Mapping[str, Callable[[], Any]] = {
    "plain": lambda: classifier((16, 24, 32), lambda x: x),
    "memory": lambda: classifier((16, 24, 32), with_memory),
    "equal MACs": lambda: classifier((16, 24, 33), lambda x: x),
    "equal flash": lambda: classifier((16, 24, 32), layers.Dense(845, activation="relu")),
}
"""Arm -> network: the memory against no memory, against wider convolutions, and against a dense layer of its flash."""


def _schedule(epochs: int, moving: bool, value_rate: float) -> Schedule:
    def callbacks(epoch: int) -> list[Any]:
        # Each epoch is a training of its own to Keras, whose share of epochs would be the whole.
        return [ReinitializeDeadKeys(until=1.0)] if moving and epoch < MOVING * epochs else []

    optimizer = partial(MemoryAdam, value_learning_rate=value_rate)
    return Schedule(epochs, batch=100, rate=5e-3, optimizer=optimizer, callbacks=callbacks)


def _usage(data: Split, model: Any) -> Mapping[str, float]:
    """Of the memory, on all that it was trained with."""
    found = list(memories(model))
    if not found:
        return {}
    (memory,) = found
    memory.reset_usage()
    model.predict(data.train_x, 1000, verbose=0)
    used = memory.usage()
    return {"usage": used.usage, "top1": used.top1, "kl_nats": used.kl}


def _remember(batch_norm: bool, moving: bool, job: Job) -> Mapping[str, float]:
    data = random_labels()
    schedule = _schedule(60 if job.tiny else 300, moving, 1e-2)
    return classify(job, partial(remembering, batch_norm), data, schedule, partial(_usage, data))


def _classify(name: str, job: Job) -> Mapping[str, float]:
    data = _fashion().first(12_000, 1_000) if job.tiny else _fashion()
    schedule = _schedule(4 if job.tiny else 15, True, 1e-3)
    return classify(job, HEADS[name], data, schedule, partial(_usage, data))


RECIPE = Recipe(
    "memory",
    (
        *(
            Arm(
                "random labels",
                f"{'query normalized' if norm else 'query as it is'}, {'dead keys moved' if moving else 'none moved'}",
                partial(_remember, norm, moving),
                ("float_accuracy", 0.2),
            )
            for norm in (True, False)
            for moving in (True, False)
        ),
        *(Arm("fashion-mnist", name, partial(_classify, name), ("float_accuracy", 0.8)) for name in HEADS),
    ),
    seeds=3,
    prepare=_fashion,
)
