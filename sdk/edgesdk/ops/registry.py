# SPDX-License-Identifier: Apache-2.0
"""Finds operators: every module of this package that binds OPERATOR, and those of other packages."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from edgesdk import ops
from edgesdk.errors import OP_UNSUPPORTED, EdgeError
from edgesdk.extension import operator_packages
from edgesdk.ops.base import Operator


@cache
def operators() -> Mapping[str, Operator]:
    """TFLite operator name -> operator."""
    found: dict[str, Operator] = {}
    for info in sorted(pkgutil.iter_modules(ops.__path__), key=lambda m: m.name):
        operator = getattr(importlib.import_module(f"{ops.__name__}.{info.name}"), "OPERATOR", None)
        if operator is not None:
            found[operator.name] = operator
    return MappingProxyType({**{each.operator.name: each.operator for each in operator_packages()}, **found})


def find_operator(name: str) -> Operator:
    """The operator of this TFLite name.

    Raises:
        EdgeError: OP_UNSUPPORTED.
    """
    operator = operators().get(name)
    if operator is None:
        raise EdgeError(OP_UNSUPPORTED, f"operator {name} is not supported")
    return operator
