"""Random classical statements of Quantinuum's OpenQASM 2.0: conditions and assignments.

They are computed here with Python's whole numbers, which have as many bits as it takes.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from random import Random

type Bits = tuple[int, ...]
type Registers = Mapping[str, range]
"""The places of the bits of a register, the lowest one first."""
type Number = Callable[[Bits], int]

_RELATIONS = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_OPERATORS = {"|": operator.or_, "^": operator.xor, "&": operator.and_}


def condition(random: Random, registers: Registers) -> tuple[str, Callable[[Bits], bool]]:
    """Return a condition as it is written, and what decides it: on a register, or on a bit."""
    text, number, size = _operand(random, registers)
    relation, compare = random.choice([*_RELATIONS.items()])
    nearby = (random.randrange(1 << size), (1 << size) - 1, 1 << size - 1, 1 << size, 5 << size)
    value = random.choice([*nearby, 0])
    return f"if({text}{relation}{value})", lambda bits: compare(number(bits), value)


def assignment(random: Random, registers: Registers) -> tuple[str, Callable[[Bits], Bits]]:
    """Return an assignment as it is written, and what it makes of all bits."""
    name, places = random.choice([*registers.items()])
    target = name
    if random.random() < 1 / 2:
        index = random.randrange(len(places))
        places, target = places[index : index + 1], f"{name}[{index}]"
    text, number = _expression(random, registers, depth=2)

    def assign(bits: Bits) -> Bits:
        value = number(bits)
        changed = {place: value >> n & 1 for n, place in enumerate(places)}
        return tuple(changed.get(place, bit) for place, bit in enumerate(bits))

    return f"{target} = {text};", assign


def _expression(random: Random, registers: Registers, depth: int) -> tuple[str, Number]:
    choice = random.random()
    if not depth or choice < 1 / 4:
        if random.random() < 1 / 3:
            value = random.choice([0, 1, random.randrange(1 << 70)])
            return str(value), lambda _: value
        text, number, _ = _operand(random, registers)
        return text, number
    one, first = _expression(random, registers, depth - 1)
    if choice < 1 / 2:
        return f"~({one})", lambda bits: ~first(bits)
    other, second = _expression(random, registers, depth - 1)
    sign, combine = random.choice([*_OPERATORS.items()])
    return f"({one}) {sign} ({other})", lambda bits: combine(first(bits), second(bits))


def _operand(random: Random, registers: Registers) -> tuple[str, Number, int]:
    """Return a register or a bit as it is written, its number, and how many bits it has."""
    name, places = random.choice([*registers.items()])
    if random.random() < 1 / 3:
        index = random.randrange(len(places))
        return f"{name}[{index}]", lambda bits: bits[places[index]], 1
    return name, lambda bits: sum(bits[place] << n for n, place in enumerate(places)), len(places)
