# SPDX-License-Identifier: Apache-2.0
"""PAD has no options: its table in the schema is empty."""

from edgesdk.model.tflite.codec import Codec

CODEC = Codec(op="PAD", builtin=34, options_type=22, read=lambda table: None)
