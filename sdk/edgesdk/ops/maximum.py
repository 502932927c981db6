# SPDX-License-Identifier: Apache-2.0
"""MAXIMUM: the larger of two elements, with broadcasting."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from edgesdk.model.graph import Array, Graph, Node
from edgesdk.ops.extremum import Extremum


class Maximum(Extremum):
    name = "MAXIMUM"

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        a, b = inputs
        assert a is not None
        assert b is not None
        return (np.maximum(a, b),)


OPERATOR = Maximum()
