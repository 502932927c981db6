# SPDX-License-Identifier: Apache-2.0
"""The smallest board, 16 KiB of RAM and 256 KiB of flash: three of the benchmark models run there, their inputs
coming row by row."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from benchmark_models import OUTPUT_CRCS, large_model, model_path
from command import Ended, NoCompiler, edgesdk
from edgesdk.boards import load_board
from edgesdk.errors import PLAN_FLASH, EdgeError
from edgesdk.measure.prepare import planned_flash, planned_ram, prepare, prepare_all
from edgesdk.measure.profile import measure, profile
from edgesdk.measure.target import open_device
from edgesdk.measure.verify import Inputs, compare, verify
from edgesdk.model.plan import Options
from edgesdk.resources import boards_dir
from small_models import small_ds_cnn

BOARD = "microbit-v1"
RAM, FLASH = 16_384, 262_144


@pytest.fixture(scope="module")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "small.tflite"
    path.write_bytes(small_ds_cnn())
    return path


@pytest.mark.emulator
def test_a_small_network_fits(small_model: Path) -> None:
    board = load_board(BOARD)
    prepared = prepare(small_model, board, Options())
    result = profile(small_model, board, Options())
    ram, flash = result.ram, result.flash
    assert ram.stack is not None
    assert (ram.other, flash.other) == (0, 0)
    assert ram.arena == prepared.plan.peak
    # The plan's promises hold for the ELF: what it reserves covers what stack, application and code take.
    assert ram.stack <= board.reserve.stack_bytes
    assert ram.app + board.reserve.stack_bytes <= board.reserve.ram_bytes
    assert flash.code + flash.app <= board.reserve.flash_bytes
    assert ram.total <= ram.arena + ram.runtime + ram.app + board.reserve.stack_bytes
    assert ram.total <= planned_ram(prepared).total <= RAM
    assert flash.weights <= planned_flash(prepared).weights
    assert flash.total <= planned_flash(prepared).total <= FLASH
    assert result.latency.instructions is not None
    assert abs(sum(layer.instructions for layer in result.layers) - result.latency.instructions) <= (
        result.latency.instructions / 100
    )


@pytest.mark.emulator
def test_a_small_network_is_exact(small_model: Path) -> None:
    result = verify(small_model, load_board(BOARD), Options(), Inputs(count=9))
    assert result.clean
    assert result.tensors_compared == 9 * 12


@pytest.mark.emulator
@pytest.mark.parametrize("model", ["kws01", "ic01", "vww01"])
def test_benchmark_models_with_streamed_input(model: str, tmp_path: Path) -> None:
    """Measured on rows that the board makes itself, compared on rows that the host pushes. No input fits a frame."""
    prepared = prepare(model_path(model), load_board(BOARD), Options(input="streamed"))
    inputs = Inputs(count=3)
    with open_device(prepared, None) as target:
        result = measure(prepared, target, runs=1)
        compared = compare(prepared, target.device, inputs.cases(prepared.plan.graph), inputs)
    assert compared.clean
    assert compared.inputs == 3
    assert result.output_crc32 == OUTPUT_CRCS[model]
    assert result.input == compared.input == "streamed"
    assert result.warnings == ()
    ram, flash, board = result.ram, result.flash, prepared.board
    assert (ram.other, flash.other) == (0, 0)
    assert ram.arena == prepared.plan.peak
    assert ram.stack is not None
    assert ram.stack <= board.reserve.stack_bytes
    assert ram.runtime + ram.app + board.reserve.stack_bytes <= 2_100  # what is not the model's
    assert ram.total <= planned_ram(prepared).total <= RAM
    assert flash.total <= planned_flash(prepared).total <= FLASH
    assert result.latency.callback > 0


@pytest.mark.emulator
def test_three_models_in_one_firmware() -> None:
    """They share the arena; `profile` and `verify` find theirs by its CRCs, whatever ran before."""
    models = ("kws01", "ic01", "vww01")
    flashed = edgesdk("flash", *map(model_path, models), "--board", BOARD, "--input", "streamed", "--keep")
    assert flashed.code == 0
    at = ("--board", BOARD, "--input", "streamed", "--port", flashed.value["port"])
    try:
        arenas = []
        for model in models:
            profiled = edgesdk("profile", model_path(model), *at)
            assert profiled.value["output_crc32"] == OUTPUT_CRCS[model]
            assert any("holds 3 models" in warning for warning in profiled.value["warnings"])
            arenas.append(profiled.value["ram"]["arena"])
            assert edgesdk("verify", model_path(model), *at, "--random", "1").code == 0
        assert edgesdk("profile", model_path("ad01"), *at).error == "EDGE-PLAN-002"
    finally:
        os.kill(flashed.value["pid"], signal.SIGTERM)
    assert flashed.value["ram"]["arena"] == max(arenas)
    assert flashed.value["ram"]["total"] + load_board(BOARD).reserve.stack_bytes <= RAM
    assert flashed.value["flash"]["total"] <= FLASH
    assert flashed.value["flash"]["other"] == flashed.value["ram"]["other"] == 0


@pytest.mark.parametrize("models", [("kws01", "kws01"), ("kws01", "vww01", "ic01", "vww01")])
def test_two_models_of_one_name(models: tuple[str, ...]) -> None:
    ended = edgesdk("flash", *map(model_path, models), "--board", BOARD, "--input", "streamed")
    assert ended.error == "EDGE-USE-001"


def test_models_that_do_not_fit_together(tmp_path: Path) -> None:
    """Each alone fits the flash that the board file names, all of them do not."""
    text = (boards_dir() / f"{BOARD}.toml").read_text()
    board = tmp_path / "half.toml"
    board.write_text(text.replace("0x40000", "0x20000"))
    models = [model_path(model) for model in ("kws01", "ic01", "vww01")]
    for model in models:
        prepare(model, load_board(str(board)), Options(input="streamed"))
    with pytest.raises(EdgeError) as caught:
        prepare_all(models, load_board(str(board)), Options(input="streamed"))
    assert caught.value.kind is PLAN_FLASH
    assert "kws01.tflite and ic01.tflite and vww01.tflite need" in caught.value.what


def test_the_small_network_in_tensorflow_lite_micro(small_model: Path) -> None:
    """The writer's file is a model for others too."""
    pytest.importorskip("tflite_micro")
    assert verify(small_model, load_board("host"), Options(), Inputs(count=9), oracle="tflm").clean


