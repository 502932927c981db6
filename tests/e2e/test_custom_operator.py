# SPDX-License-Identifier: Apache-2.0
"""docs/custom-operators.md: the example package is installed, converted with, built, run and verified as it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/custom_operator"
MAKE = """
import keras, numpy as np
from edge_threshold.converter import Threshold
keras.utils.set_random_seed(0)
image = keras.Input((10, 8, 3))
x = Threshold(0.3)(keras.layers.Conv2D(6, 3, activation="relu")(image))
keras.Model(image, keras.layers.Dense(4)(keras.layers.Flatten()(Threshold(0.5)(x)))).save("net.keras")
np.savez("data.npz", np.random.default_rng(0).normal(size=(20, 10, 8, 3)).astype(np.float32))
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """With the example installed beside edgesdk."""
    site = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--target", str(site), str(EXAMPLE)], check=True)
    return {**os.environ, "PYTHONPATH": str(site), "TF_CPP_MIN_LOG_LEVEL": "3"}


def _edgesdk(environment: dict[str, str], folder: Path, *arguments: str, code: int = 0) -> dict:
    command = [sys.executable, "-c", "from edgesdk.cli.main import main; main()", *arguments, "--json"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


@pytest.mark.emulator
def test_the_example_from_keras_to_a_board(environment: dict[str, str], tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", MAKE], cwd=tmp_path, env=environment, check=True, capture_output=True)
    made = _edgesdk(environment, tmp_path, "convert", "net.keras", "-o", "net.tflite", "--calibration", "data.npz")
    assert [layer["op"] for layer in made["layers"]].count("example.Threshold") == 2
    assert all(x["own_snr_db"] is None or x["own_snr_db"] > 20 for x in made["layers"])
    plan = _edgesdk(environment, tmp_path, "plan", "net.tflite", "--board", "mps2-an386")
    assert "edge_threshold_s8" in {layer["kernel"] for layer in plan["layers"]}
    for board in ("mps2-an386", "host", "host-litert"):
        checked = _edgesdk(environment, tmp_path, "verify", "net.tflite", "--board", board, "--random", "6")
        assert (checked["mismatched_outputs"], checked["first"]) == (0, None)
        assert checked["tensors_compared"] > 0
    profile = _edgesdk(environment, tmp_path, "profile", "net.tflite", "--board", "mps2-an386")
    assert profile["flash"]["other"] == profile["ram"]["other"] == 0


def test_a_package_that_cannot_be_loaded_is_named(environment: dict[str, str], tmp_path: Path) -> None:
    info = tmp_path / "broken-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[edgesdk.ops]\nbroken = no_such_module:PACKAGE\n")
    paths = os.pathsep.join((str(tmp_path), environment["PYTHONPATH"]))
    model = str(ROOT / "tests/models/kws01.tflite")
    error = _edgesdk({**environment, "PYTHONPATH": paths}, tmp_path, "inspect", model, code=3)["error"]
    assert error["id"] == "EDGE-OP-003"
    assert "broken" in error["what"]
