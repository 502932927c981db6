# SPDX-License-Identifier: Apache-2.0
"""Every error a user can meet: a stable id, an exit code, and one place that lists them all.

docs/errors.md describes each id; a test keeps the two in step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

EXIT_CHECK_FAILED = 1
EXIT_USAGE = 2
EXIT_UNSUPPORTED = 3
EXIT_DEVICE = 4
EXIT_TOOLCHAIN = 5
EXIT_INTERRUPTED = 130


@dataclass(frozen=True)
class ErrorKind:
    """A stable error id, the exit code of the process that ends with it, and its one-line meaning."""

    id: str
    exit_code: int
    title: str


# Model files and operators
MODEL_FILE = ErrorKind("EDGE-MODEL-001", EXIT_USAGE, "the model file cannot be read")
MODEL_MALFORMED = ErrorKind("EDGE-MODEL-002", EXIT_UNSUPPORTED, "the model file is malformed")
MODEL_INVALID = ErrorKind("EDGE-MODEL-003", EXIT_UNSUPPORTED, "the model contradicts itself")
MODEL_TYPE = ErrorKind("EDGE-MODEL-004", EXIT_UNSUPPORTED, "a tensor's type or quantization is not supported")
OP_UNSUPPORTED = ErrorKind("EDGE-OP-001", EXIT_UNSUPPORTED, "the operator is not supported")
OP_OPTIONS = ErrorKind("EDGE-OP-002", EXIT_UNSUPPORTED, "the operator's options or shapes are not supported")
EXTENSION = ErrorKind("EDGE-OP-003", EXIT_UNSUPPORTED, "a package with a custom operator cannot be used")

# Conversion
CONVERT_MODEL = ErrorKind("EDGE-CONVERT-001", EXIT_UNSUPPORTED, "the trained model cannot be read or converted")
CONVERT_LAYER = ErrorKind("EDGE-CONVERT-002", EXIT_UNSUPPORTED, "a layer of the trained model has no int8 form")
RECIPE_UNKNOWN = ErrorKind("EDGE-TRAIN-001", EXIT_USAGE, "there is no such recipe")
RECIPE_FOLDER = ErrorKind("EDGE-TRAIN-002", EXIT_USAGE, "the folder holds another recipe's results")

# Plans
PLAN_RAM = ErrorKind("EDGE-PLAN-001", EXIT_CHECK_FAILED, "the plan does not fit the RAM")
PLAN_FLASH = ErrorKind("EDGE-PLAN-002", EXIT_CHECK_FAILED, "the weights do not fit the flash")
PLAN_LIMIT = ErrorKind("EDGE-PLAN-003", EXIT_UNSUPPORTED, "a shape exceeds what the firmware's tables hold")
PLAN_STREAM = ErrorKind("EDGE-PLAN-004", EXIT_UNSUPPORTED, "the network cannot run a few frames at a time")
PLAN_OUTPUT = ErrorKind("EDGE-PLAN-005", EXIT_UNSUPPORTED, "no output of the model can be streamed")

# Boards, files and usage
BOARD_UNKNOWN = ErrorKind("EDGE-BOARD-001", EXIT_USAGE, "no board has this id")
BOARD_INVALID = ErrorKind("EDGE-BOARD-002", EXIT_USAGE, "the board file is invalid")
BOARD_NO_EMULATOR = ErrorKind("EDGE-BOARD-003", EXIT_USAGE, "the board has no emulator and no port was given")
USAGE = ErrorKind("EDGE-USE-001", EXIT_USAGE, "the command line is wrong")
FILE_WRITE = ErrorKind("EDGE-FILE-001", EXIT_USAGE, "a file cannot be written")
RESULT_FILE = ErrorKind("EDGE-FILE-002", EXIT_USAGE, "a result file cannot be read")
DATA_INVALID = ErrorKind("EDGE-DATA-001", EXIT_USAGE, "the data file does not fit the model")
DATA_MISSING = ErrorKind("EDGE-DATA-002", EXIT_USAGE, "a data set is not on this machine")

# Toolchains and builds
TOOL_MISSING = ErrorKind("EDGE-TOOL-001", EXIT_TOOLCHAIN, "a tool is missing")
TOOL_FAILED = ErrorKind("EDGE-TOOL-002", EXIT_TOOLCHAIN, "a tool failed")
BUILD_FAILED = ErrorKind("EDGE-BUILD-001", EXIT_TOOLCHAIN, "the firmware does not compile")
BUILD_OVERFLOW = ErrorKind("EDGE-BUILD-002", EXIT_CHECK_FAILED, "the firmware does not fit the board")

# Ports, devices and the protocol
PORT_ABSENT = ErrorKind("EDGE-PORT-001", EXIT_DEVICE, "the serial port does not exist")
PORT_BUSY = ErrorKind("EDGE-PORT-002", EXIT_DEVICE, "the serial port is in use")
PORT_SILENT = ErrorKind("EDGE-PORT-003", EXIT_DEVICE, "nothing answers on the serial port")
PORT_DENIED = ErrorKind("EDGE-PORT-004", EXIT_DEVICE, "the serial port may not be opened by this user")
DEVICE_MODEL = ErrorKind("EDGE-DEV-001", EXIT_DEVICE, "the device runs another model or plan")
DEVICE_PROTOCOL = ErrorKind("EDGE-DEV-002", EXIT_DEVICE, "the device answers in another protocol version")
DEVICE_FAULT = ErrorKind("EDGE-DEV-003", EXIT_DEVICE, "the device faulted")
DEVICE_ERROR = ErrorKind("EDGE-DEV-004", EXIT_DEVICE, "the device refused a request")
DEVICE_LOST = ErrorKind("EDGE-DEV-005", EXIT_DEVICE, "the connection to the device was lost")
DEVICE_BOARD = ErrorKind("EDGE-DEV-006", EXIT_DEVICE, "the device runs firmware for another board")
EMULATOR_FAILED = ErrorKind("EDGE-EMU-001", EXIT_DEVICE, "the emulator did not start")

# Checks
VERIFY_MISMATCH = ErrorKind("EDGE-VERIFY-001", EXIT_CHECK_FAILED, "the device's results differ from the reference")

INTERNAL = ErrorKind("EDGE-BUG-001", EXIT_CHECK_FAILED, "a fault in edgesdk itself")


class EdgeError(Exception):
    """What went wrong, where, why, and at most three things to try.

    Args:
        kind: one of the kinds of this module.
        what: one sentence; may quote strings of a model, which are escaped when shown.
        where: file, layer, board or port, empty when `what` says it.
        why: the cause, where it is known.
        tries: up to three things to try.
    """

    def __init__(
        self, kind: ErrorKind, what: str, *, where: str = "", why: str = "", tries: Sequence[str] = ()
    ) -> None:
        super().__init__(what)
        self.kind = kind
        self.what = what
        self.where = where
        self.why = why
        self.tries = tuple(tries[:3])

    def __str__(self) -> str:
        parts = [f"{self.kind.id}: {self.what}"]
        if self.where:
            parts.append(f"at {self.where}")
        if self.why:
            parts.append(self.why)
        return "; ".join(parts)
