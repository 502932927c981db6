# SPDX-License-Identifier: Apache-2.0
"""A verification as a few lines."""

from __future__ import annotations

from edgesdk.measure.results import Verify
from edgesdk.report.document import Document, Facts


def render_verify(result: Verify) -> Document:
    """What was compared, and the first divergence."""
    source = "from a file" if result.seed is None else f"random, seed {result.seed}"
    facts = [
        ("model", f"{result.model}: optimize {result.optimize}, input {result.input}, output {result.output}"),
        ("board", f"{result.board}{' (emulated)' if result.emulated else ''}"),
        ("oracle", result.oracle),
        ("inputs", f"{result.inputs:,} ({source})"),
        ("tensors compared", f"{result.tensors_compared:,}"),
        *([] if result.stream is None else [("frames a call", f"{result.stream}; an input is a clip")]),
        ("mismatched outputs", f"{result.mismatched_outputs:,}"),
    ]
    if result.first is not None:
        first = result.first
        row = "" if first.row < 0 else f", row {first.row}"
        facts.append(("first divergence", f"layer {first.layer} ({first.op}), tensor {first.tensor}{row}"))
        facts.append(("", f"on input {first.input}: expected CRC-32 {first.expected_crc32}, got {first.got_crc32}"))
    facts.append(("result", "exact" if result.clean else "NOT exact"))
    return [Facts(tuple(facts))]
