# SPDX-License-Identifier: Apache-2.0
"""What a conversion made, and what int8 cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LayerNoise:
    """Signal-to-noise ratios of a layer's int8 output against its float one, dB; None where one is silent.

    Args:
        index: of the operator in the written file.
        snr_db: with everything before it in int8 too.
        own_snr_db: of what this layer alone adds.
    """

    index: int
    op: str
    name: str
    snr_db: float | None
    own_snr_db: float | None


@dataclass(frozen=True)
class Accuracy:
    """Float against int8, by the greatest element of the first output.

    Args:
        float_accuracy, int8_accuracy: share of the samples whose label it is; None without labels.
        agreement: share of the samples on which both choose alike.
        largest_difference: between elements of the first output.
    """

    samples: int
    float_accuracy: float | None
    int8_accuracy: float | None
    agreement: float
    largest_difference: float


@dataclass(frozen=True)
class Conversion:
    """A trained model as an int8 .tflite file.

    Args:
        source: the file or folder that was converted.
        path: the file that was written.
        bytes: of it.
        observer: how ranges were taken.
        calibration_samples: that they were taken on.
        layers: in the file's order; noise is measured on up to `noise_samples` of the calibration's samples.
        worst: index of the layer that adds the most noise; None where none adds any.
    """

    source: str
    path: str
    bytes: int
    observer: str
    calibration_samples: int
    noise_samples: int
    layers: tuple[LayerNoise, ...]
    worst: int | None
    accuracy: Accuracy
