# SPDX-License-Identifier: Apache-2.0
"""`edgesdk toolchain install`: Debian's packages, installed by root, unpacked into the user's cache by anyone else."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from edgesdk.compile.toolchains import PACKAGES, find_tool, unpacked_root
from edgesdk.errors import TOOL_FAILED, TOOL_MISSING, EdgeError


@dataclass(frozen=True)
class Installed:
    """What `install_tools` did.

    Args:
        tools: those that were missing.
        packages: installed or unpacked for them, dependencies included.
        root: where they were unpacked, None where the system's package manager installed them.
    """

    tools: tuple[str, ...]
    packages: tuple[str, ...]
    root: Path | None


def install_tools(names: Sequence[str]) -> Installed:
    """Installs the tools of these that are missing.

    Raises:
        EdgeError: TOOL_MISSING without apt-get, TOOL_FAILED where it fails.
    """
    missing = tuple(dict.fromkeys(name for name in names if find_tool(name) is None))
    if not missing:
        return Installed((), (), None)
    unknown = [name for name in missing if name not in PACKAGES]
    if unknown:
        raise EdgeError(
            TOOL_MISSING,
            f"{', '.join(unknown)}: not on this machine",
            why="they come with edgesdk's Python dependencies",
            tries=(f"pip install {' '.join(unknown)}",),
        )
    packages = tuple(dict.fromkeys(PACKAGES[name] for name in missing))
    if shutil.which("apt-get") is None:
        raise EdgeError(
            TOOL_MISSING,
            "apt-get is not on this machine",
            why=f"Debian calls the packages {', '.join(packages)}",
            tries=(f"install {', '.join(missing)} with your package manager, and put them on PATH",),
        )
    if os.geteuid() == 0:
        return Installed(missing, _install(packages), None)
    return Installed(missing, _unpack(packages), unpacked_root())


def _install(packages: tuple[str, ...]) -> tuple[str, ...]:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    _run(["apt-get", "update"], environment)
    new = _new_packages(packages)
    # Recommended packages would bring a C++ library of 1.5 GB, which the firmware, being C, has no use for.
    _run(["apt-get", "install", "--yes", "--no-install-recommends", *packages], environment)
    return new


def _unpack(packages: tuple[str, ...]) -> tuple[str, ...]:
    new = _new_packages(packages)
    root = unpacked_root()
    root.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root.parent) as scratch:
        downloads, tree = Path(scratch) / "debs", Path(scratch) / "tree"
        downloads.mkdir()
        _run(["apt-get", "download", *new], cwd=downloads)
        for package in sorted(downloads.glob("*.deb")):
            _run(["dpkg", "-x", str(package), str(tree)])
        shutil.copytree(tree, root, symlinks=True, dirs_exist_ok=True)
    return new


def _new_packages(packages: Sequence[str]) -> tuple[str, ...]:
    """These packages and those of their dependencies that the system lacks; asking changes nothing."""
    plan = _run(["apt-get", "--simulate", "install", "--no-install-recommends", *packages])
    return tuple(re.findall(r"^Inst (\S+)", plan, re.MULTILINE))


def _run(command: Sequence[str], env: dict[str, str] | None = None, cwd: Path | None = None) -> str:
    try:
        done = subprocess.run(command, env=env, cwd=cwd, capture_output=True, text=True, check=False)
    except OSError as error:
        raise EdgeError(TOOL_FAILED, f"{command[0]} does not run", why=str(error)) from None
    if done.returncode != 0:
        raise EdgeError(
            TOOL_FAILED,
            f"`{' '.join(command[:3])}` failed",
            why=(done.stderr or done.stdout).strip()[-2000:],
            tries=("as root: apt-get update", "check the network"),
        )
    return done.stdout
