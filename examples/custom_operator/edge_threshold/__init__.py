# SPDX-License-Identifier: Apache-2.0
"""example.Threshold: values below a threshold become zero."""

from pathlib import Path

from edge_threshold.codec import CODEC
from edge_threshold.kernel import ThresholdS8
from edge_threshold.operator import Threshold
from edgesdk.extension import OperatorPackage

PACKAGE = OperatorPackage(
    operator=Threshold(),
    codec=CODEC,
    kernels=(ThresholdS8(),),
    sources=Path(__file__).parent / "c",
    converter="edge_threshold.converter",
)
