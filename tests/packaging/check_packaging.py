# SPDX-License-Identifier: Apache-2.0
"""Builds firmware with edgesdk installed three ways, each from another directory, and compares the images.

The editable install is the one that runs this; the wheel is built from the checkout and from the sdist.
Wheels go into fresh environments that see this one's dependencies, but not its edgesdk.

    python tests/packaging/check_packaging.py
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "tests/models/kws01.tflite"
BOARD = "mps2-an386"


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="edgesdk-packaging-") as name:
        scratch = Path(name)
        wheels = {
            "wheel": build_wheel(scratch / "direct", "--wheel"),
            "sdist-to-wheel": build_wheel(scratch / "from-sdist"),
        }
        pythons = {"editable": Path(sys.executable)}
        pythons |= {kind: install(wheel, scratch / f"venv-{kind}") for kind, wheel in wheels.items()}
        images = {kind: try_out(kind, python, scratch / f"work-{kind}") for kind, python in pythons.items()}
    if len(set(images.values())) != 1:
        print("packaging: the installs build different firmware", file=sys.stderr)
        return 1
    print(f"packaging: {', '.join(images)} build the same firmware of {len(images['editable']):,} bytes")
    return 0


def build_wheel(out: Path, *flags: str) -> Path:
    """A wheel; without "--wheel" by way of an sdist, unpacked elsewhere."""
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", out, *flags, ROOT], cwd=ROOT)
    (wheel,) = out.glob("*.whl")
    return wheel


def install(wheel: Path, folder: Path) -> Path:
    """A fresh environment with the wheel in it; its Python."""
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin/python"
    site = Path(run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], cwd=folder).strip())
    # The line shows this environment's dependencies; the .pth file of its editable edgesdk is not run there.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    run([*pip, "--no-deps", "--no-index", "--ignore-installed", wheel], cwd=folder)
    return python


def try_out(kind: str, python: Path, work: Path) -> bytes:
    """Uses an install from an empty folder; the ELF file it builds."""
    work.mkdir()
    package = Path(run([python, "-c", "import edgesdk; print(edgesdk.__file__)"], cwd=work).strip())
    expected = ROOT / "sdk" if kind == "editable" else python.parent.parent
    if not package.is_relative_to(expected):
        raise SystemExit(f"packaging: {kind} imports {package}")
    command = [python.parent / "edgesdk"]
    boards = json.loads(run([*command, "boards", "--json"], cwd=work))["boards"]
    if BOARD not in {board["id"] for board in boards}:
        raise SystemExit(f"packaging: {kind} has no board files")
    built = json.loads(run([*command, "build", MODEL, "--board", BOARD, "-o", work / "out", "--json"], cwd=work))
    print(f"packaging: {kind}: {len(boards)} boards, {built['flash']['total']:,} bytes of flash", flush=True)
    return Path(built["elf"]).read_bytes()


def run(command: list[object], cwd: Path) -> str:
    """A command's stdout; its failure ends the check with all it said."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
    )
    if done.returncode != 0:
        raise SystemExit(f"packaging: {command} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def environment() -> Mapping[str, str]:
    """Without what would show the checkout to an install, or settings of the user; with the programs of the
    dependencies (cmake, ninja) on PATH, since the fresh environments only borrow the packages."""
    hidden = ("PYTHONPATH", "EDGESDK_BOARD", "EDGESDK_PORT")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return kept | {"PATH": f"{kept.get('PATH', os.defpath)}{os.pathsep}{sysconfig.get_path('scripts')}"}


if __name__ == "__main__":
    sys.exit(main())
