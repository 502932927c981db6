# SPDX-License-Identifier: Apache-2.0
"""Two models of one program, stepped in turns, give what each gives alone."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from random import Random

import pytest

from edgesdk.compile.simulation import compile_host_program
from edgesdk.emit import emit_model
from edgesdk.model.plan import Options
from edgesdk.plan import plan_graph
from edgesdk.rewrite.pipeline import rewrite
from random_graphs import random_case, random_graph
from support import PALETTE


@pytest.mark.parametrize(
    ("seed", "feed"), [*((seed, "resident") for seed in range(4)), (4, "streamed"), (5, "streamed")]
)
def test_two_models_interleaved(tmp_path: Path, seed: int, feed: str) -> None:
    options = Options(input=feed)
    graphs = [rewrite(random_graph(Random(seed * 2 + i), operators=5), options) for i in range(2)]
    for prefix, graph in zip(("first", "second"), graphs, strict=True):
        for name, text in emit_model(plan_graph(graph, PALETTE, "ram", options), prefix).items():
            (tmp_path / name).write_text(text)
    sources = [Path(__file__).with_name("interleave.c"), tmp_path / "model_first.c", tmp_path / "model_second.c"]
    compile_host_program(sources, tmp_path / "interleave", sanitize=True)
    inputs = b"".join(random_case(g, seed)[0].tobytes() for g in graphs)
    # The program frees nothing; it ends instead.
    settings = os.environ | {"ASAN_OPTIONS": "detect_leaks=0"}
    done = subprocess.run([tmp_path / "interleave"], input=inputs, capture_output=True, check=False, env=settings)
    assert done.returncode == 0, done.stderr.decode()
    assert int(done.stdout) >= len(graphs[0].nodes)
