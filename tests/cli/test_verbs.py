# SPDX-License-Identifier: Apache-2.0
"""Every verb, really run: its JSON satisfies its schema and its text stands on stdout."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator

from edgesdk.cli import main as cli
from edgesdk.cli.output import Progress

ROOT = Path(__file__).parents[2]
KWS = str(ROOT / "tests/models/kws01.tflite")
AD = str(ROOT / "tests/models/ad01.tflite")
KWS_CRC = "4a3130da"


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("EDGESDK_BOARD", "EDGESDK_PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)


def run_json(schema: str, arguments: list[str], capsys: pytest.CaptureFixture[str], code: int = 0) -> dict:
    """Runs a verb with --json; stdout must be one valid object, stderr must hold no object and no escapes."""
    capsys.readouterr()
    assert cli.run([*arguments, "--json"]) == code
    out, err = capsys.readouterr()
    assert out.count("\n") == 1
    assert "\r" not in out + err
    assert "\x1b" not in out + err
    assert '"schema"' not in err
    value = json.loads(out)
    Draft202012Validator(json.loads((ROOT / f"docs/schema/{schema}.schema.json").read_text())).validate(value)
    return value


def test_inspect(capsys: pytest.CaptureFixture[str]) -> None:
    value = run_json("inspect", ["inspect", KWS], capsys)
    assert (value["macs"], value["bytes"], len(value["layers"])) == (2_656_768, 53_936, 13)
    assert cli.run(["inspect", KWS]) == 0
    assert "2,656,768" in capsys.readouterr().out


def test_plan_and_its_budget(capsys: pytest.CaptureFixture[str]) -> None:
    value = run_json("plan", ["plan", KWS, "--board", "mps2-an386"], capsys)
    assert value["ram"]["arena"] >= value["ram"]["lower_bound"] > 0
    assert value["plan_crc32"] == run_json("plan", ["plan", KWS, "--board", "mps2-an386"], capsys)["plan_crc32"]
    need = value["ram"]["arena"] + value["ram"]["runtime"]
    run_json("plan", ["plan", KWS, "--board", "mps2-an386", "--ram", str(need)], capsys)
    refused = run_json("error", ["plan", KWS, "--board", "mps2-an386", "--ram", str(need - 1)], capsys, code=1)
    assert refused["error"]["id"] == "EDGE-PLAN-001"
    assert f"{need - 1:,}" in refused["error"]["what"]


def test_a_plan_that_does_not_fit_is_shown_before_it_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["plan", AD, "--board", "mps2-an386", "--ram", "500"]) == 1
    out, err = capsys.readouterr()
    assert "FULLY_CONNECTED" in out
    assert "does not fit  --ram: " in out
    assert err.startswith("EDGE-PLAN-001: ")


def test_plan_draws_and_explains(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["plan", AD, "--board", "mps2-an386", "--explain", "--svg", "ad.svg"]
    value = run_json("plan", arguments, capsys)
    assert ElementTree.parse(tmp_path / "ad.svg").getroot().tag.endswith("svg")
    assert max(call["live"] for call in value["calls"]) == value["peak"]["live"] <= value["ram"]["arena"]
    assert value["alternatives"][0]["option"] == "--input streamed"
    assert cli.run(arguments) == 0
    out = capsys.readouterr().out
    assert "peak: " in out
    assert f"With --input streamed: {value['alternatives'][0]['arena']:,} bytes" in out
    absent = ["plan", AD, "--board", "mps2-an386", "--svg", "absent/ad.svg"]
    assert run_json("error", absent, capsys, code=2)["error"]["id"] == "EDGE-FILE-001"


def test_boards_and_doctor_and_tools(capsys: pytest.CaptureFixture[str]) -> None:
    ids = [b["id"] for b in run_json("boards", ["boards"], capsys)["boards"]]
    assert {"host", "mps2-an386", "microbit-v1", "riscv-virt"} <= set(ids)
    for identifier in ids:
        assert [b["id"] for b in run_json("boards", ["boards", identifier], capsys)["boards"]] == [identifier]
    tools = {t["name"]: t for t in run_json("toolchain", ["toolchain", "list"], capsys)["tools"]}
    assert "host" in tools["cc"]["serves"]
    assert run_json("toolchain", ["toolchain", "install"], capsys)["tools"] == list(tools.values())
    assert {c["name"] for c in run_json("doctor", ["doctor"], capsys)["checks"]} >= set(tools)


def test_the_board_may_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EDGESDK_BOARD", "mps2-an500")
    assert run_json("plan", ["plan", KWS], capsys)["board"] == "mps2-an500"
    settings = run_json("doctor", ["doctor"], capsys)["settings"]
    assert {"name": "board", "value": "mps2-an500", "source": "EDGESDK_BOARD"} in settings


def test_build_writes_the_elf(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    value = run_json("build", ["build", KWS, "--board", "mps2-an386", "-o", str(out)], capsys)
    assert Path(value["elf"]).read_bytes().startswith(b"\x7fELF")
    assert (value["ram"]["other"], value["flash"]["other"]) == (0, 0)
    assert all(Path(f).is_file() for f in value["files"])


def test_build_into_a_file_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    error = run_json("error", ["build", AD, "--board", "mps2-an386", "-o", "file"], capsys, code=2)["error"]
    assert error["id"] == "EDGE-FILE-001"


def test_verify_and_bench_on_the_host(capsys: pytest.CaptureFixture[str]) -> None:
    value = run_json("verify", ["verify", KWS, "--board", "host", "--random", "3", "--seed", "7"], capsys)
    assert (value["inputs"], value["seed"], value["mismatched_outputs"], value["first"]) == (3, 7, 0, None)
    table = run_json("bench", ["bench", KWS, AD, "--boards", "host,microbit-v1"], capsys, code=1)["rows"]
    assert [row["board"] for row in table] == ["host", "microbit-v1"] * 2
    assert [row["error"] and row["error"]["id"] for row in table] == [
        None,
        None,
        None,
        "EDGE-PLAN-002",
    ]
    assert table[0]["profile"]["output_crc32"] == KWS_CRC


@pytest.mark.emulator
def test_profile_counts_the_same_twice(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["profile", KWS, "--board", "mps2-an386"]
    first, second = run_json("profile", arguments, capsys), run_json("profile", arguments, capsys)
    assert first == second
    assert first["output_crc32"] == KWS_CRC
    layers = sum(layer["instructions"] for layer in first["layers"])
    assert layers == pytest.approx(first["latency"]["instructions"], rel=0.01)
    assert first["warnings"] == []


@pytest.fixture
def kept_emulator(capsys: pytest.CaptureFixture[str]) -> Iterator[str]:
    """The port of an emulator left running, ended afterwards by the id of its process."""
    before = _emulators()
    value = run_json("flash", ["flash", KWS, "--board", "mps2-an386", "--keep"], capsys)
    yield value["port"]
    for process in _emulators() - before:
        os.kill(process, signal.SIGTERM)


def _emulators() -> set[int]:
    """QEMU processes on Linux that were started with this test's firmware."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes()
            environment = (entry / "environ").read_bytes()
        except OSError:
            continue
        if b"qemu-system-arm" in command and str(Path.cwd()).encode() in environment:
            found.add(int(entry.name))
    return found


