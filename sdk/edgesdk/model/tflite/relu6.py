# SPDX-License-Identifier: Apache-2.0
"""RELU6 has no options."""

from edgesdk.model.tflite.codec import Codec

CODEC = Codec(op="RELU6", builtin=21, options_type=0, read=lambda table: None)
