# SPDX-License-Identifier: Apache-2.0
"""A plan's memory over time as things to draw: who holds which bytes from which call to which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from edgesdk.measure.results import PlanMap, PlanPlace, PlanReport
from edgesdk.report.document import shape


@dataclass(frozen=True)
class Owner:
    """What is drawn in one colour.

    Args:
        label: short, of our own making: the layer's number.
        title: with the model's strings; whoever shows it escapes it.
        index: tells neighbours apart; None for what is no map.
        rows: rows of the map.
    """

    label: str
    title: str
    index: int | None
    rows: int
    places: tuple[PlanPlace, ...]


@dataclass(frozen=True)
class Span:
    """A segment on the axis of time: calls [first, end)."""

    label: str
    first: int
    end: int


def owners(report: PlanReport) -> list[Owner]:
    """Maps that are stored, then scratch, state and the heads of rings."""
    stored = [m for m in report.maps if m.places]
    found = [
        Owner(map_label(report, m), f"{m.name} ({shape(m.shape)}, {m.kind})", i, m.rows, m.places)
        for i, m in enumerate(stored)
    ]
    runs: dict[int, list[tuple[int, int]]] = {}
    for layer, group in groupby(enumerate(report.calls), key=lambda pair: pair[1].layer):
        calls = [call for call, _ in group]
        if layer is not None:
            runs.setdefault(layer, []).append((calls[0], calls[-1]))
    for layer in report.layers:
        if layer.scratch is not None:
            own = tuple(replace(layer.scratch, first=a, last=b) for a, b in runs.get(layer.index, ()))
            found.append(Owner(f"scratch {layer.index}", f"scratch of layer {layer.index}", None, 1, own))
        if layer.state is not None:
            title = f"state of layer {layer.index}"
            found.append(Owner(f"state {layer.index}", title, None, 1, (layer.state,)))
    if report.heads is not None:
        found.append(Owner("heads", "where the rings begin", None, 1, (report.heads,)))
    return found


def map_label(report: PlanReport, m: PlanMap) -> str:
    """The number of the layer that makes a map, with a letter where it makes several; "in" for an input."""
    beside = [other.tensor for other in report.maps if other.layer == m.layer]
    letter = chr(ord("a") + beside.index(m.tensor)) if 1 < len(beside) <= 26 and m.kind != "virtual" else ""
    return f"in {letter}".rstrip() if m.layer is None else f"{m.layer}{letter}"


def peak_text(report: PlanReport) -> str:
    """What the mark at the peak's call says; the call is one, whatever the regions."""
    return f"peak: {report.peak.live:,} bytes live{' in all regions' if len(report.arenas) > 1 else ''}"


def spans(report: PlanReport) -> list[Span]:
    """The segments from left to right; rows that arrive belong to the layer that runs next."""
    segment_of = {layer.index: layer.segment for layer in report.layers}
    found: list[Span] = []
    end = len(report.calls)
    segment: int | None = None
    for e in range(end - 1, -1, -1):
        layer = report.calls[e].layer
        if found and (layer is None or segment_of[layer] == segment):
            found[-1] = replace(found[-1], first=e)
        elif layer is not None:
            segment = segment_of[layer]
            stop = found[-1].first if found else end
            found.append(Span(steps_label(report.segments[segment]), e, stop))
    return found[::-1]


def steps_label(steps: Sequence[int]) -> str:
    """Layers of a segment, which follow one another: "3" or "3-7"."""
    return str(steps[0]) if len(steps) == 1 else f"{steps[0]}-{steps[-1]}"
