# SPDX-License-Identifier: Apache-2.0
"""A recipe in small: trained, interrupted, resumed, quantized, run on an emulated board."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from jsonschema import Draft202012Validator
from keras import layers

from edgesdk.boards import load_board
from edgesdk.cli import main as cli
from edgesdk.errors import EdgeError
from edgesdk.report.json_output import json_text
from edgesdk.report.train import render_train
from edgesdk_converters import layers as own
from edgesdk_converters.datasets.split import Split
from edgesdk_converters.layers import ReinitializeDeadKeys
from edgesdk_converters.quantize import simplify
from edgesdk_converters.recipes import find_recipe, recipes
from edgesdk_converters.recipes.classification import classify, macs
from edgesdk_converters.recipes.memory import HEADS, random_labels, remembering
from edgesdk_converters.recipes.ordinal import POOLS, network
from edgesdk_converters.recipes.recipe import Arm, Job, Recipe
from edgesdk_converters.recipes.study import run_recipe
from edgesdk_converters.recipes.training import STATE, Schedule, fit
from edgesdk_converters.to_tflite import float_graph

SCHEMA = Path(__file__).parents[3] / "docs/schema/train.schema.json"
SCHEDULE = Schedule(epochs=4, batch=32, rate=1e-2)


def _data() -> Split:
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, 240)
    x = (rng.normal(size=(240, 8, 8, 1)) + np.array([-1, 0, 1])[y][:, None, None, None]).astype(np.float32)
    return Split(x[:200], y[:200], x[200:], y[200:])


def _network(pool: Any) -> Any:
    return keras.Sequential(
        [keras.Input((8, 8, 1)), layers.Conv2D(4, 3, activation="relu"), pool(), layers.Dropout(0.1),
         layers.Flatten(), layers.Dense(3, activation="softmax")]
    )  # fmt: skip


def _run(pool: Any, job: Job) -> Mapping[str, float]:
    return classify(job, partial(_network, pool), _data(), SCHEDULE)


ARMS = (
    Arm("levels", "maximum", partial(_run, lambda: layers.MaxPooling2D(2)), ("float_accuracy", 0.6)),
    Arm("levels", "two ranks", partial(_run, lambda: own.OrdinalPool2D(2)), ("float_accuracy", 1.01)),
)
RECIPE = Recipe("small", ARMS, seeds=2, prepare=lambda: None)


def _silent(phase: str, done: int, total: int) -> None:
    pass


@pytest.mark.emulator
def test_a_recipe_ends_with_models_that_boards_run(tmp_path: Path) -> None:
    board = load_board("mps2-an386")
    result = run_recipe(RECIPE, tmp_path, board, tiny=False, progress=_silent)
    Draft202012Validator(json.loads(SCHEMA.read_text())).validate(json.loads(json_text(result)))
    assert [arm.undertrained for arm in result.arms] == [False, True]
    for arm in result.arms:
        assert len(arm.figures["int8_accuracy"].values) == 2
        assert arm.figures["int8_accuracy"].mean >= arm.figures["float_accuracy"].mean - 0.03
        assert arm.board["mismatched_outputs"] == 0
        assert arm.board["tensors_compared"] > 0
        assert Path(arm.model).is_file()
    assert result.cpu_hours > 0
    assert json.loads((tmp_path / "result.json").read_text())["recipe"] == "small"
    assert "two ranks (under-trained)" in str(render_train(result))
    # Everything is there: nothing runs again.
    assert run_recipe(RECIPE, tmp_path, board, tiny=False, progress=_silent) == result
    with pytest.raises(EdgeError, match="another run"):
        run_recipe(RECIPE, tmp_path, board, tiny=True, progress=_silent)


def test_an_interrupted_training_ends_as_one_without_a_break(tmp_path: Path) -> None:
    def until(last: int, phase: str, done: int, total: int) -> None:
        if done == last:
            raise KeyboardInterrupt

    data, build = _data(), partial(_network, lambda: own.OrdinalPool2D(2))
    weights = []
    for name, breaks in (("whole", ()), ("broken", (1, 3))):
        folder = tmp_path / name
        folder.mkdir()
        for last in breaks:
            with pytest.raises(KeyboardInterrupt):
                fit(Job(folder, 7, False, partial(until, last)), build, data.train_x, data.train_y, SCHEDULE)
            assert (folder / STATE).exists()
        model = fit(Job(folder, 7, False, _silent), build, data.train_x, data.train_y, SCHEDULE)
        weights.append([keras.ops.convert_to_numpy(w) for w in model.weights])
    for a, b in zip(*weights, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("pool", POOLS)
def test_the_networks_of_the_ordinal_recipe_differ_in_their_pooling_alone(pool: str) -> None:
    made = network((12, 12, 1), (4, 6, 8), POOLS[pool])
    assert made.output_shape == (None, 10)
    names = [type(layer).__name__ for layer in made.layers]
    plain = [type(layer).__name__ for layer in network((12, 12, 1), (4, 6, 8), POOLS["maximum"]).layers]
    assert [a for a, b in zip(names, plain, strict=True) if b != "MaxPooling2D"] == [
        b for b in plain if b != "MaxPooling2D"
    ]
    assert set(recipes()) >= {"ordinal"}
    assert len(find_recipe("ordinal").arms) == 2 * len(POOLS)


def test_a_recipe_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["train", "nothing", "-o", str(tmp_path), "--json"]) == 2
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["id"] == "EDGE-TRAIN-001"
    assert "ordinal" in json.dumps(error)


def test_the_controls_of_the_memory_recipe_cost_what_they_say() -> None:
    costs = {}
    for name, build in HEADS.items():
        made = build()
        costs[name] = made.count_params(), macs(simplify(float_graph(made)))
    assert costs["equal MACs"][1] == pytest.approx(costs["memory"][1], rel=0.02)
    assert costs["equal flash"][0] == pytest.approx(costs["memory"][0], rel=0.02)
    assert costs["plain"][1] < costs["memory"][1] < 1.01 * costs["plain"][1]


def test_dead_keys_move_during_the_first_epochs_alone(tmp_path: Path) -> None:
    data = random_labels().first(400, 400)
    moved: list[tuple[int, int]] = []

    def callbacks(epoch: int) -> list[Any]:
        made = ReinitializeDeadKeys(until=1.0) if epoch < 2 else keras.callbacks.Callback()
        made.on_train_end = lambda logs=None: moved.append((epoch, sum(getattr(made, "moved", {}).values())))
        return [made]

    schedule = Schedule(3, batch=50, rate=1e-2, callbacks=callbacks)
    model = fit(Job(tmp_path, 0, False, _silent), partial(remembering, True), data.train_x, data.train_y, schedule)
    assert [epoch for epoch, _ in moved] == [0, 1, 2]
    assert moved[0][1] > 0
    assert moved[2][1] == 0
    assert model.output_shape == (None, 10)
