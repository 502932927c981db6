# SPDX-License-Identifier: Apache-2.0
"""A plan that wants rows of a streamed input again takes them from a source, or pushed where they are wanted."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from edgesdk.compile.simulation import compile_host_program
from edgesdk.emit import emit_model
from edgesdk.model.plan import Options
from edgesdk.model.tflite.reader import read_model
from edgesdk.plan import plan_graph
from edgesdk.rewrite.strips import strips
from small_models import small_ds_cnn
from support import PALETTE


def test_rows_that_are_wanted_again(tmp_path: Path) -> None:
    path = tmp_path / "small.tflite"
    path.write_bytes(small_ds_cnn(channels=4, blocks=1))
    rewritten = strips(read_model(path), 0, 2, 3, repeated=True)
    assert rewritten is not None
    for name, text in emit_model(plan_graph(rewritten, PALETTE, "ram", Options(input="streamed")), "again").items():
        (tmp_path / name).write_text(text)
    sources = [Path(__file__).with_name("again.c"), tmp_path / "model_again.c"]
    compile_host_program(sources, tmp_path / "again", sanitize=True)
    # The program frees nothing; it ends instead.
    settings = os.environ | {"ASAN_OPTIONS": "detect_leaks=0"}
    done = subprocess.run([tmp_path / "again"], capture_output=True, text=True, check=False, env=settings)
    assert done.returncode == 0, done.stderr
