# SPDX-License-Identifier: Apache-2.0
"""Streamed input through the whole tool: the same outputs as with a resident one, on whole and on damaged lines."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from benchmark_models import OUTPUT_CRCS, model_path
from edgesdk.boards import load_board
from edgesdk.cli import main as cli
from edgesdk.flash.emulator import Emulator
from edgesdk.link.client import Device
from edgesdk.link.transport import open_port
from edgesdk.measure.build import build_prepared, emit_sources
from edgesdk.measure.prepare import prepare
from edgesdk.measure.profile import measure
from edgesdk.measure.target import open_device, select
from edgesdk.measure.verify import Inputs, compare
from edgesdk.model.plan import Options
from link_device import HURRIED, LossyLine
from small_models import small_ds_cnn

ROOT = Path(__file__).parents[2]
STREAMED = Options(input="streamed")


@pytest.mark.parametrize(
    ("board", "model"),
    [
        *(("host", model) for model in ("kws01", "ic01", "vww01")),
        pytest.param("mps2-an386", "kws01", marks=pytest.mark.emulator),
        pytest.param("mps2-an386", "vww01", marks=pytest.mark.emulator),
        pytest.param("riscv-virt", "ic01", marks=pytest.mark.emulator),
    ],
)
def test_profile_and_verify(board: str, model: str) -> None:
    prepared = prepare(model_path(model), load_board(board), STREAMED)
    inputs = Inputs(count=3)
    with open_device(prepared, None) as target:
        compared = compare(prepared, target.device, inputs.cases(prepared.plan.graph), inputs)
        result = measure(prepared, target, runs=1)
    assert compared.clean
    assert result.output_crc32 == OUTPUT_CRCS[model]
    assert result.warnings == ()
    assert result.ram.arena == prepared.plan.peak
    if board == "host":  # its counter is the clock of this machine
        assert result.latency.callback == 0
        return
    whole = result.latency.instructions
    assert whole is not None
    assert abs(sum(layer.instructions or 0 for layer in result.layers) - whole) <= whole / 100
    tensor = prepared.plan.graph.tensors[prepared.plan.graph.inputs[0]]
    rows = prepared.plan.maps[tensor.index].rows
    most = 20 * tensor.elements + 400 * rows  # a few instructions for a byte
    assert tensor.elements < result.latency.callback < most


@pytest.mark.emulator
@pytest.mark.parametrize("board", ["mps2-an386", "microbit-v1"])
def test_a_damaged_line(board: str, tmp_path: Path) -> None:
    """Frames are lost, cut, repeated and changed in the middle of rows; the emulator's time goes on meanwhile."""
    path = tmp_path / "small.tflite"
    path.write_bytes(small_ds_cnn())
    prepared = prepare(path, load_board(board), STREAMED)
    firmware = build_prepared(prepared.board, emit_sources(prepared), tmp_path / "firmware")
    inputs = Inputs(count=2)
    with ExitStack() as stack:
        emulator = stack.enter_context(Emulator(firmware))
        line = LossyLine(open_port(emulator.url), seed=1, rate=0.1)
        device = stack.enter_context(Device.connect(line, HURRIED))
        select(device, prepared)
        compared = compare(prepared, device, inputs.cases(prepared.plan.graph), inputs)
    assert compared.clean
    assert line.damaged > 20


@pytest.mark.emulator
@pytest.mark.parametrize("verb", ["plan", "build", "flash", "profile", "verify"])
def test_the_commands(verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    extra = {"build": ["-o", str(tmp_path)], "verify": ["--random", "2"]}.get(verb, [])
    arguments = [verb, str(model_path("kws01")), "--board", "mps2-an386", "--input", "streamed", *extra, "--json"]
    assert cli.run(arguments) == 0
    value = json.loads(capsys.readouterr().out)
    Draft202012Validator(json.loads((ROOT / f"docs/schema/{verb}.schema.json").read_text())).validate(value)
    assert value["input"] == "streamed"
