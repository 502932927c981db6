# SPDX-License-Identifier: Apache-2.0
"""Fashion-MNIST (Xiao et al. 2017, arXiv 1708.07747; MIT): 60,000 and 10,000 grey images of 28x28, ten classes."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np

from edgesdk.errors import DATA_MISSING, EdgeError
from edgesdk.model.graph import Array
from edgesdk_converters.datasets.places import find_folder
from edgesdk_converters.datasets.split import Split

_FILES = tuple(f"{part}-{what}-ubyte.gz" for part in ("train", "t10k") for what in ("images-idx3", "labels-idx1"))


def fashion_mnist() -> Split:
    """Images [n, 28, 28, 1].

    Raises:
        EdgeError: DATA_MISSING.
    """
    folder = find_folder(
        "fashion-mnist",
        _FILES,
        [Path("/usr/share/datasets/fashion-mnist")],
        ("apt install dataset-fashion-mnist", "set EDGESDK_DATA to a folder with its four .gz files"),
    )
    parts = [_read(folder / name) for name in _FILES]
    images = [(x[..., None] / np.float32(255)).astype(np.float32) for x in parts[::2]]
    labels = [y.astype(np.int64) for y in parts[1::2]]
    return Split(images[0], labels[0], images[1], labels[1])


def _read(path: Path) -> Array:
    """An IDX file: two zeros, a type (8: uint8), the number of axes, their sizes, big-endian; then the elements."""
    try:
        data = gzip.decompress(path.read_bytes())
        axes = data[3]
        shape = np.frombuffer(data, ">u4", axes, 4)
        return np.frombuffer(data, np.uint8, offset=4 + 4 * axes).reshape(shape)
    except (OSError, EOFError, ValueError, IndexError) as error:
        raise EdgeError(DATA_MISSING, f"{path} is damaged", why=str(error)) from None
