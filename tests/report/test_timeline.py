# SPDX-License-Identifier: Apache-2.0
"""The memory timeline: what is drawn is what the plan says, on the terminal and as SVG, whatever the model's names."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from edgesdk.measure.results import PlanCall, PlanMap, PlanPlace, PlanReport
from edgesdk.report.plan import render_plan
from edgesdk.report.terminal import plain_text
from edgesdk.report.timeline import owners, spans
from edgesdk.report.timeline_svg import svg_text
from edgesdk.report.timeline_terminal import draw, raster
from result_samples import HOSTILE, SAMPLES

SVG = "{http://www.w3.org/2000/svg}"
SAMPLE: PlanReport = SAMPLES["plan"]


def place(offset: int, size: int, first: int, last: int, row: int = 0) -> PlanPlace:
    return PlanPlace("RAM", offset, size, first, last, row=row, rows=1)


def report(places: tuple[PlanPlace, ...], calls: int, arena: int) -> PlanReport:
    """One layer whose map lies at these places."""
    one = PlanMap(7, "m", (1, len(places), 1, 1), "ring", 0, (), len(places), 1, 1, places)
    layer = replace(SAMPLE.layers[0], scratch=None)
    ram = replace(SAMPLE.ram, arena=arena, lower_bound=arena)
    peak = replace(SAMPLE.peak, call=0)
    runs = tuple(PlanCall(0, None, row, 1, 1) for row in range(calls))
    return replace(SAMPLE, maps=(one,), layers=(layer,), ram=ram, arenas={"RAM": arena}, calls=runs, peak=peak)


def lines(of: PlanReport, width: int, coloured: bool = False) -> list[str]:
    return ["".join(text for text, _ in line) for line in draw(of, "RAM", of.ram.arena, width, coloured)]


def test_who_holds_most_of_a_cell_shows() -> None:
    places = (place(0, 50, 0, 1), place(50, 50, 2, 3))
    maps = tuple(PlanMap(t, "m", (1,), "real", t, (), 1, 50, 1, (p,)) for t, p in enumerate(places))
    found = owners(replace(report((), 4, 100), maps=maps))
    assert raster(found, "RAM", calls=4, arena=100, columns=4, lines=2) == [[-1, -1, 1, 1], [0, 0, -1, -1]]
    assert raster(found, "RAM", calls=4, arena=100, columns=2, lines=1) == [[0, 1]]  # half full is full
    assert raster(found, "RAM", calls=4, arena=101, columns=2, lines=1) == [[-1, -1]]
    assert raster(found, "elsewhere", calls=4, arena=100, columns=2, lines=1) == [[-1, -1]]


def test_time_goes_right_and_bytes_go_up() -> None:
    shown = lines(report((place(0, 1, 0, 0), place(1, 1, 1, 1, row=1)), calls=2, arena=2), width=50)
    cells = [line.partition("|")[2] for line in shown[1:21]]
    half = len(cells[0]) // 2
    assert cells[:10] == ["." * half + "a" * half] * 10
    assert cells[10:] == ["a" * half + "." * half] * 10


@pytest.mark.parametrize("width", [30, 79, 100, 200])
@pytest.mark.parametrize("coloured", [False, True])
@pytest.mark.parametrize("calls", [1, 7, 1000])
def test_a_drawing_keeps_to_its_width(width: int, coloured: bool, calls: int) -> None:
    shown = lines(report((place(0, 10, 0, calls - 1),), calls, 10), width, coloured)
    assert max(map(len, shown)) <= width
    assert len(shown) >= 20


def test_rows_that_are_written_over_dying_ones_and_half_cells_show_in_colour() -> None:
    shown = draw(report((place(0, 390, 0, 3),), calls=4, arena=400), "RAM", 400, 60, True)
    text = "\n".join("".join(run for run, _ in line) for line in shown)
    assert "▄" in text or "█" in text
    assert any(colour.startswith("color(") for line in shown for _, colour in line)


def test_the_peak_is_marked_at_its_call() -> None:
    base = report((place(0, 10, 0, 9),), calls=10, arena=10)
    for call in (0, 9):
        line = lines(replace(base, peak=replace(base.peak, call=call)), width=65)[0]
        columns = 60
        assert (line.index("v") if call == 0 else line.rindex("v")) - 4 == columns // 10 * call + columns // 20
        assert "740 bytes live" in line


def test_segments_are_on_the_axis_and_arrivals_belong_to_the_next_layer() -> None:
    layers = tuple(replace(SAMPLE.layers[0], index=i, segment=s) for i, s in enumerate((0, 0, 1)))
    steps = [None, 0, None, 1, 0, None, 2]
    calls = tuple(PlanCall(step, 0 if step is None else None, 0, 1, 1) for step in steps)
    found = spans(replace(SAMPLE, layers=layers, segments=((0, 1), (2,)), calls=calls))
    assert [(s.label, s.first, s.end) for s in found] == [("0-1", 0, 5), ("2", 5, 7)]


def test_scratch_is_drawn_in_its_layers_own_calls_only() -> None:
    layers = tuple(replace(SAMPLE.layers[0], index=i) for i in range(2))
    calls = tuple(PlanCall(step, None, 0, 1, 1) for step in (0, 1, 1, 0))
    found = owners(replace(SAMPLE, layers=layers, calls=calls))
    scratch = {o.label: [(p.first, p.last) for p in o.places] for o in found if o.index is None}
    assert scratch == {"scratch 0": [(0, 0), (3, 3)], "scratch 1": [(1, 2)]}


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)


def boxes(text: str) -> list[tuple[float, float, float, float]]:
    """x, y, width, height of every row drawn."""
    found = []
    for path in parsed(text).iter(f"{SVG}path"):
        if path.get("class") == "o":
            for x, y, w, h in re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)h-[\d.]+z", path.get("d", "")):
                found.append((float(x), float(y), float(w), float(h)))
    return found


def test_svg_draws_every_byte_where_it_is() -> None:
    text = svg_text(report((place(0, 25, 0, 0), place(25, 75, 1, 3, row=1)), calls=4, arena=100))
    assert boxes(text) == [(76, 364, 270, 100), (346, 64, 810, 300)]


def test_svg_titles_say_map_row_offset_bytes_and_lifetime() -> None:
    text = svg_text(report((place(0, 25, 0, 0), place(25, 75, 1, 3, row=1)), calls=4, arena=100))
    titles = [title.text for title in parsed(text).iter(f"{SVG}title")]
    assert "m (1x2x1x1, ring)\nrow 1 of 2\noffset 25 to 99, 75 bytes\ncalls 1 to 3" in titles


def test_svg_stays_small_with_thousands_of_rows_and_loses_none() -> None:
    places = tuple(place(r % 50 * 10, 10, r, r + 49, row=r) for r in range(4000))
    text = svg_text(report(places, calls=4049, arena=500))
    assert len(boxes(text)) == 4000
    assert text.count("<path") <= 1300
    assert len(text) < 400_000


def test_hostile_names_cannot_leave_their_text() -> None:
    name = '</title><script>alert(1)</script>"&amp;' + HOSTILE
    text = svg_text(replace(SAMPLE, model=name, maps=tuple(replace(m, name=name) for m in SAMPLE.maps)))
    assert {e.tag.removeprefix(SVG) for e in parsed(text).iter()} == {"svg", "title", "style", "rect", "text", "path"}
    assert "<script" not in text
    assert all(line.isprintable() for line in text.split("\n"))
    text.encode()


def test_a_plan_without_calls_or_bytes_is_drawn_too() -> None:
    empty = replace(
        SAMPLE, layers=(), calls=(), maps=(), arenas={"RAM": 0}, segments=(), peak=replace(SAMPLE.peak, holders=())
    )
    parsed(svg_text(empty))
    assert "arena" in plain_text(render_plan(empty))
