# SPDX-License-Identifier: Apache-2.0
"""What a plan will occupy on a 32-bit core, before any compiler runs: the sizes of the structs of edge/model.h."""

from __future__ import annotations

import numpy as np

from edgesdk.emit.model import UINT16_MAX, context_size, pad_row_bytes, params_of, ports_of, row_table
from edgesdk.emit.turns import table_of
from edgesdk.kernels.registry import kernels
from edgesdk.model.plan import MapKind, Plan

POINTER = 4
CTX, ROWS_VIEW = 36, 16  # edge_ctx, edge_rows
MAP, RING, OP, PORT, WINDOW, TURN, IO, MODEL = 24, 4, 24, 4, 10, 8, 16, 84
ALIGNMENT = 4  # of every array


def context_bytes(plan: Plan) -> int:
    """Bytes of the model's edge_ctx, its tail of ports and row pointers included."""
    ports, rows = context_size(plan)
    return CTX + ports * ROWS_VIEW + rows * POINTER


def constant_bytes(plan: Plan) -> int:
    """Bytes of all of model.c: packed weights and tables. Within a few bytes per operator of what the linker places."""
    total = MODEL + MAP * len(plan.stored) + TURN * len(table_of(plan.schedule))
    total += IO * (len(plan.graph.inputs) + len(plan.graph.again) + len(plan.graph.outputs)) + pad_row_bytes(plan)
    total += sum(plan.graph.tensors[t].bytes for t, m in plan.maps.items() if m.kind is MapKind.CONSTANT)
    total += RING * len(plan.rings)
    total += sum(_padded(row_table(m)[0].nbytes) for m in plan.maps.values() if m.places and m.stride is None)
    ports, windows = ports_of(plan)
    total += PORT * sum(map(len, ports)) + _padded(WINDOW * len(windows)) + OP * len(plan.steps)
    shared: dict[tuple[str, bytes], int] = {}
    by_symbol = {k.symbol: k for k in kernels()}
    for step in plan.steps:
        params = params_of(plan.graph, step, by_symbol[step.kernel])
        members = params.values()
        arrays = [m for m in members if isinstance(m, np.ndarray)]
        total += _padded(sum(map(_member_bytes, members)))
        total += ALIGNMENT * any("." in name for name in params)  # the end of a struct within is aligned too
        shared |= {(a.dtype.name, a.tobytes()): _padded(a.nbytes) for a in arrays}
    return total + sum(shared.values())


def _padded(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT


def _member_bytes(value: object) -> int:
    """A pointer or float, or an integer as wide as its value needs: most have 16 bits, flags and 8-bit values fewer."""
    return 2 if isinstance(value, int) and -0x8000 <= value <= UINT16_MAX else 4
