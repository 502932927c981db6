# SPDX-License-Identifier: Apache-2.0
"""What each verb returns, as plain immutable data.

Field names are the keys of the JSON output (docs/schema), but for a field whose metadata names its key;
report/json_output.py writes them behind a leading "schema" key. Keys are added, never renamed.
A time is in the unit its name ends with. None is "not known here", never zero.
"""

from edgesdk.measure.results.accounts import FlashAccount, RamAccount, RegionUse
from edgesdk.measure.results.bench import BenchRow, BenchTable, ErrorInfo
from edgesdk.measure.results.convert import Accuracy, Conversion, LayerNoise
from edgesdk.measure.results.export import ExportResult
from edgesdk.measure.results.firmware import BuildResult, FirmwareModel, FlashResult
from edgesdk.measure.results.machine import (
    BoardInfo,
    BoardList,
    Check,
    DoctorReport,
    MonitorResult,
    Setting,
    ToolInfo,
    ToolList,
)
from edgesdk.measure.results.model_report import InspectLayer, InspectReport, TensorInfo
from edgesdk.measure.results.plan_report import (
    PlanAlternative,
    PlanCall,
    PlanEstimate,
    PlanFlash,
    PlanHolder,
    PlanLayer,
    PlanMap,
    PlanPeak,
    PlanPlace,
    PlanRam,
    PlanReport,
    PlanWait,
)
from edgesdk.measure.results.profile import CyclesModel, Init, Latency, LayerProfile, Profile
from edgesdk.measure.results.report import ReportResult
from edgesdk.measure.results.train import ArmResult, Figure, TrainResult
from edgesdk.measure.results.verify import Divergence, Verify

__all__ = [
    "Accuracy",
    "ArmResult",
    "BenchRow",
    "BenchTable",
    "BoardInfo",
    "BoardList",
    "BuildResult",
    "Check",
    "Conversion",
    "CyclesModel",
    "Divergence",
    "DoctorReport",
    "ErrorInfo",
    "ExportResult",
    "Figure",
    "FirmwareModel",
    "FlashAccount",
    "FlashResult",
    "Init",
    "InspectLayer",
    "InspectReport",
    "Latency",
    "LayerNoise",
    "LayerProfile",
    "MonitorResult",
    "PlanAlternative",
    "PlanCall",
    "PlanEstimate",
    "PlanFlash",
    "PlanHolder",
    "PlanLayer",
    "PlanMap",
    "PlanPeak",
    "PlanPlace",
    "PlanRam",
    "PlanReport",
    "PlanWait",
    "Profile",
    "RamAccount",
    "RegionUse",
    "ReportResult",
    "Setting",
    "TensorInfo",
    "ToolInfo",
    "ToolList",
    "TrainResult",
    "Verify",
]
