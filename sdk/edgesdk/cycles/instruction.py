# SPDX-License-Identifier: Apache-2.0
"""Instructions of Cortex-M by class, read from a disassembly by GNU objdump."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """Classes of instructions that differ in time."""

    ALU = "alu"
    MULTIPLY = "multiply"
    ACCUMULATE = "multiply-accumulate"
    LONG_MULTIPLY = "long multiply"
    LONG_ACCUMULATE = "long multiply-accumulate"
    SIMD = "dsp"  # parallel arithmetic, packing, extension with addition
    DUAL_MULTIPLY = "dsp multiply"  # 16-bit products, with or without accumulation
    DIVIDE = "divide"
    LOAD = "load"
    LOAD_DOUBLE = "load double"
    LOAD_MULTIPLE = "load multiple"
    STORE = "store"
    STORE_DOUBLE = "store double"
    STORE_MULTIPLE = "store multiple"
    BRANCH = "branch"  # to a fixed address
    CALL = "call"  # to a fixed address
    INDIRECT = "indirect branch"  # to an address in a register or in memory
    LOOP = "low-overhead loop"
    PREDICATE = "if-then"
    FLOAT = "float"
    VECTOR_LOAD = "vector load"
    VECTOR_STORE = "vector store"
    VECTOR_MULTIPLY = "vector multiply"
    VECTOR_ALU = "vector alu"


@dataclass(frozen=True)
class Instruction:
    """One instruction.

    Args:
        bytes: 2 or 4.
        mnemonic: objdump's, without .w and .n.
        writes, reads: registers; without flags.
        address: registers that a load or store makes its address from.
        count: registers that a multiple load or store moves.
        branches: whether it may leave the block; `indexed`: its address is the sum of two registers.
        shifts: an operand is shifted on the way.
    """

    at: int
    bytes: int
    mnemonic: str
    kind: Kind
    writes: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    address: frozenset[str] = frozenset()
    count: int = 0
    branches: bool = False
    indexed: bool = False
    shifts: bool = False


_CONDITION = r"(?:eq|ne|cs|hs|cc|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)?"
_LINE = re.compile(r"^\s*([0-9a-f]+):\s+((?:[0-9a-f]{4} ?){1,2})\s*\t(\S+)\s*(.*)$")
_REGISTER = re.compile(r"\b(r\d+|sp|lr|pc|ip|fp|sl|sb|[sdq]\d+)\b")
_NAMES = {"sb": "r9", "sl": "r10", "fp": "r11", "ip": "r12"}
_NUMBERS = {"sp": 13, "lr": 14, "pc": 15}
# The first that matches the whole mnemonic counts.
_KINDS = tuple(
    (re.compile(f"(?:{pattern}){_CONDITION}"), kind)
    for pattern, kind in (
        (r"it[te]{0,3}|vp(?:te|t|ste|st)\w*|vp(?:s|st)?[te]*|vctp.*|vpnot|vpsel.*", Kind.PREDICATE),
        (r"(?:le|letp|wls|wlstp|dls|dlstp|lctp)(?:\.\d+)?", Kind.LOOP),
        (r"bx|bxns|blx|blxns|tbb|tbh", Kind.INDIRECT),
        (r"bl", Kind.CALL),
        (r"b|cbz|cbnz", Kind.BRANCH),
        (r"ldrd", Kind.LOAD_DOUBLE),
        (r"strd", Kind.STORE_DOUBLE),
        (r"ldr(?:b|h|sb|sh|ex|exb|exh|t|bt|ht)?|vldr", Kind.LOAD),
        (r"str(?:b|h|ex|exb|exh|t|bt|ht)?|vstr", Kind.STORE),
        (r"ldm(?:ia|db|ea|fd)?|pop|vpop|vldm(?:ia|db)?", Kind.LOAD_MULTIPLE),
        (r"stm(?:ia|db|ea|fd)?|push|vpush|vstm(?:ia|db)?", Kind.STORE_MULTIPLE),
        (r"[su]div", Kind.DIVIDE),
        (r"muls?", Kind.MULTIPLY),
        (r"ml[as]s?", Kind.ACCUMULATE),
        (r"[su]mulls?", Kind.LONG_MULTIPLY),
        (r"[su]mlals?|umaal|smlal(?:bb|bt|tb|tt)|smls?aldx?|smlsldx?", Kind.LONG_ACCUMULATE),
        (r"sm(?:la|ul|mla|mmul|mmla|mmls|lsd|lad|uad|usd|law|ulw|mul)\w*", Kind.DUAL_MULTIPLY),
        (r"[su](?:h|q)?(?:add|sub|asx|sax)(?:8|16)?|q(?:d?add|d?sub|asx|sax)(?:8|16)?", Kind.SIMD),
        (r"[su]xta(?:b16|b|h)|[su]xtb16|usada?8|sel|pkh(?:bt|tb)", Kind.SIMD),
    )
)
_VECTOR_KINDS = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"vld", Kind.VECTOR_LOAD),
        (r"vst", Kind.VECTOR_STORE),
        (r"v(?:q|r)*d?(?:mul|mla|mls|ml)|vfm", Kind.VECTOR_MULTIPLY),
        (r"v", Kind.VECTOR_ALU),
    )
)
_SILENT = re.compile(r"(?:cmp|cmn|tst|teq|nop|dsb|dmb|isb|svc|bkpt|cps|msr|it|b|cb)")  # they write no register


def parse_disassembly(text: str) -> Mapping[int, Instruction]:
    """Instructions by address, of what `objdump -d` prints with the raw bytes; data are left out."""
    found = (instruction(line) for line in text.splitlines())
    return {i.at: i for i in found if i is not None}


def instruction(line: str) -> Instruction | None:
    """The instruction in a line of a disassembly, None where there is none."""
    match = _LINE.match(line)
    if match is None or match[3].startswith("."):
        return None
    mnemonic = re.sub(r"\.[wn]$", "", match[3])
    operands = re.split(r"\s*[;@]", match[4])[0].partition("\t<")[0].partition(" <")[0]
    kind = _kind(mnemonic, operands)
    return _decoded(int(match[1], 16), 2 * len(match[2].split()), mnemonic, kind, operands)


def _kind(mnemonic: str, operands: str) -> Kind:
    kind = next((kind for pattern, kind in _KINDS if pattern.fullmatch(mnemonic.split(".")[0])), None)
    if mnemonic.startswith(("le.", "letp", "wlstp", "dlstp")):
        kind = Kind.LOOP
    vector = mnemonic.startswith("v") and re.search(r"\bq\d", operands)
    if vector and kind is not Kind.PREDICATE:
        kind = next(kind for pattern, kind in _VECTOR_KINDS if pattern.match(mnemonic))
    elif kind is None:
        kind = Kind.FLOAT if mnemonic.startswith("v") else Kind.ALU
    into_pc = re.match(r"pc\b", operands) or (kind is Kind.LOAD_MULTIPLE and re.search(r"\bpc\b", operands))
    return Kind.INDIRECT if into_pc and kind in (Kind.ALU, Kind.LOAD) else kind


def _decoded(at: int, size: int, mnemonic: str, kind: Kind, operands: str) -> Instruction:
    outside, _, inside = operands.partition("[")
    listed = _listed(operands)
    names = [_name(r) for r in _REGISTER.findall(re.sub(r"\{.*?\}", "", outside))]
    address = frozenset(_name(r) for r in _REGISTER.findall(inside.partition("]")[0]))
    memory = bool(inside)
    base = frozenset(names) if listed else frozenset[str]()
    if kind in (Kind.STORE, Kind.STORE_DOUBLE, Kind.VECTOR_STORE):
        writes, reads = frozenset[str](), frozenset(names) | address
    elif kind in (Kind.LOAD_MULTIPLE, Kind.STORE_MULTIPLE):
        loads = kind is Kind.LOAD_MULTIPLE
        writes, reads, address = (listed, base, base) if loads else (frozenset(), base | listed, base)
    elif _SILENT.match(mnemonic) or kind in (Kind.INDIRECT, Kind.LOOP):
        writes, reads = frozenset(), frozenset(names) | address
    else:
        results = 2 if kind in (Kind.LOAD_DOUBLE, Kind.LONG_MULTIPLY, Kind.LONG_ACCUMULATE) else 1
        sums = kind is Kind.LONG_ACCUMULATE or (mnemonic.startswith(("vml", "vqdml", "vfm", "movt", "bfi")))
        sources = names if sums or (not memory and len(names) == 2 and kind is Kind.ALU) else names[results:]
        writes, reads = frozenset(names[:results]), frozenset(sources) | address
    return Instruction(
        at,
        size,
        mnemonic,
        kind,
        writes,
        reads,
        address,
        count=_moved(operands),
        branches=kind in (Kind.BRANCH, Kind.CALL, Kind.INDIRECT, Kind.LOOP) or (bool(listed) and "pc" in listed),
        indexed=memory and len(address) == 2,
        shifts=not memory and re.search(r", (?:lsl|lsr|asr|ror|rrx)\b", operands) is not None,
    )


def _name(register: str) -> str:
    return _NAMES.get(register, register)


def _listed(operands: str) -> frozenset[str]:
    """Registers of a list, core registers one by one."""
    match = re.search(r"\{(.*?)\}", operands)
    if match is None:
        return frozenset()
    found: set[str] = set()
    for part in match[1].split(","):
        ends = [_name(r) for r in _REGISTER.findall(part)]
        if len(ends) == 2 and ends[0][0] == ends[1][0]:
            letter = ends[0][0]
            found |= {f"{letter}{n}" for n in range(_number(ends[0]), _number(ends[1]) + 1)}
        else:
            found |= set(ends)
    return frozenset(found)


def _moved(operands: str) -> int:
    """Words of a register list."""
    return sum(2 if r.startswith("d") else 1 for r in _listed(operands))


def _number(register: str) -> int:
    return _NUMBERS[register] if register in _NUMBERS else int(register[1:])
