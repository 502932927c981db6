# SPDX-License-Identifier: Apache-2.0
"""Ordinal pooling against maximum, average, fixed weights and a one-parameter blend, at equal cost otherwise.

After Kumar 2018 (arXiv 1804.02702) and Deliège et al. 2021 (arXiv 2109.01561), whose claim is strongest for light and
quantized networks: two small networks that differ in their pooling alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

import keras
from keras import layers

from edgesdk_converters.datasets.cifar10 import cifar10
from edgesdk_converters.datasets.fashion_mnist import fashion_mnist
from edgesdk_converters.datasets.split import Split
from edgesdk_converters.layers import BlendPool2D, OrdinalPool2D
from edgesdk_converters.recipes.classification import classify
from edgesdk_converters.recipes.recipe import Arm, Job, Recipe
from edgesdk_converters.recipes.training import Schedule

POOLS: Mapping[str, Callable[[], Any]] = {
    "maximum": lambda: layers.MaxPooling2D(2),
    "average": lambda: layers.AveragePooling2D(2),
    "ordinal 2018": lambda: OrdinalPool2D(2, form="free", initializer="decay"),
    "ordinal 2021": lambda: OrdinalPool2D(2),
    "fixed weights": lambda: OrdinalPool2D(2, initializer="decay", trainable=False),
    "blend": lambda: BlendPool2D(2),
}
"""Arm -> its pooling of 2x2."""
TASKS: Mapping[str, tuple[Callable[[], Split], tuple[int, ...], float]] = {
    "fashion-mnist": (fashion_mnist, (16, 32, 32), 0.85),
    "cifar10": (cifar10, (16, 32, 64), 0.55),
}
"""Task -> its data, the channels of the convolutions, and the accuracy of a network that is trained enough."""
FULL, TINY = Schedule(epochs=12), Schedule(epochs=4)
TINY_SAMPLES = (12_000, 1_000)


def network(shape: tuple[int, ...], channels: tuple[int, ...], pool: Callable[[], Any]) -> Any:
    """3x3 convolutions with batch normalization and ReLU, pooled but for the last; average; ten classes."""
    x = image = keras.Input(shape)
    for k, filters in enumerate(channels):
        if k > 0:
            x = pool()(x)
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(image, layers.Dense(10, activation="softmax")(x))


@cache
def _data(task: str) -> Split:
    return TASKS[task][0]()


def _run(task: str, pool: str, job: Job) -> Mapping[str, float]:
    data = _data(task).first(*TINY_SAMPLES) if job.tiny else _data(task)
    build = partial(network, data.train_x.shape[1:], TASKS[task][1], POOLS[pool])
    return classify(job, build, data, TINY if job.tiny else FULL)


RECIPE = Recipe(
    "ordinal",
    tuple(
        Arm(task, pool, partial(_run, task, pool), ("float_accuracy", floor))
        for task, (_, _, floor) in TASKS.items()
        for pool in POOLS
    ),
    seeds=3,
    prepare=lambda: [_data(task) for task in TASKS],
)
