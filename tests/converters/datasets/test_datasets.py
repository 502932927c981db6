# SPDX-License-Identifier: Apache-2.0
"""Data sets are read from made files in their formats, and missing ones are named."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from edgesdk.errors import DATA_MISSING, EdgeError
from edgesdk_converters.datasets.cifar10 import cifar10
from edgesdk_converters.datasets.fashion_mnist import fashion_mnist
from edgesdk_converters.datasets.split import Split


def _idx(values: np.ndarray) -> bytes:
    head = bytes([0, 0, 8, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape)
    return gzip.compress(head + values.astype(np.uint8).tobytes())


def _fashion(folder: Path) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    made = {}
    for part, count in (("train", 7), ("t10k", 3)):
        made[f"{part}-images-idx3"] = rng.integers(0, 256, (count, 28, 28))
        made[f"{part}-labels-idx1"] = rng.integers(0, 10, count)
    for name, values in made.items():
        (folder / f"{name}-ubyte.gz").write_bytes(_idx(values))
    return made


def test_fashion_mnist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGESDK_DATA", str(tmp_path))
    made = _fashion(tmp_path)
    split = fashion_mnist()
    np.testing.assert_array_equal(np.round(split.train_x[..., 0] * 255), made["train-images-idx3"])
    np.testing.assert_array_equal(split.test_y, made["t10k-labels-idx1"])
    assert (split.train_x.shape, split.test_x.dtype) == ((7, 28, 28, 1), np.float32)


def test_a_damaged_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGESDK_DATA", str(tmp_path))
    _fashion(tmp_path)
    (tmp_path / "t10k-labels-idx1-ubyte.gz").write_bytes(b"\x1f\x8b no gzip")
    with pytest.raises(EdgeError, match="t10k-labels"):
        fashion_mnist()


def test_cifar10_mixes_its_classes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tensorflow as tf

    monkeypatch.setenv("EDGESDK_DATA", str(tmp_path))
    (tmp_path / "cifar10").mkdir()
    labels = np.repeat(np.arange(10), 6)
    images = [tf.io.encode_jpeg(np.full((32, 32, 3), 20 * y, np.uint8), quality=95).numpy() for y in labels]
    test = np.tile([0, 0, 0, 0, 0, 1], 10)
    bounds = np.cumsum([0, *map(len, images)])
    np.savez(
        tmp_path / "cifar10/cifar10_jpeg.npz",
        blob=np.frombuffer(b"".join(images), np.uint8), off=bounds, y=labels, test=test,
    )  # fmt: skip
    split = cifar10()
    assert (split.train_x.shape, split.test_x.shape) == ((50, 32, 32, 3), (10, 32, 32, 3))
    for x, y in ((split.train_x, split.train_y), (split.test_x, split.test_y)):
        np.testing.assert_allclose(x.mean(axis=(1, 2, 3)) * 255, 20 * y, atol=2)
    assert len(set(split.train_y[:10].tolist())) > 3


@pytest.mark.parametrize("load", [fashion_mnist, cifar10])
def test_what_is_missing_is_named_with_how_to_get_it(
    load: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "is_file", lambda self: False)
    for value in (str(tmp_path), None):
        monkeypatch.setenv("EDGESDK_DATA", value) if value else monkeypatch.delenv("EDGESDK_DATA")
        with pytest.raises(EdgeError, match="not on this machine") as caught:
            load()  # type: ignore[operator]
        assert caught.value.kind is DATA_MISSING
        assert any("EDGESDK_DATA" in each for each in caught.value.tries)


def test_a_split_cut_short() -> None:
    split = Split(np.zeros((5, 2)), np.arange(5), np.ones((4, 2)), np.arange(4)).first(3, 2)
    assert [len(part) for part in (split.train_x, split.train_y, split.test_x, split.test_y)] == [3, 3, 2, 2]
