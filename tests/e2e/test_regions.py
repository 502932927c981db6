# SPDX-License-Identifier: Apache-2.0
"""Arenas over two RAM regions of a board, from the plan to the emulator."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmark_models import OUTPUT_CRCS, model_path
from edgesdk.boards import Board, load_board
from edgesdk.cli import main as cli
from edgesdk.errors import PLAN_RAM, EdgeError
from edgesdk.measure.build import build
from edgesdk.measure.prepare import planned_ram, prepare
from edgesdk.measure.profile import profile
from edgesdk.measure.verify import Inputs, verify
from edgesdk.model.graph import Graph, Node
from edgesdk.model.plan import Options
from edgesdk.model.tflite.binary import BinaryOptions
from edgesdk.model.tflite.reduce import ReduceOptions
from edgesdk.model.tflite.resize import ResizeOptions
from edgesdk.model.tflite.writer import write_model
from edgesdk.resources import boards_dir
from single_node import tensor

TEXT = (boards_dir() / "mps2-an386.toml").read_text()
RESERVE = 65_536
