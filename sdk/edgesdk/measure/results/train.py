# SPDX-License-Identifier: Apache-2.0
"""What a training recipe found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A figure of an arm over its seeds: mean, sample standard deviation (None for one seed), and each value."""

    mean: float
    deviation: float | None
    values: tuple[float, ...]


@dataclass(frozen=True)
class ArmResult:
    """One of the networks that a recipe compares.

    Args:
        task: what it was trained for.
        figures: by name; shares lie between 0 and 1.
        board: of the first seed's network on the board: instructions, arena and flash (bytes), tensors_compared and
            mismatched_outputs.
        undertrained: whether it is below the floor that the recipe states, so that nothing may be concluded from it.
        model: the first seed's int8 file.
    """

    task: str
    name: str
    figures: Mapping[str, Figure]
    board: Mapping[str, int]
    undertrained: bool
    model: str


@dataclass(frozen=True)
class TrainResult:
    """A recipe's result.

    Args:
        tiny: whether one short seed of every arm was trained.
        cpu_hours: that training and quantizing took, interruptions included.
    """

    recipe: str
    tiny: bool
    seeds: int
    board: str
    folder: str
    cpu_hours: float
    arms: tuple[ArmResult, ...]
