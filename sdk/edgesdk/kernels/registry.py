# SPDX-License-Identifier: Apache-2.0
"""Finds kernels."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from edgesdk import kernels as package
from edgesdk.extension import operator_packages
from edgesdk.kernels.base import Kernel


@cache
def kernels() -> tuple[Kernel, ...]:
    """Every kernel, in the order of the modules' names; then those of other packages."""
    modules = sorted(info.name for info in pkgutil.iter_modules(package.__path__))
    found = (getattr(importlib.import_module(f"{package.__name__}.{name}"), "KERNEL", None) for name in modules)
    others = (kernel for each in operator_packages() for kernel in each.kernels)
    return (*(kernel for kernel in found if kernel is not None), *others)
