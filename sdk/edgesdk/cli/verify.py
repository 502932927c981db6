# SPDX-License-Identifier: Apache-2.0
"""edgesdk verify"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from edgesdk.cli.options import BoardId, FloatIo, Input, Json, MaxRecompute, Model, Optimize, Output, Port, Ram, Stream
from edgesdk.cli.output import Progress, emit, note
from edgesdk.cli.target import choose, plan_options
from edgesdk.errors import USAGE, VERIFY_MISMATCH, EdgeError

_RANDOM = 10


def verify(
    model: Model,
    board: BoardId = None,
    port: Port = None,
    random: Annotated[
        int | None,
        typer.Option("--random", metavar="N", min=1, max=100_000, help=f"Random inputs. [default: {_RANDOM}]"),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="S", min=0, help="Of the random inputs.")] = 0,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="X.npz", help="Inputs from a file instead.", show_default=False),
    ] = None,
    oracle: Annotated[
        Literal["reference", "tflm"],
        typer.Option("--oracle", help="Where the expected outputs come from; tflm needs the extra `oracle`."),
    ] = "reference",
    ram: Ram = None,
    optimize: Optimize = "ram",
    input: Input = "resident",
    output: Output = "resident",
    float_io: FloatIo = False,
    stream: Stream = None,
    max_recompute: MaxRecompute = 1.0,
    json: Json = False,
) -> int:
    """Check that a board computes bit for bit what the model says; exit 1 where it does not.

    Every tensor that the firmware stores is compared, and all outputs. The board host-litert is LiteRT on this machine
    with the delegate for the model's custom operators; what those make is compared.

    Example: edgesdk verify kws01.tflite --board mps2-an386 --random 50
    """
    if data is not None and random is not None:
        raise EdgeError(USAGE, "--data and --random exclude each other")
    from edgesdk.measure.litert import BOARD, verify_litert
    from edgesdk.measure.verify import Inputs
    from edgesdk.measure.verify import verify as run
    from edgesdk.report.verify import render_verify

    inputs = Inputs(data=data, count=random or _RANDOM, seed=seed)
    with Progress() as progress:
        if board == BOARD:
            result = verify_litert(model, inputs, progress)
        else:
            chosen = choose(board, port, connects=True)
            options = plan_options(optimize, input, float_io, stream, max_recompute, output)
            result = run(
                model, chosen.board, options, inputs, ram=ram, port=chosen.port, oracle=oracle, progress=progress
            )
    emit(result, render_verify, json)
    if result.clean:
        return 0
    note(f"{VERIFY_MISMATCH.id}: {VERIFY_MISMATCH.title}")
    return VERIFY_MISMATCH.exit_code
