# SPDX-License-Identifier: Apache-2.0
"""A model file into a checked graph."""

from __future__ import annotations

from pathlib import Path

from edgesdk.model.graph import Graph
from edgesdk.model.tflite.reader import read_model
from edgesdk.ops.check import check_graph


def load_model(path: Path) -> Graph:
    """The graph of a .tflite file, accepted by the reader and by every operator.

    Raises:
        EdgeError: MODEL_FILE, MODEL_MALFORMED, MODEL_INVALID, MODEL_TYPE, OP_UNSUPPORTED or OP_OPTIONS.
    """
    graph = read_model(path)
    check_graph(graph)
    return graph
