# SPDX-License-Identifier: Apache-2.0
"""edgesdk toolchain"""

from __future__ import annotations

import typer

from edgesdk.cli.options import Json
from edgesdk.cli.output import Progress, emit, note
from edgesdk.text import printable

toolchain = typer.Typer(
    name="toolchain", help="The compilers and emulators that the boards need.", rich_markup_mode=None
)


@toolchain.command("list")
def list_tools(json: Json = False) -> None:
    """Show which tools are here.

    Example: edgesdk toolchain list
    """
    from edgesdk.measure.machine import tool_list
    from edgesdk.report.machine import render_tools

    emit(tool_list(), render_tools, json)


@toolchain.command("install")
def install(json: Json = False) -> None:
    """Install what is missing: with apt as root, else as unpacked packages in the user's cache.

    Example: edgesdk toolchain install
    """
    from edgesdk.measure.machine import install_missing, tool_list
    from edgesdk.report.machine import render_tools

    with Progress() as progress:
        progress("install compilers and emulators")
        installed = install_missing()
    if installed:
        note(f"installed {printable(', '.join(installed), 400)}")
    emit(tool_list(), render_tools, json)
