# SPDX-License-Identifier: Apache-2.0
"""One channel of one layer is off by one: `verify` names that very layer, its tensor and a row."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from benchmark_models import model_path
from board_at_a_port import board_at_a_port
from command import edgesdk
from edgesdk.boards import load_board
from edgesdk.compile.build import build_firmware
from edgesdk.measure.build import emit_sources
from edgesdk.measure.prepare import Prepared, prepare
from edgesdk.measure.results import Verify
from edgesdk.measure.target import select, start
from edgesdk.measure.verify import Inputs, compare
from edgesdk.model.plan import Options
from wrapped_kernels import wrap_kernels

CASES = Inputs(count=2)

# Adds 1, wrapping as int8 does, to one channel of the rows that the layer's own kernel has just written. A kernel that
# accumulates into one row is called once per band: then the last call alone, or the next band would build on the fault.
_INJECT = """
    ORIGINAL;
    if ({accumulates} && span.y + span.rows < op->frame_rows) {{
        return;
    }}
    for (unsigned r = 0; r < out->count; r++) {{
        for (unsigned x = 0; x < {pixels}u; x++) {{
            int8_t *element = out->row[r] + x * out->pitch + {channel};
            *element = (int8_t)((uint8_t)*element + 1u);
        }}
    }}
"""


def with_fault(prepared: Prepared, step: int, channel: int) -> Mapping[str, str]:
    """The generated sources, with a fault in one channel (modulo their number) of one operator."""
    graph = prepared.plan.graph
    output = graph.tensor_out(graph.nodes[prepared.plan.steps[step].node])
    rows, pixels, channels = output.rows_shape
    body = _INJECT.format(accumulates=int(rows == 1), pixels=pixels, channel=channel % channels)
    sources = dict(emit_sources(prepared))
    name = f"model_{prepared.prefix}.c"
    sources[name] = wrap_kernels(sources[name], {step: body})
    return sources


def verified(prepared: Prepared, sources: Mapping[str, str], directory: Path) -> Verify:
    firmware = build_firmware(prepared.board, sources, directory)
    with ExitStack() as stack:
        device = stack.enter_context(start(firmware, stack))
        select(device, prepared)
        return compare(prepared, device, CASES.cases(prepared.plan.graph), CASES)


def assert_named(prepared: Prepared, step: int, result: Verify) -> None:
    graph = prepared.plan.graph
    node = graph.nodes[prepared.plan.steps[step].node]
    first = result.first
    assert not result.clean
    assert first is not None
    assert (first.input, first.layer, first.op) == (0, step, node.op)
    assert first.tensor == graph.tensor_out(node).name
    assert 0 <= first.row < graph.tensor_out(node).rows_shape[0]
    assert first.expected_crc32 != first.got_crc32


def layers(model: str) -> list[object]:
    return list(range(len(prepare(model_path(model), load_board("host"), Options()).plan.steps)))


@pytest.mark.parametrize(("model", "step"), [(model, step) for model in ("kws01", "ic01") for step in layers(model)])
def test_host(model: str, step: int, tmp_path: Path) -> None:
    prepared = prepare(model_path(model), load_board("host"), Options())
    assert_named(prepared, step, verified(prepared, with_fault(prepared, step, 5 * step + 1), tmp_path))


@pytest.mark.emulator
@pytest.mark.parametrize("step", [0, 5, 10])
def test_emulator(step: int, tmp_path: Path) -> None:
    prepared = prepare(model_path("kws01"), load_board("mps2-an386"), Options())
    assert_named(prepared, step, verified(prepared, with_fault(prepared, step, 7), tmp_path))


def test_the_last_layer_changes_the_outputs(tmp_path: Path) -> None:
    prepared = prepare(model_path("kws01"), load_board("host"), Options())
    last = len(prepared.plan.steps) - 1
    assert verified(prepared, with_fault(prepared, last, 3), tmp_path).mismatched_outputs == CASES.count


def test_without_a_fault_it_is_clean(tmp_path: Path) -> None:
    prepared = prepare(model_path("kws01"), load_board("host"), Options())
    assert verified(prepared, emit_sources(prepared), tmp_path).clean


def test_the_command_ends_with_1(tmp_path: Path) -> None:
    prepared = prepare(model_path("kws01"), load_board("host"), Options())
    firmware = build_firmware(prepared.board, with_fault(prepared, 6, 20), tmp_path)
    with board_at_a_port(firmware.elf) as port:
        ended = edgesdk("verify", prepared.path, "--board", "host", "--port", port, "--random", "2")
    assert ended.code == 1
    first = ended.value["first"]
    assert (first["input"], first["layer"], first["op"]) == (0, 6, "CONV_2D")
