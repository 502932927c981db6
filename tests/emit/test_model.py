# SPDX-License-Identifier: Apache-2.0
"""What model.c says about its operators."""

from __future__ import annotations

from condensation_models import CHANNELS, SIZE, condensation
from edgesdk.emit import emit_model
from edgesdk.kernels.palette import palette_of
from edgesdk.model.plan import Options
from edgesdk.plan import plan_graph


def test_the_comment_of_a_fused_operator_names_what_is_made() -> None:
    source = emit_model(plan_graph(condensation(), palette_of("portable"), "ram"), "one")["model_one.c"]
    assert f"/* CONV_2D > edgesdk.CrossChannelPool -> [1, {SIZE}, {SIZE}, {CHANNELS}] */" in source


def test_the_header_says_what_goes_in_and_comes_out() -> None:
    graph = condensation()
    plans = (plan_graph(graph, palette_of("portable"), "ram", Options(input=way)) for way in ("resident", "streamed"))
    kept, rows = (emit_model(plan, "one")["model_one.h"] for plan in plans)
    tensor = graph.tensors[graph.inputs[0]]
    height, width, channels = tensor.rows_shape
    shape = " x ".join(str(n) for n in tensor.shape)
    assert f" * input 0: {shape} int8, real = {tensor.scale:.9g} * (q " in kept
    assert "ROW_BYTES" not in kept
    assert f"; {height} rows of {width * channels} bytes, one by one: edge_set_source, or edge_push_row\n" in rows
    assert f"ONE_INPUT_0_ROWS = {height}," in rows
    assert f"ONE_INPUT_0_ROW_BYTES = {width * channels}," in rows
