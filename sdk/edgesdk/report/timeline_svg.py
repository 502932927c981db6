# SPDX-License-Identifier: Apache-2.0
"""The memory timeline as an SVG that stands alone: no script, no font, no reference to anything.

Rows are paths of one owner; above _MOST_PATHS, neighbouring rows share a path (and its title), so that the file stays
small while every byte is drawn where it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from edgesdk.measure.results import PlanPlace, PlanReport
from edgesdk.report.document import shape
from edgesdk.report.timeline import Owner, owners, peak_text, spans
from edgesdk.text import printable

_MOST_PATHS = 1200
_COLOURS = (
    *("#4e79a7", "#f28e2b", "#59a14f", "#b07aa1", "#edc948", "#76b7b2"),
    *("#e15759", "#9c755f", "#a0cbe8", "#8cd17d", "#d37295", "#bab0ac"),
)
_EXTRA_COLOUR = "#555"
_LEFT, _WIDTH, _RIGHT = 76, 1080, 24
_TOP, _HEIGHT = 64, 400
_LANES = 220  # height of all layers' lanes, as far as their least and most allow
_LEAST_GAP = 5  # between the lines that part segments
_CHARACTER = 6.2  # width of the axis' digits
_NAME = 52
_STYLE = (
    "text{font:11px sans-serif;fill:#333}.h{font-size:14px;font-weight:bold}.e{text-anchor:end}.m{text-anchor:middle}"
    ".g{stroke:#ccc;fill:none;stroke-width:.6}.p{stroke:#c00;fill:none;stroke-dasharray:5 3}.r{fill:#c00}"
    ".l{font-weight:bold;text-anchor:middle;fill:#fff}path.o{stroke:#fff;stroke-opacity:.6}path.o:hover{opacity:.7}"
)


@dataclass(frozen=True)
class _Plot:
    """One region's arena: calls to the right, bytes upwards."""

    top: float
    calls: int
    arena: int

    def x(self, call: float) -> float:
        return _LEFT + _WIDTH * call / self.calls

    def y(self, byte: float) -> float:
        return self.top + _HEIGHT * (1 - byte / self.arena)

    def box(self, p: PlanPlace) -> str:
        """A place as a piece of a path."""
        x, y = self.x(p.first), self.y(p.offset + p.bytes)
        width, height = self.x(p.last + 1) - x, self.y(p.offset) - y
        return f"M{_n(x)} {_n(y)}h{_n(width)}v{_n(height)}h{_n(-width)}z"


def svg_text(report: PlanReport) -> str:
    """The whole file."""
    found = owners(report)
    colours = {id(o): _EXTRA_COLOUR if o.index is None else _COLOURS[o.index % len(_COLOURS)] for o in found}
    regions = [(region, arena) for region, arena in report.arenas.items() if arena > 0] if report.calls else []
    parts: list[str] = []
    top = float(_TOP)
    for region, arena in regions:
        plot = _Plot(top, len(report.calls), arena)
        parts += _arena(report, plot, region, len(regions) == 1, found, colours)
        top += _HEIGHT + 50
    if regions:
        lanes, top = _lanes(report, top, {o.label: colours[id(o)] for o in found})
        parts += lanes
    legend, height = _legend(found, colours, top + 30)
    width = _LEFT + _WIDTH + _RIGHT
    title = (
        f"{_safe(report.model)} on {_safe(report.board)}: arena {report.ram.arena:,} bytes, "
        f"lower bound {report.ram.lower_bound:,}"
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{_n(height)}" '
            f'viewBox="0 0 {width} {_n(height)}">',
            f"<title>{title}</title><style>{_STYLE}</style>",
            '<rect width="100%" height="100%" fill="#fff"/>',
            f'<text class="h" x="{_LEFT}" y="22">{title}</text>',
            *parts,
            *legend,
            "</svg>\n",
        ]
    )


