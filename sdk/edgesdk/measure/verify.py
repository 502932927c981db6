# SPDX-License-Identifier: Apache-2.0
"""Does a board compute what the model says? Every row of every materialised tensor, and the outputs."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from edgesdk.boards import Board
from edgesdk.link.client import Device
from edgesdk.link.messages import RowCrc
from edgesdk.measure.inputs import Case, load_cases, random_cases
from edgesdk.measure.oracle import SourceOracle
from edgesdk.measure.prepare import Prepared, prepare
from edgesdk.measure.results import Divergence, Verify
from edgesdk.measure.target import open_device
from edgesdk.measure.tflm import TflmOracle
from edgesdk.model.graph import Array, Graph
from edgesdk.model.plan import Options, Plan
from edgesdk.ops.reference import run_reference

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Inputs:
    """What to compare on: a file's inferences, or `count` random ones from `seed`."""

    data: Path | None = None
    count: int = 10
    seed: int = 0

    def cases(self, graph: Graph) -> Sequence[Case]:
        if self.data is not None:
            return load_cases(graph, self.data)
        return list(random_cases(graph, self.count, self.seed))


def verify(
    model: Path,
    board: Board,
    options: Options,
    inputs: Inputs,
    *,
    ram: int | None = None,
    port: str | None = None,
    oracle: str = "reference",
    progress: Progress | None = None,
) -> Verify:
    """Runs a model on a board and compares every tensor that it materialises with the reference.

    Args:
        port: where the board answers; without one its emulator is started.
        oracle: "reference", or "tflm", which takes the outputs from the tflite-micro wheel instead.
        progress: called with what goes on, inferences done, and all of them.

    Raises:
        EdgeError: of planning, building, and the connection; USAGE and TOOL_MISSING of the oracle. A difference is a
            result, not an error.
    """
    prepared = prepare(model, board, options, ram)
    cases = inputs.cases(prepared.clip)
    outputs_of = TflmOracle(prepared).outputs if oracle == "tflm" else None
    with open_device(prepared, port) as target:
        return compare(prepared, target.device, cases, inputs, outputs_of, progress)


def compare(
    prepared: Prepared,
    device: Device,
    cases: Sequence[Case],
    inputs: Inputs,
    outputs_of: Callable[[Case], Sequence[Array]] | None = None,
    progress: Progress | None = None,
) -> Verify:
    """`verify` on a device that already runs the model: every row against the rewritten graph, and the outputs against
    the file's graph, so that a wrong rewrite shows too.

    Args:
        outputs_of: another source of the expected outputs than the reference.
    """
    plan, source = prepared.plan, SourceOracle(prepared)
    compared = mismatched = 0
    first: Divergence | None = None
    for number, case in enumerate(cases):
        values = run_reference(prepared.clip, case)
        want = (outputs_of or source.outputs)(case)
        calls = _calls(plan, case)
        if plan.options.stream is not None:
            device.restart()
        for k, raw in enumerate(calls):
            got = device.outputs(partial(device.write_inputs, raw), partial(_replay, device, calls, k))
            parts = [_part(w, k, len(calls)) for w in want]
            mismatched += sum(_differing(w, g) for w, g in zip(parts, got, strict=True))
        for k in range(len(calls)):
            records = device.trace(partial(_replay, device, calls, k))
            shares = {t: _part(v, k, len(calls)) for t, v in values.items() if t in plan.maps}
            count, divergence = _compare_rows(plan, shares, records)
            compared += count
            if divergence is not None and first is None:
                first = _named(plan, number, *divergence)
        if progress:
            progress("verify", number + 1, len(cases))
    return Verify(
        board=prepared.board.id,
        emulated=device.hello.ns_per_instruction != 0,
        model=prepared.path.name,
        optimize=plan.options.optimize,
        input=plan.options.input,
        inputs=len(cases),
        tensors_compared=compared,
        mismatched_outputs=mismatched,
        first=first,
        oracle="tflm" if outputs_of else "reference",
        seed=None if inputs.data else inputs.seed,
        stream=plan.options.stream,
        output=plan.options.output,
    )


def _calls(plan: Plan, case: Case) -> list[list[bytes]]:
    """The inputs of every call; of a network over time a call takes the next frames of the clip."""
    stream = plan.options.stream
    calls = 1 if stream is None else case[0].shape[1] // stream
    return [[_part(x, k, calls).tobytes() for x in case] for k in range(calls)]


def _part(array: Array, call: int, calls: int) -> Array:
    """A call's share of a tensor of the clip: time is its first axis longer than 1."""
    flat = np.ascontiguousarray(array).reshape(-1)
    size = flat.size // calls
    return flat[call * size : (call + 1) * size]


def _replay(device: Device, calls: Sequence[Sequence[bytes]], upto: int) -> None:
    """Brings a device to where call `upto` begins, its input written; a trace may need that again."""
    if len(calls) > 1:
        device.restart()
        for raw in calls[:upto]:
            device.write_inputs(raw)
            device.run()
    device.write_inputs(calls[upto])


def _differing(want: Array, got: bytes) -> int:
    """Elements that differ, bit for bit."""
    size = want.dtype.itemsize
    expected = np.frombuffer(np.ascontiguousarray(want).tobytes(), np.uint8).reshape(-1, size)
    return int((expected != np.frombuffer(got, np.uint8).reshape(-1, size)).any(axis=1).sum())


RowDivergence = tuple[int, int, int, int, int]  # step, tensor, row, expected CRC, CRC got


def _compare_rows(
    plan: Plan, values: Mapping[int, Array], records: Iterable[RowCrc]
) -> tuple[int, RowDivergence | None]:
    """Tensors compared, and the first row in execution order that differs. A row that never came differs with CRC 0."""
    map_index = {t: i for i, t in enumerate(plan.stored)}
    got: dict[tuple[int, int, int], int] = {}
    for record in records:
        got[record.op, record.map, record.row] = record.crc32
    compared = 0
    first: RowDivergence | None = None
    for index, step in enumerate(plan.steps):
        for t in plan.graph.nodes[step.node if step.epilogue is None else step.epilogue].outputs:
            compared += 1
            rows = _row_bytes(values[t], plan.maps[t].rows)
            for row, data in enumerate(rows):
                expected = zlib.crc32(data)
                found = got.get((index, map_index[t], row), 0)
                if found != expected and first is None:
                    first = (index, t, row, expected, found)
    return compared, first


def _row_bytes(array: Array, rows: int) -> list[bytes]:
    data = np.ascontiguousarray(array).tobytes()
    size = len(data) // rows
    return [data[i * size : (i + 1) * size] for i in range(rows)]


def _named(plan: Plan, number: int, step: int, tensor: int, row: int, expected: int, got: int) -> Divergence:
    node = plan.graph.nodes[plan.steps[step].node]
    return Divergence(
        input=number,
        layer=step,
        op=node.op,
        tensor=plan.graph.tensors[tensor].name,
        row=row,
        expected_crc32=f"{expected:08x}",
        got_crc32=f"{got:08x}",
    )
