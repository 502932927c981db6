# SPDX-License-Identifier: Apache-2.0
"""Training that goes on where it was interrupted, to the same result."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from edgesdk.files import write_file
from edgesdk.model.graph import Array
from edgesdk_converters.recipes.recipe import Job

STATE = "training.keras"
SECONDS = "cpu_seconds"


@dataclass(frozen=True)
class Schedule:
    """A learning rate that falls to 0 along a cosine.

    Args:
        batch: samples a step.
        rate: the first step's.
        optimizer: made of the learning rate.
        callbacks: for an epoch, by its number; they must not keep anything from one to the next.
    """

    epochs: int
    batch: int = 128
    rate: float = 2e-3
    optimizer: Callable[[Any], Any] = keras.optimizers.Adam
    callbacks: Callable[[int], Sequence[Any]] = lambda epoch: ()


def fit(job: Job, build: Callable[[], Any], x: Array, y: Array, schedule: Schedule) -> Any:
    """The trained model.

    After each epoch the whole state is in the job's folder. Order and random numbers of an epoch depend on the seed and
    its number alone, so an interrupted run ends as one without a break does.

    Args:
        build: a classifier with probabilities for outputs.
    """
    steps = -(-len(x) // schedule.batch)
    state = job.folder / STATE
    if state.exists():
        model = keras.saving.load_model(state)
    else:
        keras.utils.set_random_seed(job.seed)
        model = build()
        rate = keras.optimizers.schedules.CosineDecay(schedule.rate, steps * schedule.epochs)
        model.compile(schedule.optimizer(rate), "sparse_categorical_crossentropy")
    for epoch in range(int(model.optimizer.iterations) // steps, schedule.epochs):
        with cpu_time(job.folder):
            random = np.random.default_rng([job.seed, epoch])
            _reseed(model, random)
            order = random.permutation(len(x))
            given = {"callbacks": list(schedule.callbacks(epoch)), "initial_epoch": epoch, "epochs": epoch + 1}
            model.fit(x[order], y[order], schedule.batch, shuffle=False, verbose=0, **given)
        temporary = state.with_name(f"next-{STATE}")
        model.save(temporary)
        os.replace(temporary, state)
        job.progress(f"train {job.folder.name}", epoch + 1, schedule.epochs)
    return model


def _reseed(model: Any, random: np.random.Generator) -> None:
    """New random numbers for an epoch: those of layers, such as Dropout, are not part of a saved model."""
    keras.utils.set_random_seed(int(random.integers(1 << 31)))
    for layer in model._flatten_layers():
        for generator in layer._seed_generators:
            generator.state.assign(random.integers(1 << 31, size=generator.state.shape))


@contextmanager
def cpu_time(folder: Path) -> Iterator[None]:
    """Adds what happens inside to the folder's account of CPU seconds."""
    start = time.process_time()
    yield
    write_file(folder / SECONDS, str(spent(folder) + time.process_time() - start).encode())


def spent(folder: Path) -> float:
    """CPU seconds so far."""
    file = folder / SECONDS
    return float(file.read_text()) if file.exists() else 0.0
