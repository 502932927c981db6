# SPDX-License-Identifier: Apache-2.0
"""Channel tensorization against dense and separable convolutions over time, on clips that need their order.

After CT-Net (Li et al. 2021, arXiv 2106.01603): its module, with one, two and three sub-dimensions, with and without
excitation, in a small network, against a mean over frames, (2+1)D and dense 3D convolutions in the same place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

import keras
from keras import layers

from edgesdk_converters.datasets.cifar10 import cifar10
from edgesdk_converters.datasets.mnist import mnist
from edgesdk_converters.datasets.moving_digits import MOTIONS, SIZE, moving_digits
from edgesdk_converters.datasets.split import Split
from edgesdk_converters.layers import ChannelTensorization
from edgesdk_converters.recipes.classification import classify
from edgesdk_converters.recipes.recipe import Arm, Job, Recipe
from edgesdk_converters.recipes.training import Schedule

FRAMES, CHANNELS = 8, (16, 32)
CLIPS, TINY_CLIPS = (12_000, 2_000), (2_000, 400)
FULL, TINY = Schedule(epochs=25, batch=32), Schedule(epochs=6, batch=32)


def _frames_alone(x: Any, filters: int) -> Any:
    return _normal(layers.Conv3D(filters, (1, 3, 3), padding="same", use_bias=False)(x))


def _two_plus_one(x: Any, filters: int) -> Any:
    x = _frames_alone(x, filters)
    return _normal(layers.Conv3D(filters, (3, 1, 1), padding="same", use_bias=False)(x))


def _dense(x: Any, filters: int) -> Any:
    return _normal(layers.Conv3D(filters, 3, padding="same", use_bias=False)(x))


def _tensorized(dimensions: int, excitation: bool, x: Any, filters: int) -> Any:
    """As in the paper between two 1x1 convolutions, of which the second mixes what the module leaves apart."""
    x = ChannelTensorization(dimensions, excitation, reduction=2)(x)
    return _normal(layers.Conv3D(filters, 1, use_bias=False)(x))


BLOCKS: Mapping[str, Callable[[Any, int], Any]] = {
    "mean of frames": _frames_alone,
    "(2+1)D": _two_plus_one,
    "dense 3D": _dense,
    "CT 1": partial(_tensorized, 1, False),
    "CT 2": partial(_tensorized, 2, False),
    "CT 3": partial(_tensorized, 3, False),
    "CT 2, excited": partial(_tensorized, 2, True),
}
"""Arm -> what makes `filters` channels of as many."""


def network(block: Callable[[Any, int], Any], frames: int = FRAMES) -> Any:
    """Two stages, each a convolution of frames with stride 2 and a residual block; mean over all; ten motions."""
    x = clip = keras.Input((frames, SIZE, SIZE, 1))
    for filters in CHANNELS:
        x = _normal(layers.Conv3D(filters, (1, 3, 3), (1, 2, 2), "same", use_bias=False)(x))
        x = layers.Add()([x, block(x, filters)])
    x = layers.GlobalAveragePooling3D()(x)
    return keras.Model(clip, layers.Dense(len(MOTIONS), activation="softmax")(x))


def _normal(x: Any) -> Any:
    return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))


@cache
def _clips(tiny: bool) -> Split:
    return moving_digits(*(TINY_CLIPS if tiny else CLIPS), frames=FRAMES)


def _run(name: str, job: Job) -> Mapping[str, float]:
    return classify(job, partial(network, BLOCKS[name]), _clips(job.tiny), TINY if job.tiny else FULL)


RECIPE = Recipe(
    "ctnet",
    tuple(
        Arm("moving digits", name, partial(_run, name), ("float_accuracy", 0.13 if name == "mean of frames" else 0.5))
        for name in BLOCKS
    ),
    seeds=3,
    prepare=lambda: (mnist(), cifar10()),
)
