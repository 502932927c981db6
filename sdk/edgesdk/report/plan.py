# SPDX-License-Identifier: Apache-2.0
"""A plan as a table of layers and what the memory needs."""

from __future__ import annotations

from edgesdk.measure.results import PlanReport
from edgesdk.report.document import Bar, Block, Column, Document, Facts, Table, count, shape
from edgesdk.text import printable

_NAME = 28


def render_plan(report: PlanReport) -> Document:
    """The layers with the bytes live at each, the peak beside its lower bound, and what is live there."""
    columns = (
        Column("#", right=True),
        Column("op"),
        Column("name", limit=_NAME, drop=3),
        Column("output", drop=1),
        Column("MACs", right=True),
        Column("RAM live", right=True),
        Column("kernel", drop=2),
    )
    rows = tuple(
        (str(x.index), x.op, x.name, shape(x.output), count(x.macs_executed), count(x.ram_live), x.kernel)
        for x in report.layers
    )
    total = ("", "total", "", "", count(report.macs_executed), count(report.ram.arena), "")
    names = [printable(t.name, _NAME) for t in report.peak_tensors]
    live = ", ".join(
        f"{name} {shape(t.shape)} ({t.bytes:,})" for name, t in zip(names, report.peak_tensors, strict=True)
    )
    ram, flash = report.ram, report.flash
    facts = (
        ("model", f"{report.model} on {report.board}: optimize {report.optimize}, input {report.input}"),
        (
            "arena",
            f"{ram.arena:,} bytes; no placement of these lifetimes needs less than {ram.lower_bound:,}",
        ),
        ("peak", f"layer {report.peak_layer}: {live}"),
        (
            "RAM",
            f"arena {ram.arena:,} + runtime {ram.runtime:,} + reserve {ram.reserve:,} = {ram.total:,} bytes",
        ),
        ("flash", f"weights {flash.weights:,} + reserve {flash.reserve:,} = {flash.total:,} bytes"),
    )
    bars: list[Block] = [Bar(region, use.used, use.limit) for region, use in ram.regions.items()]
    if flash.limit is not None:
        bars.append(Bar("flash", flash.total, flash.limit))
    return [Table(columns, rows, total), "", Facts(facts), *bars]
