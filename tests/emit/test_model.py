# SPDX-License-Identifier: Apache-2.0
"""What model.c says about its operators."""

from __future__ import annotations

from condensation_models import CHANNELS, SIZE, condensation
from edgesdk.emit import emit_model
from edgesdk.plan import plan_graph


def test_the_comment_of_a_fused_operator_names_what_is_made() -> None:
    source = emit_model(plan_graph(condensation(), ("portable",), "ram"), "one")["model_one.c"]
    assert f"/* CONV_2D > edgesdk.CrossChannelPool -> [1, {SIZE}, {SIZE}, {CHANNELS}] */" in source
