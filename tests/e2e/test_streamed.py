# SPDX-License-Identifier: Apache-2.0
"""Streamed input and output through the whole tool: the same outputs as with resident ones, on whole and on damaged
lines."""

from __future__ import annotations

import json
import zlib
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from benchmark_models import OUTPUT_CRCS, model_path
from edgesdk.boards import load_board
from edgesdk.cli import main as cli
from edgesdk.emit.sizes import context_bytes
from edgesdk.flash.emulator import Emulator
from edgesdk.link.client import Device
from edgesdk.link.transport import open_port
from edgesdk.measure.build import build_prepared, emit_sources
from edgesdk.measure.inputs import default_case
from edgesdk.measure.prepare import prepare
from edgesdk.measure.profile import measure
from edgesdk.measure.target import open_device, select
from edgesdk.measure.verify import Inputs, compare
from edgesdk.model.plan import Options
from edgesdk.ops.reference import run_reference
from link_device import HURRIED, LossyLine
from small_models import small_decoder, small_ds_cnn, small_mobile

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


@pytest.mark.parametrize(
    ("board", "source"),
    [
        ("host", "resident"),
        pytest.param("mps2-an386", "resident", marks=pytest.mark.emulator),
        pytest.param("microbit-v1", "streamed", marks=pytest.mark.emulator),
    ],
)
def test_an_output_larger_than_the_ram(board: str, source: str, tmp_path: Path) -> None:
    """The micro:bit makes 19,200 bytes in 16,384; elsewhere the arena is smaller than the output."""
    path = tmp_path / "decoder.tflite"
    path.write_bytes(small_decoder())
    prepared = prepare(path, load_board(board), Options(input=source, output="streamed"))
    plan, inputs = prepared.plan, Inputs(count=1)
    with open_device(prepared, None) as target:
        compared = compare(prepared, target.device, inputs.cases(plan.graph), inputs)
        result = measure(prepared, target, runs=1)
    assert compared.clean
    assert compared.tensors_compared == 3
    want = run_reference(prepared.source, default_case(prepared.source))
    assert result.output_crc32 == f"{zlib.crc32(want[prepared.source.outputs[0]].tobytes()):08x}"
    assert result.warnings == ()
    assert result.ram.arena == plan.peak < 5_000 < want[prepared.source.outputs[0]].nbytes == 19_200
    if board != "host":  # its pointers are longer, its counter is a clock
        assert result.ram.runtime == context_bytes(plan) <= 256
        assert result.ram.other == result.flash.other == 0
        assert result.latency.callback > 0  # what takes the rows is not the model's


@pytest.mark.parametrize("board", ["host", pytest.param("mps2-an386", marks=pytest.mark.emulator)])
def test_strips_over_a_streamed_input(board: str, tmp_path: Path) -> None:
    """The device asks its own source, or the host over the line, for the rows of the input again."""
    path = tmp_path / "mobile.tflite"
    path.write_bytes(small_mobile())
    prepared = prepare(path, load_board(board), replace(STREAMED, max_recompute=1.5))
    assert prepared.plan.graph.again
    assert prepared.plan.peak < prepare(path, load_board(board), STREAMED).plan.peak * 0.9
    inputs = Inputs(count=3)
    with open_device(prepared, None) as target:
        compared = compare(prepared, target.device, inputs.cases(prepared.plan.graph), inputs)
        result = measure(prepared, target, runs=1)
    assert compared.clean
    want = run_reference(prepared.source, default_case(prepared.source))
    assert result.output_crc32 == f"{zlib.crc32(b''.join(want[t].tobytes() for t in prepared.source.outputs)):08x}"


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
    streamed = ["--input", "streamed", "--output", "streamed"]
    arguments = [verb, str(model_path("kws01")), "--board", "mps2-an386", *streamed, *extra, "--json"]
    assert cli.run(arguments) == 0
    value = json.loads(capsys.readouterr().out)
    Draft202012Validator(json.loads((ROOT / f"docs/schema/{verb}.schema.json").read_text())).validate(value)
    assert (value["input"], value["output"]) == ("streamed", "streamed")
