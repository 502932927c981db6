# SPDX-License-Identifier: Apache-2.0
"""The LiteRT delegate: exact in stock interpreters, on random operators, and refusing what it was not built for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random

import numpy as np
import pytest

from edgesdk.cli import main as cli
from edgesdk.compile.delegate import build_delegate
from edgesdk.measure.litert import verify_litert
from edgesdk.measure.verify import Inputs
from edgesdk.model.graph import Graph
from edgesdk.model.tflite.reader import parse_model
from edgesdk.model.tflite.writer import write_model
from memory_nodes import random_memory
from ordinal_nodes import random_ordinal_pool
from random_graphs import random_graph

ROOT = Path(__file__).parents[2]


def _file(graph: Graph, folder: Path) -> Path:
    path = folder / "net.tflite"
    path.write_bytes(write_model(graph))
    return path


@pytest.mark.parametrize("make", [random_ordinal_pool, random_memory])
def test_random_operators_are_exact(make: Callable[[np.random.Generator], Graph], tmp_path: Path) -> None:
    for seed in range(3):
        result = verify_litert(_file(make(np.random.default_rng(seed)), tmp_path), Inputs(count=9, seed=seed))
        assert result.clean
        assert result.tensors_compared >= 9


def test_operators_amid_builtin_ones(tmp_path: Path) -> None:
    random, found = Random(5), 0
    while found < 3:
        graph = random_graph(random, 5)
        custom = {node.op for node in graph.nodes if node.op.startswith("edgesdk.")}
        if not custom or any(node.op in ("DEQUANTIZE", "QUANTIZE") for node in graph.nodes):
            continue
        found += 1
        assert verify_litert(_file(graph, tmp_path), Inputs(count=4)).clean


def test_another_model_is_refused(tmp_path: Path) -> None:
    from ai_edge_litert.interpreter import Interpreter, load_delegate

    one = random_ordinal_pool(np.random.default_rng(0))
    build_delegate(parse_model(write_model(one), "one"), tmp_path)
    other = _file(random_memory(np.random.default_rng(1)), tmp_path)
    delegate = load_delegate(str(tmp_path / "libedgesdk_delegate.so"))
    with pytest.raises((RuntimeError, ValueError)):
        Interpreter(str(other), experimental_delegates=[delegate])


def test_the_verbs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(_file(random_ordinal_pool(np.random.default_rng(2)), tmp_path))
    assert cli.run(["export", path, "--format", "litert", "-o", str(tmp_path / "out"), "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert value["operators"] == ["0: edgesdk.OrdinalPool"]
    assert [Path(file).name for file in value["files"]] == ["libedgesdk_delegate.so"]
    assert all(Path(file).is_file() for file in value["files"])
    assert cli.run(["verify", path, "--board", "host-litert", "--random", "6", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["tensors_compared"] == 6


def test_a_model_without_custom_operators_needs_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = str(ROOT / "tests/models/kws01.tflite")
    assert cli.run(["export", model, "--format", "litert", "-o", str(tmp_path), "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["error"]["id"] == "EDGE-OP-001"
