# SPDX-License-Identifier: Apache-2.0
"""Arenas over two RAM regions of a board, from the plan to the emulator."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from benchmark_models import OUTPUT_CRCS, model_path
from edgesdk.boards import Board, load_board
from edgesdk.cli import main as cli
from edgesdk.errors import BUILD_OVERFLOW, PLAN_RAM, EdgeError
from edgesdk.measure.build import build
from edgesdk.measure.prepare import planned_ram, prepare
from edgesdk.measure.profile import profile
from edgesdk.measure.verify import Inputs, verify
from edgesdk.model.graph import Graph, Node
from edgesdk.model.plan import Options
from edgesdk.model.tflite.mul import MulOptions
from edgesdk.model.tflite.reducer import ReducerOptions
from edgesdk.model.tflite.resize_nearest_neighbor import ResizeNearestNeighborOptions
from edgesdk.model.tflite.writer import write_model
from edgesdk.resources import boards_dir
from graph_files import numbered
from single_node import tensor

ROOT = Path(__file__).parents[2]
RESERVE = 65_536
IMAGE = 96 * 96 * 3


def small_board(folder: Path, ram: int, psram: int = 1 << 24) -> Path:
    """mps2-an386 with so many bytes of RAM beside the reserve."""
    text = (boards_dir() / "mps2-an386.toml").read_text()
    text = text.replace("bytes = 0x400000\nkind = \"ram\"", f'bytes = {RESERVE + ram}\nkind = "ram"')
    text = text.replace("bytes = 0x1000000", f"bytes = {psram}")
    path = folder / "small.toml"
    path.write_text(text)
    return path
