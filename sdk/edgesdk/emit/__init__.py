# SPDX-License-Identifier: Apache-2.0
"""From a Plan to C: constants only, in files that a person can read."""

from edgesdk.emit.app import EmittedModel, emit_app
from edgesdk.emit.model import emit_model

__all__ = ["EmittedModel", "emit_app", "emit_model"]
