"""The number theory around order finding: what is refused, what a reading tells, what an order."""

from __future__ import annotations

import random
from fractions import Fraction
from functools import cache
from math import gcd, isqrt

_MULTIPLES = 4
"""Of a denominator, that are tried as the order."""


def smallest_factor(number: int) -> int:
    """Return the smallest factor beyond 1 by trial division; the number itself if it is prime."""
    return next((one for one in range(2, isqrt(number) + 1) if number % one == 0), number)


def is_power(number: int, prime: int) -> bool:
    """Return whether a number is a power of a prime."""
    while number % prime == 0:
        number //= prime
    return number == 1


def bases(number: int, seed: int) -> list[int]:
    """Return the bases that need an order, in a random sequence.

    A base that has a common factor with the number, or whose square is 1, gives factors without.
    """
    useful = [base for base in range(2, number) if needs_order(base, number)]
    random.Random(seed).shuffle(useful)  # noqa: S311 - no secret is drawn
    return useful


def needs_order(base: int, number: int) -> bool:
    """Return whether a base tells nothing before its order is known."""
    return gcd(base, number) == 1 and base * base % number != 1


def order(base: int, number: int) -> int:
    """Return the smallest power with which a base is 1 modulo a number, by trying all."""
    power, value = 1, base % number
    while value != 1:
        power, value = power + 1, value * base % number
    return power


@cache
def order_of_reading(reading: int, bits: int, base: int, number: int) -> int | None:
    """Return the order that a reading tells by continued fractions; None if it tells none.

    The reading over 2^bits is within half a step of a fraction whose denominator is the order or a
    part of it, so that small multiples are tried, too. The order modulo a product of two odd primes
    is below half of it. Zero has the denominator 1, of which nothing follows.
    """
    fraction = Fraction(reading, 1 << bits)
    denominator = _denominator(fraction, Fraction(1, 2 << bits))
    if denominator == 1:
        return None
    for multiple in range(1, _MULTIPLES + 1):
        power = denominator * multiple
        if power < number / 2 and pow(base, power, number) == 1:
            return _least(power, base, number)
    return None


def factors(base: int, power: int, number: int) -> tuple[int, int] | None:
    """Return the two factors that an order gives, the smaller first; None if it gives none."""
    root = pow(base, power // 2, number)
    if power % 2 or root == number - 1:
        return None
    found = gcd(root - 1, number)
    return min(found, number // found), max(found, number // found)


def _denominator(fraction: Fraction, away: Fraction) -> int:
    """Return the denominator of the first convergent that is as near to a fraction."""
    numerators, denominators = (0, 1), (1, 0)
    rest = fraction
    while True:
        whole = rest.numerator // rest.denominator
        numerators = numerators[1], whole * numerators[1] + numerators[0]
        denominators = denominators[1], whole * denominators[1] + denominators[0]
        if abs(fraction - Fraction(numerators[1], denominators[1])) <= away:
            return denominators[1]
        rest = 1 / (rest - whole)


def _least(power: int, base: int, number: int) -> int:
    """Return the order, of which *power* is a multiple."""
    while True:
        smaller = (power // p for p in range(2, power + 1) if power % p == 0)
        least = next((one for one in smaller if pow(base, one, number) == 1), None)
        if least is None:
            return power
        power = least
