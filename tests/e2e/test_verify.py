# SPDX-License-Identifier: Apache-2.0
"""`verify` on every board: every row of every materialised tensor equals the reference."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from benchmark_models import EMULATED, board_models, large_model, model_path
from condensation_models import condensation
from edgesdk.boards import load_board
from edgesdk.cli import main as cli
from edgesdk.errors import USAGE, EdgeError
from edgesdk.measure.verify import Inputs, verify
from edgesdk.model.plan import Options
from edgesdk.model.tflite.writer import write_model
from edgesdk.rewrite.load import load_model
from edgesdk.rewrite.pipeline import rewrite

ROOT = Path(__file__).parents[2]
RANDOM = 6  # two of each third: uniform, near the zero point, extremes


def assert_clean(path: Path, board: str, inputs: Inputs, oracle: str = "reference") -> None:
    result = verify(path, load_board(board), Options(), inputs, oracle=oracle)
    graph = rewrite(load_model(path), Options())
    tensors = sum(len(node.outputs) for node in graph.nodes if node.op != "RESHAPE")  # the same bytes: compared once
    assert result.clean
    assert result.first is None
    assert result.mismatched_outputs == 0
    assert result.inputs == inputs.count
    assert result.tensors_compared == inputs.count * tensors
    assert result.oracle == oracle


@pytest.mark.parametrize(("board", "model"), board_models())
def test_random(board: str, model: str) -> None:
    assert_clean(model_path(model), board, Inputs(count=RANDOM))


@pytest.mark.parametrize(
    ("board", "model", "count"),
    [
        ("host", "mcunet_vww1", RANDOM),
        ("host", "mcunetv2_large", 3),
        *(
            pytest.param(board, "mcunet_vww1", RANDOM, marks=[pytest.mark.emulator, pytest.mark.slow])
            for board in EMULATED
        ),
        pytest.param("mps2-an500", "mcunetv2_large", 3, marks=[pytest.mark.emulator, pytest.mark.slow]),
    ],
)
def test_random_on_large_models(board: str, model: str, count: int) -> None:
    assert_clean(large_model(model), board, Inputs(count=count))


def run_json(capsys: pytest.CaptureFixture[str], code: int, *arguments: str) -> dict:
    assert cli.run(["verify", str(model_path("kws01")), *arguments, "--json"]) == code
    value = json.loads(capsys.readouterr().out)
    schema = "error" if "error" in value else "verify"
    Draft202012Validator(json.loads((ROOT / f"docs/schema/{schema}.schema.json").read_text())).validate(value)
    return value


@pytest.mark.parametrize("board", ["host", pytest.param("mps2-an386", marks=pytest.mark.emulator)])
def test_data(board: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "spectrograms.npz"
    np.savez(data, x=np.random.default_rng(5).integers(-128, 128, (4, 1, 49, 10, 1), np.int8))
    value = run_json(capsys, 0, "--board", board, "--data", str(data))
    assert value["inputs"] == 4
    assert value["first"] is None
    assert value["tensors_compared"] == 4 * 12


@pytest.mark.parametrize(
    "array",
    [np.zeros((4, 49, 9, 1), np.int8), np.zeros((4, 49, 10, 1), np.float32), np.zeros((0, 1, 49, 10, 1), np.int8)],
    ids=["shape", "type", "none"],
)
def test_data_that_does_not_fit(array: np.ndarray, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "bad.npz"
    np.savez(data, x=array)
    assert run_json(capsys, 2, "--board", "host", "--data", str(data))["error"]["id"] == "EDGE-DATA-001"


def _zipped(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def _saved(array: np.ndarray) -> bytes:
    single = io.BytesIO()
    np.save(single, array)
    return single.getvalue()


HUGE = _saved(np.zeros((1, 49), np.int8)).replace(b"(1, 49), ", b"(9" + b"9" * 6 + b",),")
FILES = {
    "empty": b"",
    "text": b"no zip file",
    "cut": _zipped("x.npy", _saved(np.zeros((1, 49, 10, 1), np.int8)))[:300],
    "header": b"PK\x03\x04" + bytes(60),
    "one array": _saved(np.zeros(3, np.int8)),
    "no array inside": _zipped("notes.txt", b"hello"),
    "nothing inside": b"PK\x05\x06" + bytes(18),
    "claims to be huge": _zipped("x.npy", HUGE),
    "damaged": _zipped("x.npy", _saved(np.zeros((1, 49, 10, 1), np.int8))).replace(bytes(100), bytes(99) + b"x", 1),
}


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_data_that_is_no_npz(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "bad.npz"
    data.write_bytes(content)
    assert run_json(capsys, 2, "--board", "host", "--data", str(data))["error"]["id"] == "EDGE-DATA-001"


def test_data_that_is_absent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    value = run_json(capsys, 2, "--board", "host", "--data", str(tmp_path / "absent.npz"))
    assert value["error"]["id"] == "EDGE-DATA-001"


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    value = run_json(capsys, 0, "--board", "host", "--random", "7", "--seed", "3")
    assert (value["inputs"], value["seed"], value["oracle"]) == (7, 3, "reference")


@pytest.mark.parametrize("model", ["kws01", "ad01", "ic01", "vww01"])
def test_tensorflow_lite_micro_agrees(model: str) -> None:
    pytest.importorskip("tflite_micro")
    assert_clean(model_path(model), "host", Inputs(count=RANDOM, seed=11), oracle="tflm")


def test_tensorflow_lite_micro_knows_no_operators_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "condensed.tflite"
    path.write_bytes(write_model(condensation()))
    with pytest.raises(EdgeError) as caught:
        verify(path, load_board("host"), Options(), Inputs(count=1), oracle="tflm")
    assert caught.value.kind is USAGE
    assert "edgesdk.CrossChannelPool" in caught.value.what


@pytest.mark.emulator
def test_tensorflow_lite_micro_agrees_on_a_board() -> None:
    pytest.importorskip("tflite_micro")
    assert_clean(model_path("kws01"), "mps2-an386", Inputs(count=RANDOM, seed=12), oracle="tflm")
