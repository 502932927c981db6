# SPDX-License-Identifier: Apache-2.0
"""Boards: chip, memory, serial line, emulator."""

from edgesdk.boards.descriptor import Board, Emulator, Memory
from edgesdk.boards.load import board_ids, list_boards, load_board

__all__ = ["Board", "Emulator", "Memory", "board_ids", "list_boards", "load_board"]
