# SPDX-License-Identifier: Apache-2.0
"""MNIST from a pickle that may hold arrays only, and clips that move as their labels say."""

from __future__ import annotations

import gzip
import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from edgesdk.errors import DATA_MISSING, EdgeError
from edgesdk_converters.datasets import moving_digits as module
from edgesdk_converters.datasets.mnist import mnist
from edgesdk_converters.datasets.moving_digits import MOTIONS, moving_digits
from edgesdk_converters.datasets.split import Split


def _write(folder: Path, content: object) -> None:
    (folder / "mnist.pkl.gz").write_bytes(gzip.compress(pickle.dumps(content)))


def test_mnist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGESDK_DATA", str(tmp_path))
    rng = np.random.default_rng(0)
    parts = [(rng.random((n, 784)).astype(np.float32), rng.integers(0, 10, n)) for n in (5, 3, 2)]
    _write(tmp_path, parts)
    split = mnist()
    assert (split.train_x.shape, split.test_x.shape) == ((8, 28, 28, 1), (2, 28, 28, 1))
    np.testing.assert_array_equal(split.train_x[5:].reshape(3, -1), parts[1][0])
    np.testing.assert_array_equal(split.test_y, parts[2][1])


class _Runs:
    def __reduce__(self) -> tuple:
        return os.mkdir, ("was_run",)


@pytest.mark.parametrize("content", [_Runs(), [1, 2, 3], "text"])
def test_a_pickle_of_anything_else_is_refused(content: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGESDK_DATA", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    _write(tmp_path, content)
    with pytest.raises(EdgeError, match="damaged") as caught:
        mnist()
    assert caught.value.kind is DATA_MISSING
    assert not (tmp_path / "was_run").exists()


@pytest.fixture
def clips(monkeypatch: pytest.MonkeyPatch) -> Split:
    """Of a bar that points one way, on black; in testing it is half as bright."""
    bar = np.zeros((1, 28, 28, 1), np.float32)
    bar[0, 12:16, 6:24] = 1
    bar[0, 8:20, 20:24] = 1
    black, label = np.zeros((1, 32, 32, 3), np.float32), np.zeros(1, np.int64)
    monkeypatch.setattr(module, "mnist", lambda: Split(bar, label, bar / 2, label))
    monkeypatch.setattr(module, "cifar10", lambda: Split(black, label, black, label))
    return moving_digits(160, 20, frames=8)


def test_clips_move_as_their_labels_say(clips: Split) -> None:
    images = np.where(clips.train_x[..., 0] > 0.2, clips.train_x[..., 0], 0).astype(np.float64)
    mass = images.sum(axis=(2, 3))
    rows, columns = np.mgrid[:32, :32]
    y, x = ((images * axis).sum(axis=(2, 3)) / mass for axis in (rows, columns))
    for motion, sign in (("left", -1), ("right", 1)):
        chosen = clips.train_y == MOTIONS.index(motion)
        assert chosen.any()
        assert (sign * (x[chosen, -1] - x[chosen, 0]) > 5).all()
        assert (abs(y[chosen, -1] - y[chosen, 0]) < 3).all()
    for motion, sign in (("up", -1), ("down", 1)):
        chosen = clips.train_y == MOTIONS.index(motion)
        assert (sign * (y[chosen, -1] - y[chosen, 0]) > 5).all()
    for motion, grows in (("zoom in", True), ("zoom out", False)):
        chosen = clips.train_y == MOTIONS.index(motion)
        assert ((mass[chosen, -1] > 1.2 * mass[chosen, 0]) == grows).all()
    for motion, sign in (("circle cw", 1), ("circle ccw", -1)):  # rows grow downwards: clockwise turns are positive
        chosen = clips.train_y == MOTIONS.index(motion)
        dx, dy = np.diff(x[chosen]), np.diff(y[chosen])
        turned = dx[:, :-1] * dy[:, 1:] - dy[:, :-1] * dx[:, 1:]
        assert (sign * turned.sum(axis=1) > 0).all()


def test_testing_has_its_own_digits_and_the_seed_decides(clips: Split) -> None:
    assert clips.train_x.max() > 0.9 * clips.train_x.max(initial=0) > 0.6
    assert clips.test_x.max() < 0.7
    again = moving_digits(160, 20, frames=8)
    np.testing.assert_array_equal(clips.train_x, again.train_x)
    assert not np.array_equal(moving_digits(160, 20, frames=8, seed=1).train_y, clips.train_y)