@pytest.mark.emulator
def test_flash_keep_and_monitor(kept_emulator: str, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):  # the port can be opened again and again
        arguments = ["monitor", "--port", kept_emulator, "--send", "name", "--send", "what%"]
        lines = run_json("monitor", arguments, capsys, code=1)["lines"]
        assert lines == ["m-name-dut-[edgesdk]", "m-ready", "e-[Unknown command: what]", "m-ready"]
    other = run_json("error", ["profile", AD, "--board", "mps2-an386", "--port", kept_emulator], capsys, code=4)
    assert other["error"]["id"] == "EDGE-DEV-001"


def test_an_absent_port_is_exit_4(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["profile", KWS, "--board", "mps2-an386", "--port", "/dev/tty.absent"]
    assert run_json("error", arguments, capsys, code=4)["error"]["id"] == "EDGE-PORT-001"


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_moves_on_a_terminal_and_stands_in_lines_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "CI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for stream, moves in ((Screen(), True), (io.StringIO(), False)):
        monkeypatch.setattr(sys, "stderr", stream)
        with Progress() as progress:
            for done in range(3):
                progress("verify", done, 2)
            progress("re\x1bport", 0, 0)
        shown = stream.getvalue()
        assert ("\x1b[" in shown) is moves
        if not moves:
            assert shown == "verify ...\nre\\x1bport ...\n"


def test_long_lines_reach_a_pipe_uncut() -> None:
    command = [sys.executable, "-c", "from edgesdk.cli.main import main; main()", "inspect", KWS]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "AVERAGE_POOL_2D x1, CONV_2D x5, DEPTHWISE_CONV_2D x4, FULLY_CONNECTED x1, RESHAPE x1, SOFTMAX x1" in text
