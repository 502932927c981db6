# SPDX-License-Identifier: Apache-2.0
"""What an installation has, and what it lacks."""

from __future__ import annotations

import importlib.metadata
import platform
import sys

from serial.tools.list_ports import comports

from edgesdk import __version__
from edgesdk.boards import board_ids
from edgesdk.compile.toolchains import cache_dir
from edgesdk.measure.machine import tool_list
from edgesdk.measure.results import Check, DoctorReport, Setting, ToolInfo
from edgesdk.resources import boards_dir, firmware_dir

_ORACLE = "tflite-micro"


def examine(settings: tuple[Setting, ...], precedence: tuple[str, ...]) -> DoctorReport:
    """Looks at Python, the parts of edgesdk, every tool that a board needs, and the optional oracle.

    Args:
        settings, precedence: those of the caller, shown as they are.
    """
    checks = (
        Check("python", "ok", f"{platform.python_version()} at {sys.executable}"),
        Check("system", "ok", platform.platform()),
        Check("firmware sources", _present(firmware_dir().is_dir()), str(firmware_dir()), "reinstall edgesdk"),
        Check(
            "board files",
            _present(bool(board_ids())),
            f"{len(board_ids())} in {boards_dir()}",
            "reinstall edgesdk",
        ),
        *(_tool(tool) for tool in tool_list().tools),
        _oracle(),
        _ports(),
        Check("cache", "ok", str(cache_dir())),
    )
    return DoctorReport(__version__, tuple(_without_fix(c) for c in checks), settings, precedence)


def _present(found: bool) -> str:
    return "ok" if found else "missing"


def _tool(tool: ToolInfo) -> Check:
    if tool.version is not None:
        return Check(tool.name, "ok", f"{tool.version} at {tool.path}")
    # Only the build tools serve every board; without a compiler or an emulator some boards still work.
    status = "missing" if tool.name in ("cmake", "ninja") else "optional"
    fault = "not found" if tool.path is None else f"{tool.path} does not run"
    return Check(tool.name, status, f"{fault}; serves {', '.join(tool.serves)}", "edgesdk toolchain install")


def _ports() -> Check:
    found = [f"{port.device} ({port.description})" for port in comports()]
    return Check("serial ports", "ok", ", ".join(sorted(found)) or "none")


def _oracle() -> Check:
    try:
        version = importlib.metadata.version(_ORACLE)
    except importlib.metadata.PackageNotFoundError:
        return Check(_ORACLE, "optional", "not installed; serves --oracle tflm", "pip install 'edgesdk[oracle]'")
    return Check(_ORACLE, "ok", version)


def _without_fix(check: Check) -> Check:
    return check if check.status != "ok" else Check(check.name, check.status, check.detail)
