# SPDX-License-Identifier: Apache-2.0
"""Arenas over two RAM regions of a board, from the plan to the emulator."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from benchmark_models import OUTPUT_CRCS, model_path
from edgesdk.boards import load_board
from edgesdk.cli import main as cli
from edgesdk.errors import PLAN_RAM, EdgeError
from edgesdk.measure.build import build
from edgesdk.measure.prepare import planned_ram, prepare
from edgesdk.measure.profile import profile
from edgesdk.measure.verify import Inputs, verify
from edgesdk.model.graph import DType, Graph, Node
from edgesdk.model.plan import Options
from edgesdk.model.tflite.conv_2d import Conv2DOptions
from edgesdk.model.tflite.mul import MulOptions
from edgesdk.model.tflite.reducer import ReducerOptions
from edgesdk.model.tflite.resize_nearest_neighbor import ResizeNearestNeighborOptions
from edgesdk.model.tflite.writer import write_model
from edgesdk.resources import boards_dir
from single_node import tensor

ROOT = Path(__file__).parents[2]
RESERVE = 65_536
IMAGE = 96 * 96 * 3


def small_board(folder: Path, ram: int, psram: int = 1 << 24) -> Path:
    """mps2-an386 with so many bytes of RAM beside the reserve."""
    text = (boards_dir() / "mps2-an386.toml").read_text()
    text = text.replace('bytes = 0x400000\nkind = "ram"', f'bytes = {RESERVE + ram}\nkind = "ram"')
    text = text.replace("bytes = 0x1000000", f"bytes = {psram}")
    path = folder / "small.toml"
    path.write_text(text)
    return path


def wide_model() -> bytes:
    """4,460,544 bytes that must all be there: each is multiplied by its channel's mean, and too dear to make twice."""
    size, channels = 264, 64
    small, thin, large, means = (1, 2, 2, 1), (1, size, size, 1), (1, size, size, channels), (1, 1, 1, channels)
    weights = np.arange(channels).reshape(channels, 1, 1, 1) - channels // 2
    found = [
        tensor(small, scale=0.5, zero_point=3, name="image"),
        tensor((2,), scale=None, dtype=DType.INT32, data=np.array([size, size]), name="size"),
        tensor(thin, scale=0.5, zero_point=3, name="enlarged"),
        tensor((channels, 1, 1, 1), scale=0.03, data=weights, name="weights"),
        tensor((channels,), scale=0.5 * 0.03, dtype=DType.INT32, data=np.arange(channels), name="bias"),
        tensor(large, scale=0.5, zero_point=1, name="products"),
        tensor((2,), scale=None, dtype=DType.INT32, data=np.array([1, 2]), name="axes"),
        tensor(means, scale=0.5, zero_point=-1, name="means"),
        tensor(large, scale=0.7, zero_point=5, name="weighted"),
        tensor(means, scale=0.25, zero_point=2, name="sums"),
    ]
    nodes = (
        Node("RESIZE_NEAREST_NEIGHBOR", (0, 1), (2,), ResizeNearestNeighborOptions(False, False), (0,)),
        Node("CONV_2D", (2, 3, 4), (5,), Conv2DOptions("SAME", 1, 1), (1,)),
        Node("MEAN", (5, 6), (7,), ReducerOptions(keep_dims=True), (2,)),
        Node("MUL", (5, 7), (8,), MulOptions(), (3,)),
        Node("MEAN", (8, 6), (9,), ReducerOptions(keep_dims=True), (4,)),
    )
    return write_model(Graph("wide", 0, {i: replace(t, index=i) for i, t in enumerate(found)}, nodes, (0,), (9,)))


