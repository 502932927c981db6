# SPDX-License-Identifier: Apache-2.0
"""One result of every verb, with a hostile string wherever a model, a port or a file could put one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from edgesdk.measure import results as r

HOSTILE = '\x1b[31mred\x1b[0m\r\n*/ "quoted" ../up [bold]x[/bold] \u202eback \ud800'

_REGIONS = {HOSTILE: r.RegionUse(9000, 16384)}
_RAM = r.RamAccount(
    arena=22_000, runtime=300, stack=520, app=4000, total=26_820, other=0, regions=_REGIONS, watermark=1
)
_FLASH = r.FlashAccount(code=9000, weights=30_000, app=8000, total=47_000, other=0, limit=262_144)
_TENSOR = r.TensorInfo(HOSTILE, (1, 49, 10, 1), "int8", 490, 0.5, -3)
_LAYER = r.LayerProfile(
    0, "CONV_2D", HOSTILE, (0, 1), (1, 25, 5, 64), 320_000, 320_000, 900_000, None, None, 800, "edge_x"
)
PROFILE = r.Profile(
    board="mps2-an386",
    emulated=True,
    model=HOSTILE,
    optimize="ram",
    input="resident",
    latency=r.Latency(instructions=900_100, cycles_estimated=1_350_000),
    init=r.Init(instructions=321),
    macs=320_000,
    macs_executed=320_000,
    ram=_RAM,
    flash=_FLASH,
    output_crc32="4a3130da",
    layers=(_LAYER,),
    clock_hz=25_000_000,
    compiler=HOSTILE,
    warnings=(HOSTILE,),
    cycles_model=r.CyclesModel("cortex-m4", True, HOSTILE, HOSTILE, HOSTILE, 1_000_000, 50_000, 300_000),
)
ERROR = r.ErrorInfo("EDGE-OP-001", HOSTILE, HOSTILE, HOSTILE, (HOSTILE, HOSTILE, HOSTILE), 3)
_DIVERGENCE = r.Divergence(3, 2, "ADD", HOSTILE, 7, "00000000", "ffffffff")
_SCRATCH = r.PlanPlace("RAM", 700, 50, 0, 2, row=0, rows=1)
_PLAN_LAYER = r.PlanLayer(
    0, "CONV_2D", HOSTILE, (0,), (), 5, 5, 800, "edge_x", "RELU", segment=0, band=1, scratch=_SCRATCH, state=None
)
_ROWS = (r.PlanPlace("RAM", 0, 320, 0, 1, row=0, rows=2), r.PlanPlace("RAM", 0, 160, 2, 2, row=2, rows=1))
_PLAN_MAP = r.PlanMap(7, HOSTILE, (1, 3, 2, 80), "ring", 0, (), rows=3, row_bytes=160, rows_kept=2, places=_ROWS)
_INPUT_PLACE = (r.PlanPlace("RAM", 320, 380, 0, 2, row=0, rows=1),)
_INPUT_MAP = r.PlanMap(0, HOSTILE, (1, 1, 1, 380), "real", None, (0,), 1, 380, 1, _INPUT_PLACE)
_PEAK = r.PlanPeak(
    call=1,
    need=752,
    holders=(
        r.PlanHolder("map", 0, None, 1, 380),
        r.PlanHolder("map", 7, 0, 2, 320),
        r.PlanHolder("scratch", None, 0, 1, 50),
    ),
    shared=10,
    live=740,
    gaps=60,
    waits=(r.PlanWait(7, 0, 0),),
)
_COMMON = {"board": "mps2-an386", "model": HOSTILE, "optimize": "ram", "input": "resident"}
_FIRMWARE = {
    **{key: value for key, value in _COMMON.items() if key != "model"},
    "models": (r.FirmwareModel(HOSTILE, "00000001", "00000002"),),
}
_CRCS = {"model_crc32": "00000001", "plan_crc32": "00000002"}

SAMPLES: Mapping[str, Any] = {
    "bench": r.BenchTable((r.BenchRow("host", HOSTILE, PROFILE, None), r.BenchRow("host", HOSTILE, None, ERROR))),
    "boards": r.BoardList(
        (
            r.BoardInfo(
                "x",
                HOSTILE,
                HOSTILE,
                "cortex-m0",
                {"RAM": 16384},
                {"FLASH": 262_144},
                None,
                HOSTILE,
                ("RAM",),
                {"RAM": 99},
                HOSTILE,
            ),
        )
    ),
    "build": r.BuildResult(
        **_FIRMWARE,
        directory=Path("out"),
        elf=Path("out/firmware.elf"),
        files=(Path("out/model.c"),),
        compiler=HOSTILE,
        ram=r.RamAccount(22_000, 300, None, 4000, 26_300, 0, {}),
        flash=_FLASH,
    ),
    "doctor": r.DoctorReport(
        "0.1.0",
        (r.Check("cc", "missing", HOSTILE, "edgesdk toolchain install"),),
        (r.Setting("board", None, "default"), r.Setting("port", HOSTILE, HOSTILE)),
        ("the flag", "the default"),
    ),
    "error": ERROR,
    "flash": r.FlashResult(**_FIRMWARE, emulated=True, port=HOSTILE, kept=False, ram=_RAM, flash=_FLASH),
    "inspect": r.InspectReport(
        HOSTILE,
        100,
        "0000000a",
        (_TENSOR,),
        (_TENSOR,),
        {"CONV_2D": 1},
        50,
        5,
        (r.InspectLayer(0, "CONV_2D", HOSTILE, (1, 2), "int8", 5, 50),),
    ),
    "monitor": r.MonitorResult(HOSTILE, ("name%",), (HOSTILE,)),
    "plan": r.PlanReport(
        **_COMMON,
        **_CRCS,
        float_io=False,
        macs=5,
        macs_executed=5,
        recompute=1.25,
        max_recompute=1.3,
        moves=(HOSTILE,),
        ram=r.PlanRam(800, 700, 100, 4096, 4996, {"RAM": r.RegionUse(4996, 16384)}),
        flash=r.PlanFlash(1000, 16384, 17384, 262_144),
        peak_layer=0,
        peak_tensors=(_TENSOR,),
        layers=(_PLAN_LAYER,),
        arenas={"RAM": 800},
        segments=((0,),),
        maps=(_INPUT_MAP, _PLAN_MAP),
        calls=(r.PlanCall(0, None, 0, 1, 740), r.PlanCall(0, None, 1, 1, 740), r.PlanCall(0, None, 2, 1, 590)),
        peak=_PEAK,
        shortfall={},
        alternatives=(r.PlanAlternative("--input streamed", 500, 480),),
    ),
    "profile": PROFILE,
    "report": r.ReportResult(Path(HOSTILE), 2, 9000),
    "toolchain": r.ToolList((r.ToolInfo("cc", HOSTILE, HOSTILE, ("host",)), r.ToolInfo("x", None, None, ()))),
    "convert": r.Conversion(
        source="net.keras",
        path=HOSTILE,
        bytes=12_345,
        observer="min-max",
        calibration_samples=200,
        noise_samples=16,
        layers=(
            r.LayerNoise(0, "CONV_2D", HOSTILE, 38.25, 40.5),
            r.LayerNoise(1, "RESHAPE", "flat", None, None),
        ),
        worst=0,
        accuracy=r.Accuracy(200, 0.9, 0.895, 0.985, 0.031),
    ),
    "export": r.ExportResult(HOSTILE, "litert", Path("out"), (Path("out/lib.so"),), ("3: edgesdk.OrdinalPool",)),
    "train": r.TrainResult(
        recipe="ordinal",
        tiny=False,
        seeds=2,
        board="mps2-an386",
        folder=HOSTILE,
        cpu_hours=1.5,
        arms=(
            r.ArmResult(
                task="fashion-mnist",
                name="maximum",
                figures={
                    "int8_accuracy": r.Figure(0.905, 0.002, (0.903, 0.907)),
                    "macs": r.Figure(1_467_968, 0.0, (1_467_968, 1_467_968)),
                },
                board={"instructions": 1_922_536},
                undertrained=True,
                model="out/model.tflite",
            ),
        ),
    ),
    "verify": r.Verify(
        **_COMMON,
        emulated=True,
        inputs=50,
        tensors_compared=600,
        mismatched_outputs=2,
        first=_DIVERGENCE,
        seed=0,
    ),
}
