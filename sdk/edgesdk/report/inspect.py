# SPDX-License-Identifier: Apache-2.0
"""A model file as a table of its operators."""

from __future__ import annotations

from edgesdk.measure.results import InspectReport, TensorInfo
from edgesdk.report.document import Column, Document, Facts, Table, count, shape


def render_inspect(report: InspectReport) -> Document:
    """The operators, then the file as a whole."""
    columns = (
        Column("#", right=True),
        Column("op"),
        Column("name", limit=40, drop=2),
        Column("output"),
        Column("type", drop=1),
        Column("MACs", right=True),
        Column("weights", right=True),
    )
    rows = tuple(
        (str(x.index), x.op, x.name, shape(x.output), x.dtype, count(x.macs), count(x.weights)) for x in report.layers
    )
    total = ("", "total", "", "", "", count(report.macs), count(report.weights))
    operators = ", ".join(f"{name} x{times}" for name, times in report.operators.items())
    facts = (
        ("model", f"{report.model}: {report.bytes:,} bytes, CRC-32 {report.crc32}"),
        *((f"input {i}", _tensor(t)) for i, t in enumerate(report.inputs)),
        *((f"output {i}", _tensor(t)) for i, t in enumerate(report.outputs)),
        ("operators", operators),
    )
    return [Table(columns, rows, total), "", Facts(facts)]


def _tensor(tensor: TensorInfo) -> str:
    quantized = "" if tensor.scale is None else f", scale {tensor.scale:.9g}, zero point {tensor.zero_point}"
    return f"{shape(tensor.shape)} {tensor.dtype}{quantized} ({tensor.name})"
