# SPDX-License-Identifier: Apache-2.0
"""The command `edgesdk`. Verbs parse and render; what they do is in the packages below.

A verb imports its machinery inside its function, so that `edgesdk --help` and usage errors are fast.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from edgesdk import __version__
from edgesdk.cli.bench import bench
from edgesdk.cli.boards import boards
from edgesdk.cli.build import build
from edgesdk.cli.convert import convert
from edgesdk.cli.doctor import doctor
from edgesdk.cli.export import export
from edgesdk.cli.flash import flash
from edgesdk.cli.inspect import inspect
from edgesdk.cli.monitor import monitor
from edgesdk.cli.output import emit_error, note
from edgesdk.cli.plan import plan
from edgesdk.cli.profile import profile
from edgesdk.cli.report import report
from edgesdk.cli.toolchain import toolchain
from edgesdk.cli.train import train
from edgesdk.cli.verify import verify
from edgesdk.errors import EXIT_INTERRUPTED, INTERNAL, USAGE, EdgeError

app = typer.Typer(
    name="edgesdk",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
for verb in (
    train,
    convert,
    inspect,
    plan,
    build,
    export,
    flash,
    profile,
    verify,
    bench,
    report,
    boards,
    doctor,
    monitor,
):
    app.command()(verb)
app.add_typer(toolchain, name="toolchain")


def _version(wanted: bool) -> None:
    if wanted:
        print(f"edgesdk {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Turn a trained int8 network into measured, bit-exact firmware for a microcontroller.

    Exit codes: 0 ok, 1 the check failed, 2 usage, 3 unsupported model, 4 device or connection,
    5 toolchain missing, 130 interrupted. docs/errors.md explains every error id.

    Example: edgesdk profile kws01.tflite --board mps2-an386
    """


def run(arguments: Sequence[str]) -> int:
    """Runs one command line and returns its exit code."""
    as_json = "--json" in arguments
    try:
        try:
            # typer's own error handling would print its own format; ours is in emit_error.
            code: Any = app(args=list(arguments) or ["--help"], prog_name="edgesdk", standalone_mode=False)
            return code if isinstance(code, int) else 0
        except typer.TyperException as error:
            raise _usage_error(error) from None
    except EdgeError as error:
        _reported(error, as_json)
        return error.kind.exit_code
    except KeyboardInterrupt:
        note("interrupted")
        return EXIT_INTERRUPTED
    except Exception as error:
        return _bug(error, as_json)


def _usage_error(error: typer.TyperException) -> EdgeError:
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "edgesdk"
    # The message may list choices on lines of their own.
    message = " ".join(error.format_message().split())
    return EdgeError(USAGE, message, tries=(f"{command} --help",))


def _reported(error: EdgeError, as_json: bool) -> None:
    try:
        emit_error(error, as_json)
    except EdgeError as second:  # stdout cannot take the JSON: stderr has it already
        emit_error(second, as_json=False)


def _bug(error: Exception, as_json: bool) -> int:
    """One line for a fault of our own; the traceback only for who asks for it."""
    if os.environ.get("EDGESDK_DEBUG") == "1":
        note("".join(traceback.format_exception(error)).rstrip())
    place = traceback.extract_tb(error.__traceback__)[-1]
    _reported(
        EdgeError(
            INTERNAL,
            f"{type(error).__name__}: {' '.join(str(error).split())}",
            where=f"{os.path.basename(place.filename)}:{place.lineno}",
            tries=("set EDGESDK_DEBUG=1 for the traceback", "report it with the model and the command line"),
        ),
        as_json,
    )
    return INTERNAL.exit_code


def main() -> None:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character gets its escape, not a crash.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))
