# SPDX-License-Identifier: Apache-2.0
"""A plan's report is its plan: the bytes add up call by call, every storage stands there once, and maps that must be
whole are found."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from causal_networks import causal_network
from edgesdk.boards import load_board
from edgesdk.errors import PLAN_FLASH, PLAN_RAM, EdgeError
from edgesdk.kernels.palette import palette_of
from edgesdk.measure.explain import peak_of
from edgesdk.measure.plan import plan_layers, plan_report
from edgesdk.measure.plan_memory import calls_of, maps_of, place_of
from edgesdk.measure.prepare import check_fit, prepare
from edgesdk.model.graph import Graph
from edgesdk.model.plan import Options, Plan
from edgesdk.model.tflite.conv_2d import Conv2DOptions
from edgesdk.model.tflite.mul import MulOptions
from edgesdk.model.tflite.reducer import ReducerOptions
from edgesdk.plan import plan_graph
from edgesdk.rewrite.pipeline import rewrite
from edgesdk.rewrite.stream import frames_of
from random_graphs import GraphBuilder, random_graph
from small_models import small_decoder, small_ds_cnn

BOARD = load_board("mps2-an386")
PALETTE = palette_of("portable")


def planned(graph: Graph, *, streamed: bool = False) -> Plan:
    options = Options(input="streamed" if streamed else "resident", float_io=True)
    return plan_graph(rewrite(graph, options), PALETTE, "RAM", options)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(random=st.randoms(use_true_random=False), streamed=st.booleans())
def test_bytes_add_up_in_every_call(random: Random, streamed: bool) -> None:
    add_up(planned(random_graph(random), streamed=streamed))


@pytest.mark.parametrize("frames", [1, 4])
def test_bytes_add_up_where_maps_have_a_history(frames: int) -> None:
    """The arena holds where the rings begin too."""
    options = Options(stream=frames)
    graph = frames_of(rewrite(causal_network(Random(1), 8, 3, 5, 2), options), frames)
    plan = plan_graph(graph, PALETTE, "RAM", options)
    assert plan.heads is not None
    add_up(plan)
    holders = {h.kind: h.bytes for h in peak_of(plan, PALETTE, maps_of(plan), calls_of(plan)).holders}
    assert holders["heads"] == plan.heads.bytes > 0


def add_up(plan: Plan) -> None:
    maps, calls, layers = maps_of(plan), calls_of(plan), plan_layers(plan)
    peak = peak_of(plan, PALETTE, maps, calls)
    assert sum(h.bytes for h in peak.holders) - peak.shared == peak.live
    assert peak.live + peak.gaps == plan.peak
    assert min(peak.shared, peak.gaps) >= 0
    assert peak.live <= plan.peak
    for e, call in enumerate(calls):
        held = np.zeros(plan.peak, bool)
        heads = [place_of(plan.heads)] if plan.heads else []
        extra = [*heads, *(layer.state for layer in layers)] + [
            layer.scratch for layer in layers if layer.index == call.layer
        ]
        for p in [p for m in maps for p in m.places] + [p for p in extra if p is not None]:
            if p.first <= e <= p.last:
                held[p.offset : p.offset + p.bytes] = True
        assert held.sum() == call.live
        if e == peak.call:
            assert call.live == peak.live


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(random=st.randoms(use_true_random=False))
def test_every_row_of_every_storage_stands_there_once(random: Random) -> None:
    plan = planned(random_graph(random))
    for m in maps_of(plan):
        rows = [r for p in m.places for r in range(p.row, p.row + p.rows)]
        buffers = plan.maps[m.tensor].places
        assert rows == [r for r, b in enumerate(buffers) if b.first <= b.last]
        for p in m.places:
            for r in range(p.rows):
                b = buffers[p.row + r]
                assert (b.first, b.last) == (p.first, p.last)
                assert b.offset == p.offset + r * m.row_bytes
        for a, b in pairwise(m.places):  # what could be one place is one
            assert (a.offset + a.bytes, a.first, a.last) != (b.offset, b.first, b.last)
        assert m.rows_kept == max(
            (sum(p.rows for p in m.places if p.first <= e <= p.last) for e in range(len(plan.calls))), default=0
        )


def squeeze_excite(kernel: int) -> Graph:
    """conv -> mean -> multiplication of the two, then a convolution."""
    b = GraphBuilder(Random(3))
    x = b.activation((1, 8, 6, 4))
    b.inputs.append(x)

    def conv(source: int, size: int) -> int:
        w = b.weights((16, size, size, b.tensors[source].shape[-1]), 0, 16)
        return b.apply("CONV_2D", (source, w, -1), (None,), Conv2DOptions("SAME", 1, 1))[0]

    a = conv(x, kernel)
    (mean,) = b.apply("MEAN", (a, b.int32((1, 2))), (None,), ReducerOptions(True))
    (product,) = b.apply("MUL", (a, mean), (None,), MulOptions("NONE"))
    conv(product, 1)
    return b.graph()


@pytest.mark.parametrize("streamed", [False, True])
def test_the_map_of_a_squeeze_excite_must_be_whole(streamed: bool) -> None:
    plan = planned(squeeze_excite(1), streamed=streamed)
    peak = peak_of(plan, PALETTE, maps_of(plan), calls_of(plan))
    ops = [layer.op for layer in plan_layers(plan)]
    assert [(ops[w.reducer], ops[w.reader]) for w in peak.waits] == [("MEAN", "MUL")]


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("chain") / "small.tflite"
    path.write_bytes(small_ds_cnn(channels=4, blocks=0))
    return path


def test_maps_of_a_chain_need_not_be_whole(chain: Path) -> None:
    plan = prepare(chain, BOARD, Options(input="streamed")).plan
    assert peak_of(plan, PALETTE, maps_of(plan), calls_of(plan)).waits == ()


def test_alternatives_are_planned_and_only_when_asked(chain: Path) -> None:
    resident, streamed = (prepare(chain, BOARD, Options(input=mode)) for mode in ("resident", "streamed"))
    assert plan_report(resident).alternatives is None
    found = plan_report(resident, explain=True).alternatives or ()
    options = [a.option for a in found]
    assert options == ["--input streamed", "--max-recompute 1.2", "--input streamed --max-recompute 1.2"]
    assert found[0].arena == streamed.plan.peak
    again = prepare(chain, BOARD, Options(input="streamed", max_recompute=1.2)).plan
    assert (found[2].arena, found[2].recompute) == (again.peak, again.recompute)
    assert [a.option for a in plan_report(streamed, explain=True).alternatives or ()] == ["--max-recompute 1.2"]
    spent = prepare(chain, BOARD, Options(input="streamed", max_recompute=1.2))
    assert plan_report(spent, explain=True).alternatives == ()


def test_rows_of_an_output_might_leave(tmp_path: Path) -> None:
    path = tmp_path / "decoder.tflite"
    path.write_bytes(small_decoder(side=6, channels=4))
    kept, leaving = (prepare(path, BOARD, Options(input="streamed", output=way)) for way in ("resident", "streamed"))
    found = plan_report(kept, explain=True).alternatives
    assert ("--output streamed", leaving.plan.peak) in [(a.option, a.arena) for a in found or ()]
    assert leaving.plan.peak < kept.plan.peak
    assert [a.option for a in plan_report(leaving, explain=True).alternatives or ()] == ["--max-recompute 1.2"]


def test_what_else_was_chosen_may_be_given_up(chain: Path) -> None:
    prepared = prepare(chain, BOARD, Options(optimize="speed", input="streamed", float_io=True))
    small, plain = (
        prepare(chain, BOARD, replace(prepared.plan.options, **change)).plan.peak
        for change in ({"optimize": "ram"}, {"float_io": False})
    )
    found = plan_report(prepared, explain=True).alternatives
    assert [(a.option, a.arena) for a in found or ()] == [("--optimize ram", small), ("no --float-io", plain)]


@pytest.mark.parametrize("ram", [None, 100])
def test_the_shortfall_of_a_budget_is_what_is_refused(chain: Path, ram: int | None) -> None:
    report = plan_report(prepare(chain, BOARD, Options(), ram, fit=False), ram)
    assert report.shortfall == ({} if ram is None else {"--ram": report.ram.arena + report.ram.runtime - ram})


@pytest.mark.parametrize("name", ["RAM", "FLASH"])
def test_the_shortfall_of_a_board_is_what_is_refused(chain: Path, name: str) -> None:
    board = load_board("microbit-v1")
    memory = tuple(m.model_copy(update={"bytes": 1024}) if m.name == name else m for m in board.memory)
    prepared = prepare(chain, board.model_copy(update={"memory": memory}), Options(), fit=False)
    report = plan_report(prepared)
    lacks = {"RAM": report.ram.total - 1024, "FLASH": report.flash.total - 1024}
    assert report.shortfall == {{"RAM": "RAM", "FLASH": "flash"}[name]: lacks[name]}
    with pytest.raises(EdgeError) as refused:
        check_fit(prepared)
    assert refused.value.kind is {"RAM": PLAN_RAM, "FLASH": PLAN_FLASH}[name]
