# SPDX-License-Identifier: Apache-2.0
"""CIFAR-10 (Krizhevsky 2009): 50,000 and 10,000 colour images of 32x32, ten classes, recompressed as JPEGs.

The file cifar10_jpeg.npz holds all JPEGs in `blob`, the n-th from off[n] to off[n + 1], labels in `y`, and in `test`
which are for testing. Accuracies on it are not those on the original images.
"""

from __future__ import annotations

import numpy as np

from edgesdk.model.graph import Array
from edgesdk_converters.datasets.places import find_folder
from edgesdk_converters.datasets.split import Split

FILE = "cifar10_jpeg.npz"


def cifar10() -> Split:
    """Images [n, 32, 32, 3], in an order that mixes the classes: the file has one after the other.

    Raises:
        EdgeError: DATA_MISSING.
    """
    folder = find_folder("cifar10", [FILE], [], (f"set EDGESDK_DATA to the folder of {FILE}",))
    with np.load(folder / FILE) as file:
        blob, bounds, labels, test = (file[name] for name in ("blob", "off", "y", "test"))
    images, order = _decoded(blob, bounds), np.random.default_rng(0).permutation(len(labels))
    train, tested = order[~test[order].astype(bool)], order[test[order].astype(bool)]
    labels = labels.astype(np.int64)
    return Split(images[train], labels[train], images[tested], labels[tested])


def _decoded(blob: Array, bounds: Array) -> Array:
    import tensorflow as tf  # its JPEG decoder: the extra `keras` brings no other

    data = blob.tobytes()
    pairs = zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
    images = [tf.io.decode_jpeg(data[a:b], channels=3).numpy() for a, b in pairs]
    return np.stack(images).astype(np.float32) / np.float32(255)
