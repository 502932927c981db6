# SPDX-License-Identifier: Apache-2.0
"""The plan's own CRC-32, by which a host knows what a board runs."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict, replace

from edgesdk import __version__
from edgesdk.model.plan import Plan


def with_crc(plan: Plan) -> Plan:
    """The plan with its own CRC-32: over the model's CRC, the options, every step and place, and the SDK's version."""
    shape = {
        "version": __version__,
        "model": plan.graph.crc32,
        "options": asdict(plan.options),
        "steps": [asdict(s) for s in plan.steps],
        "nodes": [[n.op, n.inputs, n.outputs, repr(n.options)] for n in plan.graph.nodes],
        "maps": [asdict(m) | {"kind": m.kind.value} for m in plan.maps.values()],
        "schedule": [asdict(t) for t in plan.schedule],
        "regions": dict(plan.regions),
    }
    return replace(plan, crc32=zlib.crc32(json.dumps(shape, sort_keys=True).encode()))
