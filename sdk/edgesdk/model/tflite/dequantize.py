# SPDX-License-Identifier: Apache-2.0
"""DEQUANTIZE has no options: its table in the schema is empty."""

from edgesdk.model.tflite.codec import Codec

CODEC = Codec(op="DEQUANTIZE", builtin=6, options_type=38, read=lambda table: None)
