# SPDX-License-Identifier: Apache-2.0
"""RELU has no options."""

from edgesdk.model.tflite.codec import Codec

CODEC = Codec(op="RELU", builtin=19, options_type=0, read=lambda table: None)
