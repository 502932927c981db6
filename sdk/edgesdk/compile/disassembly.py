# SPDX-License-Identifier: Apache-2.0
"""A firmware's measured code as text, by the compiler's objdump."""

from __future__ import annotations

import os
import subprocess

from edgesdk.compile.build import Firmware
from edgesdk.compile.toolchains import binary_tool, find_compiler
from edgesdk.errors import TOOL_FAILED, EdgeError

_SECTION = ".edge_code"  # of runtime, kernels, port and compiler support; the linker script makes it
# Without it objdump 2.40 takes Helium's loads and products for those of a coprocessor.
_MACHINES = {"cortex-m55": ("-m", "armv8.1-m.main")}


def disassemble(firmware: Firmware) -> str:
    """What `objdump -d` prints of an Arm firmware. Raises EdgeError TOOL_MISSING, TOOL_FAILED."""
    compiler = find_compiler(firmware.board)
    tool = binary_tool(compiler, "objdump")
    machine = _MACHINES.get(firmware.board.core, ())
    command = [str(tool), "-d", "-j", _SECTION, *machine, str(firmware.elf)]
    environment = os.environ | compiler.env | {"LC_ALL": "C"}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise EdgeError(TOOL_FAILED, f"{tool.name} failed", why=str(error)) from None
    return done.stdout
