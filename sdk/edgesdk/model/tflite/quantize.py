# SPDX-License-Identifier: Apache-2.0
"""QUANTIZE has no options: its table in the schema is empty."""

from edgesdk.model.tflite.codec import Codec

CODEC = Codec(op="QUANTIZE", builtin=114, options_type=89, read=lambda table: None)
