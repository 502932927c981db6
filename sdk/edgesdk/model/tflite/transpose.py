# SPDX-License-Identifier: Apache-2.0
"""TRANSPOSE has no options: its table in the schema is empty."""

from edgesdk.model.tflite.codec import Codec

CODEC = Codec(op="TRANSPOSE", builtin=39, options_type=26, read=lambda table: None)
