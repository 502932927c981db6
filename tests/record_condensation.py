# SPDX-License-Identifier: Apache-2.0
"""Measures condensation layers on the emulated Cortex-M4 and records the numbers in docs/results/condensation.md.

    python tests/record_condensation.py

A layer is measured in four forms: fused (the wide map is virtual), stored (the wide map is an output too, so both
kernels run and it is stored), wide (the convolution alone) and plain (a convolution to as many channels as the pool
leaves).
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from condensation_models import CHANNELS, DEPTH, GROUP, SIZE, condensation
from memory_counts import BOARD, measured
from pooled_convolutions import unfused

TESTS = Path(__file__).parent
RECORD = TESTS.parent / "docs/results/condensation.md"
KERNELS = ("edge_conv_2d", "edge_gemm", "edge_cross_channel_pool", "edge_requantize")

HEAD = f"""# Condensation layers

Measured by `python tests/record_condensation.py` on {BOARD} (Cortex-M4): a 1x1 convolution of
{SIZE}x{SIZE}x{DEPTH} to {CHANNELS * GROUP} channels and the maximum or average over groups of {GROUP}, which leaves
{CHANNELS}. *fused*: the pool is the convolution's epilogue, and the wide map never exists. *stored*: both kernels run,
and the wide map is in RAM. *wide*: the convolution alone. *plain*: a convolution to {CHANNELS} channels, with a quarter
of the multiplications. A scale is that of the weights, one per group or one per channel.

Instructions and bytes are those of one inference, counted by QEMU; bytes are what the kernels store, in all and in the
arena: the rest goes to the stack, where the epilogue holds up to 32 channels of three pixels. Code is the whole
firmware's without its application.

The fused layer takes the arena of the plain one. What the epilogue adds in code is *fused* less *plain*; in
instructions it adds less than it saves, for *wide* has to cut four times as many outputs at the activation's bounds.

| pool | scale | form | instructions | bytes stored | in the arena | arena | code |
| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |
"""


def rows() -> list[str]:
    """The table's lines."""
    found = []
    for pool in ("max", "average"):
        for shared in (True, False):
            layer = condensation(pool=pool, shared=shared)
            forms = {"fused": layer, "stored": unfused(layer)}
            if pool == "max":
                forms["wide"] = condensation(pool=None, shared=shared)
            if not found:
                forms["plain"] = condensation(group=1)
            for form, graph in forms.items():
                with tempfile.TemporaryDirectory() as directory:
                    c = measured(graph, Path(directory), KERNELS)
                numbers = (c.instructions, c.stored, c.stored_in_arena, c.arena, c.code)
                scale = "group" if shared else "channel"
                with_pool = pool if form in ("fused", "stored") else ""
                found.append(f"| {with_pool} | {scale} | {form} | " + " | ".join(f"{n:,}" for n in numbers) + " |")
                print(found[-1], flush=True)
    return found


if __name__ == "__main__":
    RECORD.write_text(HEAD + "\n".join(rows()) + "\n")
