# SPDX-License-Identifier: Apache-2.0
"""Runs a recipe: every arm with every seed, then the first seed's networks on a board."""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping
from pathlib import Path

import tensorflow as tf

from edgesdk.boards import Board
from edgesdk.errors import RECIPE_FOLDER, EdgeError
from edgesdk.files import write_file
from edgesdk.measure.profile import profile
from edgesdk.measure.results import ArmResult, Figure, TrainResult
from edgesdk.measure.target import check_startable
from edgesdk.measure.verify import Inputs, verify
from edgesdk.model.plan import Options
from edgesdk.report.json_output import json_text
from edgesdk.text import printable
from edgesdk_converters.quantize.calibrate import Progress
from edgesdk_converters.recipes.recipe import INPUTS, MODEL, Arm, Job, Recipe
from edgesdk_converters.recipes.training import spent

FIGURES = "figures.json"
BOARD = "board.json"
SETTINGS = "recipe.json"
RESULT = "result.json"


def run_recipe(recipe: Recipe, folder: Path, board: Board, *, tiny: bool, progress: Progress) -> TrainResult:
    """The result, which is also in the folder's result.json; what the folder already has is not done again.

    Raises:
        EdgeError: RECIPE_FOLDER where the folder is another run's; BOARD_NO_EMULATOR; those of the data and the files.
    """
    check_startable(board)
    recipe.prepare()
    tf.config.experimental.enable_op_determinism()
    _claim(folder, {"recipe": recipe.name, "tiny": tiny, "board": board.id})
    seeds = 1 if tiny else recipe.seeds
    for seed in range(seeds):  # so that an early end has all arms alike
        for arm in recipe.arms:
            _train(arm, Job(_place(folder, arm, seed), seed, tiny, progress))
    arms = []
    for k, arm in enumerate(recipe.arms):
        arms.append(_summary(arm, [_place(folder, arm, seed) for seed in range(seeds)], board))
        progress(f"run on {board.id}", k + 1, len(recipe.arms))
    result = TrainResult(
        recipe=recipe.name,
        tiny=tiny,
        seeds=seeds,
        board=board.id,
        folder=str(folder),
        cpu_hours=round(sum(spent(_place(folder, a, s)) for a in recipe.arms for s in range(seeds)) / 3600, 3),
        arms=tuple(arms),
    )
    write_file(folder / RESULT, json_text(result).encode())
    return result


def _claim(folder: Path, settings: Mapping[str, object]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / SETTINGS
    if not file.exists():
        write_file(file, json.dumps(settings).encode())
    elif (found := json.loads(file.read_text())) != settings:
        raise EdgeError(
            RECIPE_FOLDER,
            f"{printable(str(folder))} holds another run",
            why=f"it has {found}, and this is {dict(settings)}",
            tries=("choose another folder", "remove the folder"),
        )


def _place(folder: Path, arm: Arm, seed: int) -> Path:
    return folder / f"{arm.id}-{seed}"


def _train(arm: Arm, job: Job) -> None:
    if (job.folder / FIGURES).exists():
        return
    job.folder.mkdir(exist_ok=True)
    figures = arm.run(job)
    write_file(job.folder / FIGURES, json.dumps(dict(figures)).encode())


def _summary(arm: Arm, places: list[Path], board: Board) -> ArmResult:
    values = [json.loads((place / FIGURES).read_text()) for place in places]
    figures = {name: _figure(tuple(float(v[name]) for v in values)) for name in values[0]}
    name, least = arm.floor
    return ArmResult(
        task=arm.task,
        name=arm.name,
        figures=figures,
        board=_on_board(places[0], board),
        undertrained=figures[name].mean < least,
        model=str(places[0] / MODEL),
    )


def _figure(values: tuple[float, ...]) -> Figure:
    deviation = statistics.stdev(values) if len(values) > 1 else None
    return Figure(statistics.fmean(values), deviation, values)


def _on_board(place: Path, board: Board) -> dict[str, int]:
    file = place / BOARD
    if not file.exists():
        measured = profile(place / MODEL, board, Options())
        checked = verify(place / MODEL, board, Options(), Inputs(data=place / INPUTS))
        found = {
            "instructions": measured.latency.instructions,
            "arena": measured.ram.arena,
            "flash": measured.flash.code + measured.flash.weights,
            "tensors_compared": checked.tensors_compared,
            "mismatched_outputs": checked.mismatched_outputs,
        }
        write_file(file, json.dumps(found).encode())
    return {str(name): int(value) for name, value in json.loads(file.read_text()).items()}