@pytest.mark.emulator
def test_an_arena_that_spills(tmp_path: Path) -> None:
    """Room for all of vww01's arena but the image: profile's accounts and outputs, plan and ELF agree by region."""
    path = model_path("vww01")
    board = load_board(str(small_board(tmp_path, 27_000)))
    plan = prepare(path, board, Options()).plan
    assert plan.regions["PSRAM"] == IMAGE
    assert {b.region for t in plan.graph.inputs for b in plan.maps[t].places} == {"PSRAM"}
    result = profile(path, board, Options())
    ram = result.ram
    assert result.output_crc32 == OUTPUT_CRCS["vww01"]
    assert (ram.arenas, ram.arena, ram.other) == (dict(plan.regions), plan.peak, 0)
    assert ram.regions["PSRAM"].used == IMAGE
    assert ram.total == ram.arena + ram.runtime + ram.app + (ram.stack or 0)
    assert ram.watermark is not None
    assert ram.watermark <= ram.arena
    assert result.layers[0].ram_live <= ram.arena


@pytest.mark.emulator
def test_every_row_of_a_spilled_arena_is_exact(tmp_path: Path) -> None:
    board = load_board(str(small_board(tmp_path, 6_000)))
    assert verify(model_path("vww01"), board, Options(), Inputs(count=3)).clean


@pytest.mark.emulator
def test_a_model_beyond_the_ram_runs(tmp_path: Path) -> None:
    path = tmp_path / "wide.tflite"
    path.write_bytes(wide_model())
    board = load_board("mps2-an386")
    plan = prepare(path, board, Options()).plan
    assert plan.regions["PSRAM"] >= 264 * 264 * 64 > board.ram_bytes("RAM")
    assert {step.state.region for step in plan.steps if step.state} == {"RAM"}
    assert verify(path, board, Options(), Inputs(count=1)).clean


def test_the_context_counts_in_the_stack_s_region(tmp_path: Path) -> None:
    """Every room from the arena's own size down: arena, context and reserve never exceed the region."""
    path = model_path("kws01")
    for room in (3_952, 4_048, 4_108):
        board = load_board(str(small_board(tmp_path, room)))
        prepared = prepare(path, board, Options())
        use = planned_ram(prepared).regions
        assert use["RAM"].used <= use["RAM"].limit
        assert set(prepared.plan.regions) == ({"RAM"} if prepared.plan.peak == 3_952 else {"RAM", "PSRAM"})


def test_the_linker_agrees_with_a_full_region(tmp_path: Path) -> None:
    path, out = model_path("kws01"), tmp_path / "out"
    board = load_board(str(small_board(tmp_path, 2_000)))
    plan = prepare(path, board, Options()).plan
    result = build([path], board, Options(), out)
    assert result.ram.arenas == dict(plan.regions)
    assert len(plan.regions) == 2


def test_a_plan_that_fits_no_region(tmp_path: Path) -> None:
    board = load_board(str(small_board(tmp_path, 6_000, psram=20_000)))
    with pytest.raises(EdgeError) as caught:
        prepare(model_path("vww01"), board, Options())
    assert caught.value.kind is PLAN_RAM
    assert f"bytes of PSRAM, {board.id} has 20,000" in caught.value.what
    assert " in RAM" in caught.value.why


def test_two_regions_in_what_plan_prints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    board, svg = small_board(tmp_path, 12_000), tmp_path / "plan.svg"
    arguments = ["plan", str(model_path("vww01")), "--board", str(board)]
    assert cli.run([*arguments, "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    schema = json.loads((ROOT / "docs/schema/plan.schema.json").read_text())
    Draft202012Validator(schema).validate(value)
    assert sum(value["arenas"].values()) == value["ram"]["arena"]
    assert list(value["arenas"]) == ["RAM", "PSRAM"]
    for m in value["maps"]:
        assert len({p["region"] for p in m["places"]}) <= 1
        assert all(p["offset"] + p["bytes"] <= value["arenas"][p["region"]] for p in m["places"])
    assert cli.run([*arguments, "--explain", "--svg", str(svg)]) == 0
    text = capsys.readouterr().out
    arenas = value["arenas"]
    assert f"{arenas['RAM']:,} bytes in RAM, {arenas['PSRAM']:,} bytes in PSRAM" in text
    assert "region RAM:" in text
    assert "region PSRAM:" in text
    assert "live in all regions" in text
    assert "every region must hold its own worst call" in text
    picture = svg.read_text()
    assert "region RAM<" in picture
    assert "region PSRAM<" in picture
