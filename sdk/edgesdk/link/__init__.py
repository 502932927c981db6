# SPDX-License-Identifier: Apache-2.0
"""The line to a device: ports, frames, requests. docs/protocol.md describes what goes over it."""

from edgesdk.link.client import Device
from edgesdk.link.frames import Counter
from edgesdk.link.session import Timing
from edgesdk.link.transport import PipeTransport, SerialTransport, SocketTransport, Transport, open_port

__all__ = [
    "Counter",
    "Device",
    "PipeTransport",
    "SerialTransport",
    "SocketTransport",
    "Timing",
    "Transport",
    "open_port",
]