def _n(value: float) -> str:
    """A coordinate, as short as two digits allow."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _safe(text: str, limit: int = 60) -> str:
    """A string from outside as SVG text."""
    return escape(printable(text, limit))


def _arena(
    report: PlanReport, plot: _Plot, region: str, only: bool, found: Sequence[Owner], colours: dict[int, str]
) -> list[str]:
    """Axes, rows and the peak."""
    bottom = plot.top + _HEIGHT
    parts = [f'<path class="g" d="M{_LEFT} {_n(plot.top)}v{_HEIGHT}h{_WIDTH}"/>']
    for k in range(5):
        value = plot.arena * k // 4
        y = plot.y(value)
        parts.append(f'<path class="g" d="M{_LEFT} {_n(y)}h{_WIDTH}"/>')
        parts.append(f'<text class="e" x="{_LEFT - 6}" y="{_n(y + 4)}">{value:,}</text>')
    if not only:
        parts.append(f'<text x="{_LEFT}" y="{_n(plot.top - 20)}">region {_safe(region)}</text>')
    for owner in found:
        parts += _rows(owner, plot, region, colours[id(owner)], sum(len(o.places) for o in found))
    end = -1.0
    line = 0.0
    for span in spans(report):
        a, b = plot.x(span.first), plot.x(span.end)
        if a - line >= _LEAST_GAP:
            parts.append(f'<path class="g" d="M{_n(a)} {_n(plot.top)}v{_HEIGHT + 6}"/>')
            line = a
        wide = len(span.label) * _CHARACTER
        if wide < b - a and (a + b - wide) / 2 > end:
            parts.append(f'<text class="m" x="{_n((a + b) / 2)}" y="{_n(bottom + 17)}">{span.label}</text>')
            end = (a + b + wide) / 2
    parts.append(f'<text class="e" x="{_LEFT - 6}" y="{_n(bottom + 17)}">layers</text>')
    x = plot.x(report.peak.call + 0.5)
    side = ' class="r e"' if x > _LEFT + _WIDTH / 2 else ' class="r"'
    parts.append(f'<path class="p" d="M{_n(x)} {_n(plot.top - 14)}V{_n(bottom)}"/>')
    parts.append(
        f'<text{side} x="{_n(x + (-6 if "e" in side[8:] else 6))}" y="{_n(plot.top - 6)}">'
        f"{peak_text(report)} in call {report.peak.call + 1:,} of {plot.calls:,}</text>"
    )
    return parts


def _rows(owner: Owner, plot: _Plot, region: str, colour: str, places: int) -> list[str]:
    """An owner's rows as paths with titles, and its label where there is room."""
    here = [p for p in owner.places if p.region == region]
    chunk = -(-places // _MOST_PATHS)
    parts = []
    for k in range(0, len(here), chunk):
        group = here[k : k + chunk]
        line = min(0.5, _HEIGHT * min(p.bytes for p in group) / plot.arena / 8)  # thin rows keep their colour
        parts.append(
            f'<path class="o" fill="{colour}" stroke-width="{_n(line)}" d="{"".join(plot.box(p) for p in group)}">'
            f"<title>{_title(owner, group)}</title></path>"
        )
    big = max(here, key=lambda p: p.bytes * (p.last + 1 - p.first), default=None)
    if big is not None:
        a, b = plot.x(big.first), plot.x(big.last + 1)
        low, high = plot.y(big.offset), plot.y(big.offset + big.bytes)
        if low - high >= 13 and b - a >= len(owner.label) * 7 + 4:
            middle = f'x="{_n((a + b) / 2)}" y="{_n((low + high) / 2 + 4)}"'
            parts.append(f'<text class="l" {middle} pointer-events="none">{owner.label}</text>')
    return parts


def _title(owner: Owner, group: Sequence[PlanPlace]) -> str:
    """Map, rows, bytes and lifetime."""
    first, last = min(p.first for p in group), max(p.last for p in group)
    low, high = min(p.offset for p in group), max(p.offset + p.bytes for p in group)
    rows = ""
    if owner.rows > 1:
        a, b = group[0].row, group[-1].row + group[-1].rows - 1
        rows = f"\n{f'row {a}' if a == b else f'rows {a}-{b}'} of {owner.rows}"
    sizes = sum(p.bytes for p in group)
    return f"{_safe(owner.title, 100)}{rows}\noffset {low:,} to {high - 1:,}, {sizes:,} bytes\ncalls {first} to {last}"


def _lanes(report: PlanReport, top: float, colours: dict[str, str]) -> tuple[list[str], float]:
    """When each layer runs: a lane per layer, in its map's colour. Returns the y below too."""
    calls = len(report.calls)
    keys = sorted({-1 - c.input if c.input is not None else c.layer or 0 for c in report.calls})
    high = max(2.0, min(14.0, _LANES / len(keys)))
    runs: dict[int, list[tuple[int, int]]] = {}
    for key, group in groupby(
        enumerate(report.calls), key=lambda e: -1 - e[1].input if e[1].input is not None else e[1].layer
    ):
        own = [call for call, _ in group]
        runs.setdefault(key or 0, []).append((own[0], own[-1] + 1))
    parts = [f'<text class="e" x="{_LEFT - 6}" y="{_n(top - 4)}">runs</text>']
    labelled = top - 10
    for k, key in enumerate(keys):
        y = top + k * high
        what, label, colour = f"rows of input {-1 - key} arrive", "in", "#000"
        if key >= 0:
            layer = report.layers[key]
            what = f"layer {key}: {layer.op} {_safe(layer.name)} ({shape(layer.output)})"
            label, colour = str(key), colours.get(str(key), colours.get(f"{key}a", _EXTRA_COLOUR))
        boxes = "".join(
            f"M{_n(_LEFT + _WIDTH * a / calls)} {_n(y)}h{_n(_WIDTH * (b - a) / calls)}v{_n(high - 1)}"
            f"h{_n(-_WIDTH * (b - a) / calls)}z"
            for a, b in runs[key]
        )
        parts.append(f'<path fill="{colour}" d="{boxes}"><title>{what}</title></path>')
        if y - labelled >= 10:
            parts.append(f'<text class="e" x="{_LEFT - 6}" y="{_n(y + high / 2 + 4)}">{label}</text>')
            labelled = y
    return parts, top + len(keys) * high


def _legend(found: Sequence[Owner], colours: dict[int, str], top: float) -> tuple[list[str], float]:
    """What is what, in three columns. Returns the file's height too."""
    entries = [(colours[id(o)], f"{o.label}: {_safe(o.title, _NAME)}") for o in found if o.index is not None]
    if len(entries) < len(found):
        entries.append((_EXTRA_COLOUR, "scratch and state"))
    lines = max(1, -(-len(entries) // 3))
    parts = []
    for k, (colour, text) in enumerate(entries):
        x, y = _LEFT + (k // lines) * _WIDTH / 3, top + (k % lines) * 16
        parts.append(f'<rect x="{_n(x)}" y="{_n(y - 9)}" width="10" height="10" fill="{colour}"/>')
        parts.append(f'<text x="{_n(x + 15)}" y="{_n(y)}">{text}</text>')
    return parts, top + lines * 16 + 10
