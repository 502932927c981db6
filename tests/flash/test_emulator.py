# SPDX-License-Identifier: Apache-2.0
"""The emulator's process: it starts, it fails clearly, and it never outlives us unasked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from edgesdk.boards import load_board
from edgesdk.compile.build import Firmware
from edgesdk.errors import BOARD_NO_EMULATOR, EMULATOR_FAILED, TOOL_MISSING, EdgeError
from edgesdk.flash.emulator import Emulator
from edgesdk.link.transport import SocketTransport
from port_programs import build_program, read_until

pytestmark = pytest.mark.emulator
PROGRAM = Path(__file__).parent.parent / "boards/port_program.c"


@pytest.fixture(scope="module")
def firmware(tmp_path_factory: pytest.TempPathFactory) -> Firmware:
    return build_program(load_board("mps2-an385"), PROGRAM, tmp_path_factory.mktemp("program"))


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def gone(pid: int) -> bool:
    for _ in range(100):
        if not alive(pid):
            return True
        time.sleep(0.05)
    return False


def interrupted(firmware: Firmware, pids: list[int]) -> None:
    with Emulator(firmware) as emulator:
        pids.append(emulator.pid)
        line = SocketTransport(emulator.url)
        read_until(line, b"ready\n")
        line.close()
        emulator.check()
        assert alive(emulator.pid)
        raise KeyboardInterrupt


def test_it_ends_with_its_context(firmware: Firmware) -> None:
    pids: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        interrupted(firmware, pids)
    assert gone(pids[0])


def test_many_at_once_have_their_own_ports(firmware: Firmware) -> None:
    emulators = [Emulator(firmware) for _ in range(6)]
    try:
        assert len({e.url for e in emulators}) == 6
        for emulator in emulators:
            line = SocketTransport(emulator.url)
            read_until(line, b"ready\n")
            line.close()
    finally:
        for emulator in emulators:
            emulator.close()


def test_an_idle_board_costs_no_processor_time(firmware: Firmware) -> None:
    def ticks(pid: int) -> int:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    with Emulator(firmware) as emulator:
        line = SocketTransport(emulator.url)
        read_until(line, b"ready\n")
        time.sleep(0.3)
        before = ticks(emulator.pid)
        time.sleep(1.0)
        assert ticks(emulator.pid) - before <= 0.2 * os.sysconf("SC_CLK_TCK")
        line.close()


def test_it_dies_with_a_parent_that_is_killed(firmware: Firmware) -> None:
    code = (
        "import sys, time; from pathlib import Path; from edgesdk.boards import load_board; "
        "from edgesdk.compile.build import Firmware; from edgesdk.flash.emulator import Emulator; "
        "f = Firmware(Path(sys.argv[1]), load_board('mps2-an385'), None, '', ()); "
        "e = Emulator(f, keep=sys.argv[2] == 'keep'); "
        "print(e.pid, flush=True); time.sleep(60)"
    )
    for keep in ("", "keep"):
        child = subprocess.Popen([sys.executable, "-c", code, str(firmware.elf), keep], stdout=subprocess.PIPE)
        assert child.stdout is not None
        pid = int(child.stdout.readline())
        assert alive(pid)
        child.kill()
        child.wait()
        child.stdout.close()
        if keep:
            time.sleep(0.3)
            assert alive(pid)
            os.kill(pid, signal.SIGKILL)
        assert gone(pid)


def test_a_file_that_is_no_firmware(firmware: Firmware, tmp_path: Path) -> None:
    """QEMU looks for it once somebody listens."""
    with Emulator(replace(firmware, elf=tmp_path / "absent.elf")) as emulator:
        SocketTransport(emulator.url).close()
        assert emulator.wait(30) != 0
        with pytest.raises(EdgeError) as caught:
            emulator.check()
    assert caught.value.kind is EMULATOR_FAILED
    assert "absent.elf" in caught.value.why


def test_a_board_without_emulator(firmware: Firmware) -> None:
    with pytest.raises(EdgeError) as caught:
        Emulator(replace(firmware, board=load_board("host")))
    assert caught.value.kind is BOARD_NO_EMULATOR


def test_a_machine_without_qemu(firmware: Firmware, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(EdgeError) as caught:
        Emulator(firmware)
    assert caught.value.kind is TOOL_MISSING


def test_one_that_does_not_end(firmware: Firmware) -> None:
    with Emulator(firmware) as emulator, pytest.raises(EdgeError) as caught:
        emulator.wait(0.1)
    assert caught.value.kind is EMULATOR_FAILED
