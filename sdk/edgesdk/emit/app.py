# SPDX-License-Identifier: Apache-2.0
"""The table of a firmware's models, with their contexts and arenas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from edgesdk import __version__
from edgesdk.emit.model import emit_model
from edgesdk.emit.render import render
from edgesdk.model.plan import Plan


@dataclass(frozen=True)
class EmittedModel:
    """A plan and the C identifier that its symbols start with."""

    plan: Plan
    prefix: str


def emit_app(models: Sequence[EmittedModel]) -> dict[str, str]:
    """All generated files of a firmware, by name. Models run one after another, so they share one arena per region."""
    files: dict[str, str] = {}
    sizes: dict[str, int] = {}
    for m in models:
        files |= emit_model(m.plan, m.prefix)
        for region, size in m.plan.regions.items():
            sizes[region] = max(sizes.get(region, 0), size)
    symbols = {region: f"edge_arena_{i}" for i, region in enumerate(sizes)}
    files["edge_models.c"] = render(
        "edge_models.c.jinja",
        version=__version__,
        arenas=[{"symbol": symbols[r], "bytes": max(1, size), "region": r} for r, size in sizes.items()],
        models=[
            {
                "prefix": m.prefix,
                "upper": m.prefix.upper(),
                "arenas": [symbols[r] for r in m.plan.regions],
                "leaving": "&edge_app_leaves" if m.plan.leaving else "NULL",
            }
            for m in models
        ],
    )
    return files
