# SPDX-License-Identifier: Apache-2.0
"""Which function lowers which Keras layer.

A user's own layer gets one by `lowers(Layer)`, in any module that is imported before the conversion.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from edgesdk.errors import CONVERT_LAYER, EdgeError
from edgesdk.extension import operator_packages
from edgesdk.model.located import located
from edgesdk_converters.to_tflite import lowerings
from edgesdk_converters.to_tflite.builder import FloatBuilder

Lowering = Callable[[FloatBuilder, Any, Sequence[int]], int]
"""(builder, layer, its inputs' indices) -> its output's index."""

_LOWERINGS: dict[type, Lowering] = {}
F = TypeVar("F", bound=Lowering)


def lowers(*kinds: type) -> Callable[[F], F]:
    """Decorates the lowering of layers of exactly these classes: a subclass may compute something else."""

    def register(function: F) -> F:
        _LOWERINGS.update(dict.fromkeys(kinds, function))
        return function

    return register


def lower(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    """Lowers one layer.

    Raises:
        EdgeError: CONVERT_LAYER where its class has no lowering, or its arguments no int8 operator.
    """
    _load()
    kind = type(layer)
    with located(f"layer {layer.name} ({kind.__name__})"):
        if kind not in _LOWERINGS:
            raise EdgeError(
                CONVERT_LAYER,
                f"the layer {kind.__name__} cannot be converted",
                tries=("build it of layers that docs/layers.md lists", "register a function for it with `lowers`"),
            )
        return _LOWERINGS[kind](b, layer, inputs)


def refuse(what: str, why: str = "") -> EdgeError:
    """The error of a layer whose class is known, but not its arguments."""
    return EdgeError(CONVERT_LAYER, what, why=why)


@cache
def _load() -> None:
    for info in pkgutil.iter_modules(lowerings.__path__):
        importlib.import_module(f"{lowerings.__name__}.{info.name}")
    for package in operator_packages():
        if package.converter:
            importlib.import_module(package.converter)
