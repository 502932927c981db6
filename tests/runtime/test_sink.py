# SPDX-License-Identifier: Apache-2.0
"""edge_set_sink: rows of streamed outputs leave once, in order, with the bits of the resident output; bad use."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from edgesdk.compile.simulation import compile_host_program
from edgesdk.emit import emit_model
from edgesdk.emit.model import context_size
from edgesdk.model.graph import Graph
from edgesdk.model.plan import Options
from edgesdk.model.tflite.concatenation import ConcatenationOptions
from edgesdk.model.tflite.conv_2d import Conv2DOptions
from edgesdk.model.tflite.resize_nearest_neighbor import ResizeNearestNeighborOptions
from edgesdk.plan import plan_graph
from random_graphs import GraphBuilder
from support import PALETTE

WAYS = ("resident", "streamed")


def _conv(b: GraphBuilder, x: int, channels: int) -> int:
    w = b.weights((channels, 3, 3, b.tensors[x].shape[-1]), 0, channels)
    (y,) = b.apply("CONV_2D", (x, w, -1), (b.tensors[0].quantization,), Conv2DOptions("SAME", 1, 1, 1, 1))
    return y


def _started(frames: int = 1) -> GraphBuilder:
    b = GraphBuilder(Random(4))
    b.inputs.append(b.activation((frames, 6, 5, 2)))
    return b


def upscaled() -> Graph:
    b = _started()
    x = _conv(b, 0, 3)
    b.apply(
        "RESIZE_NEAREST_NEIGHBOR",
        (x, b.int32([12, 10])),
        (b.tensors[0].quantization,),
        ResizeNearestNeighborOptions(),
    )
    return b.graph()


def joined() -> Graph:
    """A concatenation would be two views were it not for the rows that leave."""
    b = _started()
    parts = [_conv(b, 0, 3), _conv(b, 0, 2)]
    b.apply("CONCATENATION", parts, (b.tensors[0].quantization,), ConcatenationOptions(3))
    return b.graph()


def two_frames_and_two_outputs() -> Graph:
    """The first output is an input of the second's operator too."""
    b = _started(frames=2)
    x = _conv(b, 0, 2)
    y = _conv(b, x, 3)
    graph = b.graph()
    return graph.with_nodes(graph.nodes, inputs=graph.inputs, outputs=(y, x))


@pytest.mark.parametrize("make", [upscaled, joined, two_frames_and_two_outputs])
def test_rows_leave_in_order(tmp_path: Path, make: Callable[[], Graph]) -> None:
    graph = make()
    plans = {output: plan_graph(graph, PALETTE, "ram", Options(input="streamed", output=output)) for output in WAYS}
    assert plans["streamed"].leaving == set(graph.outputs)
    assert plans["streamed"].peak < plans["resident"].peak
    ports, rows = context_size(replace(plans["streamed"], leaving=frozenset()))
    assert context_size(plans["streamed"]) == (ports, rows + 2)  # which models without streamed outputs do not have
    for prefix, plan in plans.items():
        for name, text in emit_model(plan, prefix).items():
            (tmp_path / name).write_text(text)
    sources = [Path(__file__).with_name("sink.c"), *(tmp_path / f"model_{prefix}.c" for prefix in plans)]
    compile_host_program(sources, tmp_path / "sink", sanitize=True)
    # The program frees nothing; it ends instead.
    settings = os.environ | {"ASAN_OPTIONS": "detect_leaks=0"}
    done = subprocess.run([tmp_path / "sink"], capture_output=True, text=True, check=False, env=settings)
    assert done.returncode == 0, done.stderr
    left = [tuple(map(int, line.split())) for line in done.stdout.splitlines()]
    for k, t in enumerate(graph.outputs):
        assert [row for output, row in left if output == k] == list(range(graph.tensors[t].rows_shape[0]))
