# SPDX-License-Identifier: Apache-2.0
"""A network over time through the whole tool: the clip's bits, at the clip's cost."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from causal_networks import causal_network
from edgesdk.boards import load_board
from edgesdk.measure.prepare import prepare
from edgesdk.measure.profile import profile
from edgesdk.measure.verify import Inputs, verify
from edgesdk.model.plan import Options
from edgesdk.model.tflite.writer import write_model

FRAMES = 64
MOST = 0.05  # instructions of a frame over the clip's share


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "causal.tflite"
    path.write_bytes(write_model(causal_network(Random(7), FRAMES, 16, 32, 3)))
    return path


@pytest.mark.emulator
@pytest.mark.parametrize("frames", [1, 4])
def test_a_call_costs_its_share_of_the_clip(clip: Path, frames: int) -> None:
    board = load_board("mps2-an386")
    whole = profile(clip, board, Options()).latency.instructions  # of 64 frames
    called = profile(clip, board, Options(stream=frames))
    assert called.stream == frames
    assert called.warnings == ()
    assert called.ram.arena == prepare(clip, board, Options(stream=frames)).plan.peak
    assert whole is not None
    assert called.latency.instructions is not None
    assert called.latency.instructions / frames <= (1 + MOST) * whole / FRAMES, (called.latency.instructions, whole)


@pytest.mark.parametrize("source", ["resident", "streamed"])
@pytest.mark.parametrize("frames", [1, 4])
def test_every_row_of_every_call(clip: Path, frames: int, source: str) -> None:
    options = Options(input=source, stream=frames)
    result = verify(clip, load_board("host"), options, Inputs(count=1))
    assert result.clean
    assert result.tensors_compared > FRAMES // frames


@pytest.mark.emulator
@pytest.mark.parametrize("frames", [1, 4])
def test_on_a_board(clip: Path, frames: int) -> None:
    assert verify(clip, load_board("mps2-an386"), Options(stream=frames), Inputs(count=1)).clean
