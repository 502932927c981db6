# SPDX-License-Identifier: Apache-2.0
"""edgesdk train"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from edgesdk.cli.options import Json
from edgesdk.cli.output import Progress, emit
from edgesdk.cli.paths import check_folder
from edgesdk.errors import TOOL_MISSING, EdgeError


def train(
    recipe: Annotated[str, typer.Argument(metavar="RECIPE", help="Such as ordinal; docs/recipes.md lists them.")],
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="DIR", help="Where results go; a run that was interrupted there goes on."
        ),
    ],
    tiny: Annotated[bool, typer.Option("--tiny", help="One short seed of every network: less than an hour.")] = False,
    board: Annotated[
        str, typer.Option("--board", metavar="ID", help="Emulated board that the int8 networks run on.")
    ] = "mps2-an386",
    json: Json = False,
) -> int:
    """Train the networks that a recipe compares, quantize them, and run them on an emulated board.

    Needs the extra `keras`. Interrupted and started again with the same folder it gives the same result.

    Example: edgesdk train ordinal -o out/ordinal --tiny
    """
    # TensorFlow speaks up on stderr, and its oneDNN kernels sum in an order that depends on the machine.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    try:
        from edgesdk_converters.recipes import find_recipe
        from edgesdk_converters.recipes.study import run_recipe
    except ImportError as error:
        raise EdgeError(
            TOOL_MISSING, "training needs Keras and TensorFlow", why=str(error), tries=("pip install 'edgesdk[keras]'",)
        ) from None
    from edgesdk.boards import load_board
    from edgesdk.report.train import render_train

    found = find_recipe(recipe)
    check_folder(output)
    with Progress() as progress:
        result = run_recipe(found, output, load_board(board), tiny=tiny, progress=progress)
    emit(result, render_train, json)
    return 0
