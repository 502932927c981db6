# SPDX-License-Identifier: Apache-2.0
"""The examples do what their READMEs say, by the commands that they give."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np

from edgesdk.measure.inputs import default_case
from edgesdk.ops.reference import run_reference
from edgesdk.rewrite.load import load_model

ROOT = Path(__file__).parent.parent


def test_integrate(tmp_path: Path) -> None:
    for name in ("examples", "firmware", "tests/models"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).symlink_to(ROOT / name)
    text = (ROOT / "examples/integrate/README.md").read_text().replace("\\\n", "")
    commands = re.findall(r"^    ((?:edgesdk|cc|out/example).*)$", text, re.MULTILINE)
    assert len(commands) == 3
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for command in commands:
        done = subprocess.run(["sh", "-c", command], cwd=tmp_path, env=environment, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
    graph = load_model(ROOT / "tests/models/kws01.tflite")
    output = run_reference(graph, default_case(graph))[graph.outputs[0]].reshape(-1)
    best = int(np.argmax(output))
    tensor = graph.tensors[graph.outputs[0]]
    assert done.stdout.decode() == f"class {best}, {(int(output[best]) - tensor.zero_point) * tensor.scale:.3f}\n"
