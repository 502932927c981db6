# SPDX-License-Identifier: Apache-2.0
"""A clip taken a few frames a call gives the clip's outputs bit for bit, on the host under sanitizers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from causal_networks import causal_network
from edgesdk.compile.simulation import compile_simulation
from edgesdk.errors import PLAN_STREAM, EdgeError
from edgesdk.model.plan import Options
from edgesdk.model.tflite.conv_2d import Conv2DOptions
from edgesdk.ops.reference import run_reference
from edgesdk.plan import plan_graph
from edgesdk.rewrite.pipeline import rewrite
from edgesdk.rewrite.stream import frames_of
from random_graphs import GraphBuilder, random_case
from support import PALETTE, random_plan

FRAMES = 16


@pytest.mark.parametrize(
    ("source", "output"), [("resident", "resident"), ("streamed", "resident"), ("streamed", "streamed")]
)
@pytest.mark.parametrize(("seed", "frames", "strides"), [(1, 1, (1,)), (2, 4, (1,)), (3, 4, (1, 2)), (4, 16, (2, 1))])
def test_calls_equal_the_clip(
    tmp_path: Path, seed: int, frames: int, strides: tuple[int, ...], source: str, output: str
) -> None:
    clip = rewrite(causal_network(Random(seed), FRAMES, 3, 5, 2, strides=strides), Options())
    graph = frames_of(clip, frames)
    assert graph.history
    plan = plan_graph(graph, PALETTE, "ram", Options(input=source, output=output, stream=frames))
    assert (len(plan.leaving) > 0) == (output == "streamed")
    simulation = compile_simulation(plan, tmp_path, sanitize=True)
    (case,) = random_case(clip, seed)
    want = run_reference(clip, (case,))
    calls = [(case[:, k : k + frames],) for k in range(0, FRAMES, frames)]
    for push in (False, True)[: 1 + (source == "streamed")]:
        got = simulation.calls(calls, push=push)
        for k, t in enumerate(clip.outputs):
            np.testing.assert_array_equal(np.concatenate([call[k] for call in got], axis=1), want[t])


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(random=st.randoms(use_true_random=False), stride=st.sampled_from([1, 2]), blocks=st.integers(1, 3))
def test_any_causal_network_in_calls_of_any_length(random: Random, stride: int, blocks: int) -> None:
    clip = rewrite(causal_network(random, 8, 3, 4, blocks, strides=(1, stride)), Options())
    (case,) = random_case(clip, 1)
    want = run_reference(clip, (case,))
    for frames in (1, 2, 4):
        if any(clip.tensors[t].rows_shape[0] * frames % 8 for node in clip.nodes for t in node.outputs):
            with pytest.raises(EdgeError) as caught:
                frames_of(clip, frames)
            assert caught.value.kind is PLAN_STREAM
            continue
        plan = random_plan(frames_of(clip, frames), Options(stream=frames), random)
        with TemporaryDirectory() as directory:
            simulation = compile_simulation(plan, Path(directory), sanitize=False)
            got = simulation.calls([(case[:, k : k + frames],) for k in range(0, 8, frames)])
        for k, t in enumerate(clip.outputs):
            np.testing.assert_array_equal(np.concatenate([call[k] for call in got], axis=1), want[t])


def test_what_is_not_causal_is_refused() -> None:
    b = GraphBuilder(Random(0))
    x = b.activation((1, 16, 2, 3))
    b.inputs.append(x)
    w = b.weights((3, 3, 1, 3), 0, 3)
    b.apply("CONV_2D", (x, w, -1), (None,), Conv2DOptions("SAME", 1, 1))
    graph = b.graph()
    with pytest.raises(EdgeError, match="not causal") as caught:
        frames_of(graph, 4)
    assert caught.value.kind is PLAN_STREAM
    with pytest.raises(EdgeError, match="cannot be cut"):
        frames_of(graph, 3)
    valid = replace(graph.nodes[0], options=Conv2DOptions("VALID", 1, 1))
    with pytest.raises(EdgeError, match="not causal"):
        frames_of(graph.with_nodes((valid,)), 4)
