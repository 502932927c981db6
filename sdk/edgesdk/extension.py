# SPDX-License-Identifier: Apache-2.0
"""Custom operators of other packages, found by the entry-point group `edgesdk.ops`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from edgesdk.errors import EXTENSION, EdgeError
from edgesdk.text import printable

GROUP = "edgesdk.ops"


@dataclass(frozen=True)
class OperatorPackage:
    """A custom operator that a package brings; an entry point of GROUP names one.

    Args:
        operator: its checks, shapes and integer reference, an edgesdk.ops.base.Operator.
        codec: how its options are read and written, an edgesdk.model.tflite.codec.CustomCodec.
        kernels: edgesdk.kernels.base.Kernel descriptions; the first that accepts a node runs it.
        sources: the folder with <symbol>.c and <symbol>.h of each kernel.
        converter: the module that registers its Keras layer and its function on floats; "" where it has none.
    """

    operator: Any
    codec: Any
    kernels: tuple[Any, ...]
    sources: Path
    converter: str = ""


@cache
def operator_packages() -> tuple[OperatorPackage, ...]:
    """The operators of all installed packages, in the order of their entry points' names.

    Raises:
        EdgeError: EXTENSION where one cannot be loaded or is incomplete.
    """
    return tuple(_load(point) for point in sorted(entry_points(group=GROUP), key=lambda point: point.name))


def _load(point: Any) -> OperatorPackage:
    try:
        package = point.load()
    except Exception as error:  # another package's code: anything may happen
        raise _refused(point.name, f"{type(error).__name__}: {error}") from error
    if not isinstance(package, OperatorPackage):
        raise _refused(point.name, f"{point.value} is no OperatorPackage")
    if package.operator.name != package.codec.op:
        raise _refused(point.name, f"its operator is {package.operator.name}, its codec's {package.codec.op}")
    for kernel in package.kernels:
        for name in (f"{kernel.symbol}.c", f"{kernel.symbol}.h"):
            if not (package.sources / name).is_file():
                raise _refused(point.name, f"there is no {name} in {package.sources}")
    return package


def _refused(name: str, why: str) -> EdgeError:
    return EdgeError(
        EXTENSION,
        f"the operator package '{printable(name)}' cannot be used",
        why=printable(why, 200),
        tries=("mend or uninstall it", "docs/custom-operators.md shows one that works"),
    )
