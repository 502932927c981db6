# SPDX-License-Identifier: Apache-2.0
"""A conversion as a table of layers and a few lines."""

from __future__ import annotations

from edgesdk.measure.results import Conversion
from edgesdk.report.document import Column, Document, Facts, Table
from edgesdk.text import printable


def render_convert(result: Conversion) -> Document:
    """Signal-to-noise ratios, the layer that hurts, and float against int8."""
    columns = (
        Column("#", right=True),
        Column("op"),
        Column("name", limit=40, drop=1),
        Column("SNR dB", right=True),
        Column("own dB", right=True),
    )
    rows = tuple(
        (str(layer.index), layer.op, layer.name, _decibels(layer.snr_db), _decibels(layer.own_snr_db))
        for layer in result.layers
    )
    measured = result.accuracy
    facts = [("written", f"{result.path}: {result.bytes:,} bytes")]
    facts.append(("calibrated on", f"{result.calibration_samples:,} samples, observer {result.observer}"))
    if result.worst is not None:
        worst = result.layers[result.worst]
        facts.append(("noisiest layer", f"{worst.index} ({worst.op}, {printable(worst.name, 48)}) adds the most noise"))
    if measured.float_accuracy is not None and measured.int8_accuracy is not None:
        facts.append(("accuracy", f"float {measured.float_accuracy:.2%}, int8 {measured.int8_accuracy:.2%}"))
    facts.append(("float and int8", f"choose alike on {measured.agreement:.2%} of {measured.samples:,} samples"))
    return [Table(columns, rows), Facts(tuple(facts))]


def _decibels(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"
