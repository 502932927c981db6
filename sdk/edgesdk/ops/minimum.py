# SPDX-License-Identifier: Apache-2.0
"""MINIMUM: the smaller of two elements, with broadcasting."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from edgesdk.model.graph import Array, Graph, Node
from edgesdk.ops.extremum import Extremum


class Minimum(Extremum):
    name = "MINIMUM"

    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        a, b = inputs
        assert a is not None
        assert b is not None
        return (np.minimum(a, b),)


OPERATOR = Minimum()
