# SPDX-License-Identifier: Apache-2.0
"""What layers with ordinal pooling share: weights by rank, how they start, and what keeps them shares of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from edgesdk.ops.sorting import sorting_network

FORMS = ("shares", "free")
STARTS = ("uniform", "decay", "max", "average")
_LEAST = 1e-7  # a row whose weights are all negative has no share to give


@keras.saving.register_keras_serializable("edgesdk")
class Shares(keras.constraints.Constraint):
    """Weights [channels, ranks] that are not negative and sum to one in every row: negative ones become 0, then rows
    are divided by their sums; a row of zeros becomes the average (Deliège et al. 2021, arXiv 2109.01561)."""

    def __call__(self, w: Any) -> Any:
        return shares(w)


def shares(w: Any) -> Any:
    """Rows of non-negative weights that sum to one."""
    positive = ops.maximum(w, 0.0)
    total = ops.sum(positive, axis=-1, keepdims=True)
    even = ops.ones_like(w) / w.shape[-1]
    return ops.where(total > _LEAST, positive / ops.maximum(total, _LEAST), even)


@keras.saving.register_keras_serializable("edgesdk")
class OrdinalStart(keras.initializers.Initializer):
    """Weights [channels, ranks] to start from.

    Args:
        start: "uniform": random shares (2021); "decay": 0.6, 0.25, 0.1, 0.05 for four ranks (Kumar 2018, arXiv
            1804.02702), and for others shares that fall by the same factor on average; "max"; "average".
        seed: of the random ones.
    """

    def __init__(self, start: str = "uniform", seed: int | None = None) -> None:
        if start not in STARTS:
            raise ValueError(f"start is {start!r}; choose one of {', '.join(STARTS)}")
        self.start = start
        self.seed = seed

    def __call__(self, shape: Sequence[int], dtype: Any = None, **_: Any) -> Any:
        ranks = shape[-1]
        if self.start == "uniform":
            return shares(keras.random.uniform(shape, dtype=dtype or "float32", seed=self.seed))
        if self.start == "decay":
            row = np.array([0.6, 0.25, 0.1, 0.05]) if ranks == 4 else (0.05 / 0.6) ** (np.arange(ranks) / 3)
        else:
            row = np.eye(ranks)[0] if self.start == "max" else np.ones(ranks)
        return ops.convert_to_tensor(np.broadcast_to(row / row.sum(), shape), dtype=dtype or "float32")

    def get_config(self) -> dict[str, Any]:
        return {"start": self.start, "seed": self.seed}


def ordinal_initializer(start: Any) -> keras.initializers.Initializer:
    """One of STARTS by name, or any Keras initializer."""
    return OrdinalStart(start) if start in STARTS else keras.initializers.get(start)


def check_form(form: str) -> str:
    """The form. Raises ValueError where there is none of that name."""
    if form not in FORMS:
        raise ValueError(f"form is {form!r}; choose one of {', '.join(FORMS)}")
    return form


def by_rank(values: Sequence[Any], weights: Any) -> Any:
    """Sum over ranks: the greatest of `values` times weights[..., 0], and so on down.

    Args:
        values: tensors of one shape [..., channels].
        weights: [channels, ranks].
    """
    places = list(values)
    for i, j in sorting_network(len(places)):
        places[i], places[j] = ops.maximum(places[i], places[j]), ops.minimum(places[i], places[j])
    return sum((place * weights[:, r] for r, place in enumerate(places[1:], 1)), places[0] * weights[:, 0])
