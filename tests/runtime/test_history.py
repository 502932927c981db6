# SPDX-License-Identifier: Apache-2.0
"""edge_reset in the middle of a stream: the outputs after it are those of a fresh context."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from random import Random

import pytest

from causal_networks import causal_network
from edgesdk.compile.simulation import compile_host_program
from edgesdk.emit import emit_model
from edgesdk.model.plan import Options
from edgesdk.plan import plan_graph
from edgesdk.rewrite.pipeline import rewrite
from edgesdk.rewrite.stream import frames_of
from random_graphs import random_case
from support import PALETTE

CALLS = 6  # as in history.c


@pytest.mark.parametrize(("source", "frames"), [("resident", 1), ("streamed", 2)])
def test_a_reset_starts_the_clip_anew(tmp_path: Path, source: str, frames: int) -> None:
    clip = rewrite(causal_network(Random(5), CALLS * frames, 3, 5, 2), Options())
    plan = plan_graph(frames_of(clip, frames), PALETTE, "ram", Options(input=source, stream=frames))
    for name, text in emit_model(plan, "history").items():
        (tmp_path / name).write_text(text)
    sources = [Path(__file__).with_name("history.c"), tmp_path / "model_history.c"]
    compile_host_program(sources, tmp_path / "history", sanitize=True)
    # The program frees nothing; it ends instead.
    settings = os.environ | {"ASAN_OPTIONS": "detect_leaks=0"}
    (case,) = random_case(clip, 8)
    done = subprocess.run([tmp_path / "history"], input=case.tobytes(), capture_output=True, check=False, env=settings)
    assert done.returncode == 0, done.stderr.decode()
