# SPDX-License-Identifier: Apache-2.0
"""edge_push_row: right and wrong times and arguments; edge_wanted names the rows in the schedule's order."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from edgesdk.compile.simulation import compile_host_program
from edgesdk.emit import emit_model
from edgesdk.model.graph import Graph
from edgesdk.model.plan import Options
from edgesdk.model.tflite.add import AddOptions
from edgesdk.model.tflite.pool_2d import Pool2DOptions
from edgesdk.plan import plan_graph
from movement_graphs import completed
from single_node import single_node_graph, tensor
from support import PALETTE

STREAMED = Options(input="streamed")


def sum_of_two() -> Graph:
    a, b = tensor((1, 5, 3, 2), scale=0.5), tensor((1, 5, 3, 2), scale=0.25, zero_point=7)
    return single_node_graph("ADD", [a, b], [tensor((1, 5, 3, 2), scale=0.5)], AddOptions())


def windows() -> Graph:
    return completed("MAX_POOL_2D", [tensor((1, 9, 5, 3))], Pool2DOptions("SAME", 2, 1, 3, 2))


@pytest.mark.parametrize("make", [sum_of_two, windows])
def test_rows_pushed_at_right_and_wrong_times(tmp_path: Path, make: Callable[[], Graph]) -> None:
    graph = make()
    plan = plan_graph(graph, PALETTE, "ram", STREAMED)
    for prefix, one in (("streamed", plan), ("resident", plan_graph(graph, PALETTE, "ram"))):
        for name, text in emit_model(one, prefix).items():
            (tmp_path / name).write_text(text)
    sources = [Path(__file__).with_name("push.c"), tmp_path / "model_streamed.c", tmp_path / "model_resident.c"]
    compile_host_program(sources, tmp_path / "push", sanitize=True)
    # The program frees nothing; it ends instead.
    settings = os.environ | {"ASAN_OPTIONS": "detect_leaks=0"}
    done = subprocess.run([tmp_path / "push"], capture_output=True, text=True, check=False, env=settings)
    assert done.returncode == 0, done.stderr
    order = [(call.input, call.row) for call in plan.calls if call.input is not None]
    assert [tuple(map(int, line.split())) for line in done.stdout.splitlines()] == order
    assert len(order) == sum(graph.tensors[t].rows_shape[0] for t in graph.inputs)
