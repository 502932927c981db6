# SPDX-License-Identifier: Apache-2.0
"""What reaches stdout and stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any, TypeVar

from edgesdk.errors import FILE_WRITE, EdgeError
from edgesdk.measure.results import ErrorInfo
from edgesdk.report.document import Document
from edgesdk.report.error import error_text
from edgesdk.report.json_output import json_text
from edgesdk.report.terminal import is_fancy, show
from edgesdk.text import printable

Result = TypeVar("Result")


def emit(result: Result, render: Callable[[Result], Document], as_json: bool) -> None:
    """Writes a result to stdout: as one JSON object, or as its document."""
    _write(lambda: print(json_text(result)) if as_json else show(render(result), sys.stdout))


def emit_error(error: EdgeError, as_json: bool) -> None:
    """Writes an error to stderr, and to stdout too where that carries JSON."""
    info = ErrorInfo.of(error)
    note(error_text(info))
    if as_json:
        _write(lambda: print(json_text(info)))


def note(text: str) -> None:
    """A line for people, on stderr; `text` is escaped already. A closed stderr is nobody's business."""
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        _silence(sys.stderr)


def _write(action: Callable[[], object]) -> None:
    """Writes to stdout. A reader that has gone away (`| head`) is no error; a full disk is one."""
    try:
        action()
        sys.stdout.flush()
    except BrokenPipeError:
        _silence(sys.stdout)
    except OSError as error:
        _silence(sys.stdout)
        raise EdgeError(FILE_WRITE, "the standard output cannot be written", why=str(error)) from None


def _silence(stream: Any) -> None:
    """Lets the interpreter's own flush at exit succeed."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class Progress:
    """Shows how far a verb has come, in a `with`: a bar on a terminal, a line per phase anywhere else."""

    def __init__(self) -> None:
        self._phase = ""
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, phase: str, done: int = 0, total: int = 0) -> None:
        """Reports that `phase` has done `done` of `total` steps; a total of 0 is unknown."""
        phase = printable(phase)
        if is_fancy(sys.stderr):
            self._move(phase, done, total)
        elif phase != self._phase:
            note(f"{phase} ...")
        self._phase = phase

    def _move(self, phase: str, done: int, total: int) -> None:
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn
            from rich.progress import Progress as RichProgress

            columns = (
                SpinnerColumn(),
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                MofNCompleteColumn(),
            )
            self._bar = RichProgress(*columns, console=Console(stderr=True), transient=True)
            self._bar.start()
            self._task = self._bar.add_task(phase)
        if phase != self._phase:
            self._bar.reset(self._task)
        self._bar.update(self._task, description=phase, completed=done, total=total or None)
