# SPDX-License-Identifier: Apache-2.0
"""A data set in its two parts."""

from __future__ import annotations

from dataclasses import dataclass

from edgesdk.model.graph import Array


@dataclass(frozen=True)
class Split:
    """Images [n, height, width, channels], float32 in [0, 1], and labels [n], int64."""

    train_x: Array
    train_y: Array
    test_x: Array
    test_y: Array

    def first(self, train: int, test: int) -> Split:
        """The same with at most so many samples in each part."""
        return Split(self.train_x[:train], self.train_y[:train], self.test_x[:test], self.test_y[:test])
