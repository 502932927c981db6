# SPDX-License-Identifier: Apache-2.0
"""PADV2 has no options: its table in the schema is empty."""

from edgesdk.model.tflite.codec import Codec

CODEC = Codec(op="PADV2", builtin=60, options_type=43, read=lambda table: None)
