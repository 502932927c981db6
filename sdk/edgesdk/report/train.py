# SPDX-License-Identifier: Apache-2.0
"""A recipe's result as a table for each task."""

from __future__ import annotations

from edgesdk.measure.results import ArmResult, Figure, TrainResult
from edgesdk.report.document import Block, Column, Document, Facts, Table, count


def render_train(result: TrainResult) -> Document:
    """One row for each arm: its figures as mean and deviation, and what the board measured."""
    blocks: list[Block] = []
    for task in dict.fromkeys(arm.task for arm in result.arms):
        arms = [arm for arm in result.arms if arm.task == task]
        names = list(dict.fromkeys(name for arm in arms for name in arm.figures))
        measured = list(dict.fromkeys(name for arm in arms for name in arm.board))
        columns = [Column(task), *(Column(name.replace("_", " "), right=True) for name in (*names, *measured))]
        rows = tuple(
            (
                _name(arm),
                *(shown(arm.figures.get(name)) for name in names),
                *(count(arm.board.get(name)) for name in measured),
            )
            for arm in arms
        )
        blocks.append(Table(tuple(columns), rows))
    size = "tiny" if result.tiny else f"{result.seeds} seeds"
    blocks.append(
        Facts(
            (
                ("recipe", f"{result.recipe}, {size}, {result.cpu_hours:.2f} core-hours"),
                ("board", result.board),
                ("results in", result.folder),
            )
        )
    )
    return blocks


def shown(figure: Figure | None) -> str:
    """A share in percent, anything else as it is, with its deviation where there are several seeds."""
    if figure is None:
        return ""
    if all(value == int(value) and value > 1 for value in figure.values):
        return f"{figure.mean:,.0f}"
    deviation = "" if figure.deviation is None else f" ± {100 * figure.deviation:.2f}"
    return f"{100 * figure.mean:.2f}{deviation} %"


def _name(arm: ArmResult) -> str:
    return f"{arm.name} (under-trained)" if arm.undertrained else arm.name
