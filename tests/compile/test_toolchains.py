# SPDX-License-Identifier: Apache-2.0
"""Finding tools, and installing those that are missing, with stand-ins for apt-get and dpkg."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgesdk.boards import load_board
from edgesdk.compile import install
from edgesdk.compile.install import install_tools
from edgesdk.compile.toolchains import find_compiler, find_tool, require_tool, tool_names, tool_version, unpacked_root
from edgesdk.errors import TOOL_FAILED, TOOL_MISSING, EdgeError

# apt-get that logs its arguments, knows two packages, and downloads files that the dpkg below unpacks.
APT = """#!/bin/sh
echo "$@" >> {log}
case "$1" in
--simulate) echo "Inst binutils-arm-none-eabi (1)"; echo "Inst gcc-arm-none-eabi (2)"; echo "Conf x" ;;
download) shift; for p in "$@"; do echo > "$p.deb"; done ;;
install) {install} ;;
esac
"""
DPKG = """#!/bin/sh
mkdir -p "$3/usr/bin" "$3/usr/lib/x86_64-linux-gnu"
for p in "$2"; do : ; done
printf '#!/bin/sh\\necho "arm-none-eabi-gcc 1.2.3"\\n' > "$3/usr/bin/arm-none-eabi-gcc"
chmod +x "$3/usr/bin/arm-none-eabi-gcc"
"""


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with a shell and no tools. The folder returned is first on PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "mkdir", "chmod", "rm"):
        (folder / name).symlink_to(f"/bin/{name}")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("CC", raising=False)
    return folder


def script(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def test_missing_tools_say_how_to_get_them(bare: Path) -> None:
    for board_id in ("mps2-an386", "riscv-virt", "host"):
        with pytest.raises(EdgeError) as caught:
            find_compiler(load_board(board_id))
        assert caught.value.kind is TOOL_MISSING
        assert "edgesdk toolchain install" in caught.value.tries


def test_cmake_and_ninja_need_no_path(bare: Path) -> None:
    assert "cmake" in tool_version(require_tool("cmake"))
    assert tool_version(require_tool("ninja"))[0].isdigit()


def test_cc_names_the_compiler(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(bare / "mine", "#!/bin/sh\necho mine 4.0\n")
    monkeypatch.setenv("CC", "mine")
    assert tool_version(require_tool("cc")) == "mine 4.0"
    monkeypatch.setenv("CC", "absent")
    with pytest.raises(EdgeError, match="absent"):
        require_tool("cc")


def test_a_tool_that_does_not_run(bare: Path) -> None:
    script(bare / "qemu-system-arm", "#!/bin/sh\nexit 3\n")
    with pytest.raises(EdgeError) as caught:
        tool_version(require_tool("qemu-system-arm"))
    assert caught.value.kind is TOOL_MISSING


def test_a_board_names_its_tools() -> None:
    assert tool_names(load_board("riscv-virt")) == (
        "cmake",
        "ninja",
        "riscv64-unknown-elf-gcc",
        "qemu-system-riscv32",
    )
    assert tool_names(load_board("host")) == ("cmake", "ninja", "cc")


def test_root_installs_packages(bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "log"
    script(bare / "apt-get", APT.format(log=log, install=":"))
    monkeypatch.setattr(install.os, "geteuid", lambda: 0)
    done = install_tools(["arm-none-eabi-gcc", "cmake", "arm-none-eabi-gcc"])
    assert done.tools == ("arm-none-eabi-gcc",)
    assert done.packages == ("binutils-arm-none-eabi", "gcc-arm-none-eabi")
    assert done.root is None
    assert log.read_text().splitlines()[-1] == "install --yes --no-install-recommends gcc-arm-none-eabi"


def test_others_unpack_them(bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "log"
    script(bare / "apt-get", APT.format(log=log, install="exit 1"))
    script(bare / "dpkg", DPKG)
    monkeypatch.setattr(install.os, "geteuid", lambda: 1000)
    done = install_tools(["arm-none-eabi-gcc"])
    assert done.root == unpacked_root()
    assert log.read_text().splitlines()[-1] == "download binutils-arm-none-eabi gcc-arm-none-eabi"
    tool = require_tool("arm-none-eabi-gcc")
    assert tool.path.is_relative_to(unpacked_root())
    assert str(unpacked_root() / "usr/lib/x86_64-linux-gnu") in tool.env["LD_LIBRARY_PATH"]
    assert tool_version(tool) == "arm-none-eabi-gcc 1.2.3"
    assert install_tools(["arm-none-eabi-gcc"]).tools == ()
    assert sorted(p.name for p in unpacked_root().parent.iterdir()) == ["toolchain"]


def test_failures(bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EdgeError) as caught:
        install_tools(["arm-none-eabi-gcc"])
    assert caught.value.kind is TOOL_MISSING
    assert "gcc-arm-none-eabi" in caught.value.why
    script(bare / "apt-get", APT.format(log=tmp_path / "log", install="echo broken >&2; exit 100"))
    monkeypatch.setattr(install.os, "geteuid", lambda: 0)
    with pytest.raises(EdgeError) as caught:
        install_tools(["arm-none-eabi-gcc"])
    assert caught.value.kind is TOOL_FAILED
    assert "broken" in caught.value.why
    assert find_tool("arm-none-eabi-gcc") is None