def refused(verb: str, path: Path, directory: Path) -> Ended:
    compilers = NoCompiler(directory)
    ended = edgesdk(verb, path, "--board", BOARD, environment=compilers.environment)
    assert not compilers.started
    assert ended.code == 1
    return ended


def assert_says_why(ended: Ended, path: Path) -> None:
    prepared = prepare(path, load_board(BOARD), Options(), fit=False)
    error = ended.value["error"]
    if planned_ram(prepared).total > RAM:
        step = prepared.plan.calls[prepared.plan.peak_call].step
        op = prepared.plan.graph.nodes[prepared.plan.steps[step].node].op
        assert error["id"] == "EDGE-PLAN-001"
        assert f"needs {planned_ram(prepared).total:,} bytes of RAM, microbit-v1 has {RAM:,}" in error["what"]
        assert f"layer {step} ({op})" in error["where"]
        assert any("--input streamed" in text for text in error["try"])
    else:
        assert error["id"] == "EDGE-PLAN-002"
        assert f"needs {planned_flash(prepared).total:,} bytes of flash, the board has {FLASH:,}" in error["what"]


@pytest.mark.parametrize("verb", ["plan", "flash"])
@pytest.mark.parametrize("model", ["vww01", "ad01"])
def test_what_does_not_fit_is_refused(model: str, verb: str, tmp_path: Path) -> None:
    """A whole image, and weights that alone are more than the flash."""
    ended = refused(verb, model_path(model), tmp_path)
    assert ended.error == ("EDGE-PLAN-002" if model == "ad01" else "EDGE-PLAN-001")
    assert_says_why(ended, model_path(model))


@pytest.mark.parametrize("verb", ["plan", "flash"])
@pytest.mark.parametrize("model", ["mcunet_vww1", "mcunetv2_large"])
def test_large_models_are_refused(model: str, verb: str, tmp_path: Path) -> None:
    path = large_model(model)
    assert_says_why(refused(verb, path, tmp_path), path)


def test_less_ram_than_the_board_has(small_model: Path) -> None:
    """--ram is what the model may take: arena and runtime."""
    ram = planned_ram(prepare(small_model, load_board(BOARD), Options()))
    need = ram.arena + ram.runtime
    assert edgesdk("plan", small_model, "--board", BOARD, "--ram", str(need)).code == 0
    ended = edgesdk("plan", small_model, "--board", BOARD, "--ram", str(need - 1))
    assert ended.error == "EDGE-PLAN-001"
    assert f"--ram allows {need - 1:,}" in ended.value["error"]["what"]
