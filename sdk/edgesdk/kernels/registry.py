# SPDX-License-Identifier: Apache-2.0
"""Finds kernels, and chooses one for a node."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from edgesdk import kernels as package
from edgesdk.errors import OP_UNSUPPORTED, EdgeError
from edgesdk.kernels.base import Kernel
from edgesdk.model.graph import Graph, Node


@cache
def kernels() -> tuple[Kernel, ...]:
    """Every kernel, in the order of the modules' names."""
    modules = sorted(info.name for info in pkgutil.iter_modules(package.__path__))
    found = (getattr(importlib.import_module(f"{package.__name__}.{name}"), "KERNEL", None) for name in modules)
    return tuple(kernel for kernel in found if kernel is not None)


def choose_kernel(graph: Graph, node: Node, families: tuple[str, ...]) -> Kernel:
    """The first kernel that accepts the node, trying the families in the order given; one with an epilogue before all.

    Raises:
        EdgeError: OP_UNSUPPORTED where none does.
    """
    able = [
        kernel
        for family in families
        for kernel in kernels()
        if node.op in kernel.ops and kernel.family == family and kernel.accepts(graph, node)
    ]
    if able:
        return next((kernel for kernel in able if kernel.fuses(graph, node) is not None), able[0])
    shapes = [list(graph.tensor_out(node, k).shape) for k in range(len(node.outputs))]
    types = [graph.tensors[t].dtype.value for t in node.inputs if t >= 0]
    raise EdgeError(
        OP_UNSUPPORTED,
        f"no kernel runs this {node.op}",
        where=f"layer {node.tflite_ops[0] if node.tflite_ops else '?'}, output shape {shapes}",
        why=f"its input types are {', '.join(types)}",
    )
