# SPDX-License-Identifier: Apache-2.0
"""Scratch and bands as the planner's choice: never at the price of the peak, all where speed may have it."""

from __future__ import annotations

import pytest

from edgesdk.emit.model import context_size, emit_model
from edgesdk.model.plan import Options, Plan
from edgesdk.plan.planner import plan_graph
from edgesdk.plan.room import TOUCHED
from edgesdk.rewrite.load import load_model
from edgesdk.rewrite.pipeline import rewrite
from model_files import MODELS
from support import DSP


def plan(name: str, optimize: str) -> Plan:
    options = Options(optimize=optimize)
    return plan_graph(rewrite(load_model(MODELS / f"{name}.tflite"), options), DSP, "ram", options)


@pytest.mark.parametrize(("optimize", "wide"), [("ram", 8), ("speed", 10)])
def test_a_fully_connected_layer_widens_its_input_where_there_is_room(optimize: str, wide: int) -> None:
    found = plan("ad01", optimize)
    given = [step.scratch.bytes if step.scratch else 0 for step in found.steps]
    assert sum(size > 0 for size in given) == wide
    assert found.peak == 768 + 1280 * (optimize == "speed")
    source = emit_model(found, "ad01")["model_ad01.c"]
    assert source.count(".multiply = edge_gemm_quad_wide_s8_dsp") == wide
    assert source.count(".multiply = edge_gemm_quad_bytes_s8_dsp") == 10 - wide


def test_a_convolution_takes_two_pixels_at_the_peak_and_three_elsewhere() -> None:
    found = plan("ic01", "ram")
    source = emit_model(found, "ic01")["model_ic01.c"]
    assert ".pixels = 2," in source
    assert ".pixels = 3," in source
    assert found.peak < plan("ic01", "speed").peak


def test_wide_bands_take_no_room_in_the_context() -> None:
    """Each of vww01's layers runs alone, so that any band would do for the arena."""
    found, fastest = plan("vww01", "ram"), plan("vww01", "speed")
    assert context_size(found)[1] <= TOUCHED < context_size(fastest)[1]
    assert max(step.band for step in found.steps) > 1
