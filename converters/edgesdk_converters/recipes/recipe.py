# SPDX-License-Identifier: Apache-2.0
"""What a recipe is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from edgesdk_converters.quantize.calibrate import Progress


@dataclass(frozen=True)
class Job:
    """One training of one arm.

    Args:
        folder: the job's own; a job that was interrupted finds there what it left.
    """

    folder: Path
    seed: int
    tiny: bool
    progress: Progress


@dataclass(frozen=True)
class Arm:
    """One of the networks that a recipe compares.

    Args:
        task: what it is trained for; arms of one task are compared.
        run: trains and quantizes; writes MODEL and, for the board, INPUTS into the job's folder, and returns figures.
        floor: name of a figure and the least value that it has where the arm was trained enough.
    """

    task: str
    name: str
    run: Callable[[Job], Mapping[str, float]]
    floor: tuple[str, float]

    @property
    def id(self) -> str:
        """For folders."""
        return re.sub(r"[^a-z0-9]+", "-", f"{self.task}-{self.name}".lower())


@dataclass(frozen=True)
class Recipe:
    """Arms, and the seeds that each is trained with.

    Args:
        prepare: finds all data, so that what is missing shows before hours of training.
    """

    name: str
    arms: Sequence[Arm]
    seeds: int
    prepare: Callable[[], object]


MODEL = "model.tflite"
INPUTS = "inputs.npz"
