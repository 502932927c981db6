# SPDX-License-Identifier: Apache-2.0
"""TFLite's operators and edgesdk's on floats, in keras.ops: batched, and differentiable wherever the operator is.

Every function takes (graph, node, operands) and gives the node's outputs. Activations have an axis of samples before
the axes of the graph's tensor; constants have none.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any

from edgesdk.errors import CONVERT_LAYER, EdgeError
from edgesdk.extension import operator_packages
from edgesdk.model.graph import Graph, Node

FloatOp = Callable[[Graph, Node, Sequence[Any]], Sequence[Any]]


_OTHERS: dict[str, FloatOp] = {}
_KEEPING: set[str] = set()


def computes(name: str, *, keeps_quantization: bool = False) -> Callable[[FloatOp], FloatOp]:
    """Decorates the function of another package's custom operator.

    Args:
        keeps_quantization: whether its output has the scale and zero point of its first input; else they are observed.
    """

    def register(function: FloatOp) -> FloatOp:
        _OTHERS[name] = function
        if keeps_quantization:
            _KEEPING.add(name)
        return function

    return register


def keeps_quantization(name: str) -> bool:
    """Whether another package's operator does."""
    return name in float_ops() and name in _KEEPING


@cache
def float_ops() -> Mapping[str, FloatOp]:
    """TFLite operator name -> function, from the tables OPERATORS of this package's modules and `computes`."""
    for package in operator_packages():
        if package.converter:
            importlib.import_module(package.converter)
    found = dict(_OTHERS)
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        found |= getattr(importlib.import_module(f"{__name__}.{info.name}"), "OPERATORS", {})
    return MappingProxyType(found)


def float_op(name: str) -> FloatOp:
    """The function of an operator.

    Raises:
        EdgeError: CONVERT_LAYER where it has none.
    """
    if name not in float_ops():
        raise EdgeError(CONVERT_LAYER, f"operator {name} cannot be quantized")
    return float_ops()[name]
