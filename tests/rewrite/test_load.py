# SPDX-License-Identifier: Apache-2.0
"""Files into checked graphs."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgesdk.errors import MODEL_INVALID, EdgeError
from edgesdk.model.tflite.writer import write_model
from edgesdk.rewrite.load import load_model
from model_files import model_files
from single_node import single_node_graph, tensor


@pytest.mark.parametrize("path", model_files(), ids=lambda p: p.stem)
def test_real_models_are_accepted(path: Path) -> None:
    assert load_model(path).name == path.name


def test_operators_are_checked(tmp_path: Path) -> None:
    graph = single_node_graph("RELU", [tensor((1, 4))], [tensor((1, 5))])
    path = tmp_path / "odd.tflite"
    path.write_bytes(write_model(graph))
    with pytest.raises(EdgeError) as caught:
        load_model(path)
    assert caught.value.kind is MODEL_INVALID
