# SPDX-License-Identifier: Apache-2.0
"""What kernels cost on a core: tables measured in the emulator by `make costs`, in kernels/measured/<core>.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from edgesdk.kernels.terms import Terms

MEASURED = Path(__file__).parent / "measured"


@dataclass(frozen=True)
class Cost:
    """What one kernel costs on one core.

    Args:
        instructions, cycles: of one call, row, pixel and so on; cycles by the cycle model (docs/cycles.md), as if
            memory answered at once; None where the core has none.
        error: of the instructions, the median over the layers that were measured, as a share.
    """

    instructions: Terms
    cycles: Terms | None
    error: float


@dataclass(frozen=True)
class Function:
    """Code or constants of the firmware's library.

    Args:
        bytes: of it alone.
        needs: the functions that it brings along.
    """

    bytes: int
    needs: tuple[str, ...]


@dataclass(frozen=True)
class CostTable:
    """A core's table.

    Args:
        kernels: by symbol; those alone that were measured.
        functions: by name: all that kernels can link.
    """

    core: str
    kernels: Mapping[str, Cost]
    functions: Mapping[str, Function]

    def code(self, names: frozenset[str]) -> frozenset[str]:
        """These functions and all that they bring along."""
        found: set[str] = set()
        left = list(names)
        while left:
            name = left.pop()
            if name not in found and name in self.functions:
                found.add(name)
                left += self.functions[name].needs
        return frozenset(found)


@cache
def cost_table(core: str) -> CostTable | None:
    """The table of a core, None where nothing was measured on it."""
    path = MEASURED / f"{core}.json"
    if not path.is_file():
        return None
    table = json.loads(path.read_text())
    kernels = {
        symbol: Cost(
            Terms(**cost["instructions"]),
            None if cost["cycles"] is None else Terms(**cost["cycles"]),
            cost["error"],
        )
        for symbol, cost in table["kernels"].items()
    }
    functions = {name: Function(f["bytes"], tuple(f["needs"])) for name, f in table["functions"].items()}
    return CostTable(core, kernels, functions)
