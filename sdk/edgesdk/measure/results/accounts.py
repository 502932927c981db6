# SPDX-License-Identifier: Apache-2.0
"""RAM and flash accounts of a firmware image."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class RegionUse:
    """Bytes of one RAM region: what this firmware occupies of it, and how many the board has."""

    used: int
    limit: int


@dataclass(frozen=True)
class RamAccount:
    """Where the firmware's RAM goes.

    Args:
        arena: maps, scratch, state, resident input and output: the plan's peak.
        runtime: the model's edge_ctx, and .data and .bss of model and runtime (which are empty).
        stack: high-water mark of the painted stack during edge_run; None before it ran.
        app: the serial application's.
        total: arena + runtime + stack + app.
        other: RAM of the ELF that belongs to none of them; 0 or the account is wrong.
        regions: by region name; the stack is counted in its region.
        watermark: arena bytes that a painted run touched; None before it ran.
        arenas: the arena by region name, in the regions that hold any of it.
    """

    arena: int
    runtime: int
    stack: int | None
    app: int
    total: int
    other: int
    regions: Mapping[str, RegionUse] = field(default_factory=dict)
    watermark: int | None = None
    arenas: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class FlashAccount:
    """Where the firmware's flash goes.

    Args:
        code: runtime, kernels, start-up, compiler support.
        weights: all of model.c.
        app: the serial application.
        total: code + weights + app.
        other: what belongs to none of them; 0 or the account is wrong.
        limit: the board's flash.
    """

    code: int
    weights: int
    app: int
    total: int
    other: int
    limit: int | None = None
