# SPDX-License-Identifier: Apache-2.0
"""Moving digits: clips whose label is the motion, which no single frame shows. Generated from MNIST and CIFAR-10."""

from __future__ import annotations

import numpy as np

from edgesdk.model.graph import Array
from edgesdk_converters.datasets.cifar10 import cifar10
from edgesdk_converters.datasets.mnist import mnist
from edgesdk_converters.datasets.split import Split

MOTIONS = ("left", "right", "up", "down", "circle cw", "circle ccw", "zoom in", "zoom out", "spin cw", "spin ccw")
SIZE = 32
_NOISE = 8 / 255


def moving_digits(train: int, test: int, frames: int = 16, seed: int = 0) -> Split:
    """Clips [n, frames, 32, 32, 1] and motions [n], an index into MOTIONS.

    A digit of any class, turned and scaled at random, on a darkened crop of a photograph, with noise; every motion is
    about as long in pixels. Testing has other digits and other photographs.

    Raises:
        EdgeError: DATA_MISSING where MNIST or CIFAR-10 is not there.
    """
    digits, photographs = mnist(), cifar10()
    parts = (
        (train, digits.train_x, photographs.train_x),
        (test, digits.test_x, photographs.test_x),
    )
    made = []
    for k, (count, faces, scenes) in enumerate(parts):
        random = np.random.default_rng([seed, k])
        labels = random.integers(0, len(MOTIONS), count)
        clips = [_clip(random, faces, scenes, MOTIONS[label], frames) for label in labels]
        made += [np.stack(clips), labels]
    return Split(*made)


def _clip(random: np.random.Generator, faces: Array, scenes: Array, motion: str, frames: int) -> Array:
    """[frames, 32, 32, 1], float32 in [0, 1]."""
    face = faces[random.integers(len(faces)), ..., 0]
    scene = scenes[random.integers(len(scenes))].mean(axis=-1) * random.uniform(0.15, 0.5)
    x, y, scale, angle = _path(random, motion, frames)
    moved = _placed(face, x, y, scale, angle) * random.uniform(0.6, 1)
    noisy = np.maximum(moved, scene) + random.normal(0, _NOISE, moved.shape)
    return noisy.clip(0, 1).astype(np.float32)[..., None]


def _path(random: np.random.Generator, motion: str, frames: int) -> tuple[Array, Array, Array, Array]:
    """Centre, scale and angle (radians) of the digit in every frame."""
    kind, _, way = motion.partition(" ")
    steps = np.arange(frames) - (frames - 1) / 2
    pace = 16 / frames  # a clip of fewer frames shows the same motion
    x, y = (np.full(frames, SIZE / 2 + random.uniform(-5, 5)) for _ in range(2))
    scale = np.full(frames, random.uniform(0.45, 0.7))
    angle = np.full(frames, random.uniform(-0.44, 0.44))
    sign = 1 if kind in ("right", "down") or way in ("cw", "in") else -1
    if kind in ("left", "right"):
        x += sign * random.uniform(0.7, 1.3) * pace * steps
    elif kind in ("up", "down"):
        y += sign * random.uniform(0.7, 1.3) * pace * steps
    elif kind == "circle":
        turn = random.uniform(0, 2 * np.pi) + sign * 2 * np.pi / frames * random.uniform(0.8, 1.2) * np.arange(frames)
        radius = random.uniform(4, 7)
        x, y = x + radius * np.cos(turn), y + radius * np.sin(turn)
    elif kind == "zoom":
        scale = scale * np.exp(sign * random.uniform(0.03, 0.06) * pace * steps)
    else:
        angle = angle + random.uniform(0, 2 * np.pi) + sign * random.uniform(0.1, 0.21) * pace * steps
    jitter = random.normal(0, 0.3, (2, frames))
    return x + jitter[0], y + jitter[1], scale, angle


def _placed(face: Array, x: Array, y: Array, scale: Array, angle: Array) -> Array:
    """[frames, 32, 32]: the image turned clockwise by the angle, scaled, its centre at (x, y); bilinear, 0 outside."""
    rows, columns = np.mgrid[:SIZE, :SIZE].astype(np.float64)
    dx, dy = columns - x[:, None, None], rows - y[:, None, None]
    cosine, sine = (f(angle)[:, None, None] / scale[:, None, None] for f in (np.cos, np.sin))
    middle = (face.shape[0] - 1) / 2
    return _sampled(face, middle + cosine * dy - sine * dx, middle + sine * dy + cosine * dx)


def _sampled(image: Array, rows: Array, columns: Array) -> Array:
    """Bilinear values at real places."""
    padded = np.pad(image, 1)
    limit = padded.shape[0] - 2
    top, left = (np.clip(np.floor(v + 1), 0, limit).astype(int) for v in (rows, columns))
    down, right = (np.clip(v + 1 - at, 0, 1) for v, at in ((rows, top), (columns, left)))
    above = padded[top, left] * (1 - right) + padded[top, left + 1] * right
    below = padded[top + 1, left] * (1 - right) + padded[top + 1, left + 1] * right
    return np.asarray(above * (1 - down) + below * down)
