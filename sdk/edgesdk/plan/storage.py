# SPDX-License-Identifier: Apache-2.0
"""Which tensors share the same bytes: views (RESHAPE and its kin) are other names for their input's storage."""

from __future__ import annotations

from collections.abc import Mapping

from edgesdk.model.graph import Graph
from edgesdk.ops import find_operator


def storage_of(graph: Graph) -> Mapping[int, int]:
    """Activation tensor -> the tensor whose bytes it is; itself unless it is a view."""
    owner = {t: t for t in graph.inputs}
    for node in graph.nodes:
        source = owner.get(node.inputs[0]) if find_operator(node.op).view else None
        for t in node.outputs:
            owner[t] = t if source is None else source
    return owner
