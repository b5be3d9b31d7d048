"""Policies that read and write the cache."""

from __future__ import annotations

from localdev.gateway.compiler import Compiler
from localdev.gateway.exchange import Exchange, Run
from localdev.gateway.source import Element


def cache_lookup_value(element: Element, compiler: Compiler) -> Run:
    """Set a variable to the cached value of a key; without one it stays unset."""
    key = compiler.text(element, element.attributes["key"])
    variable = element.attributes["variable-name"]
    cache = compiler.services.cache

    def lookup(exchange: Exchange) -> None:
        value = cache.lookup(key(exchange.context))
        if value is not None:
            exchange.context.variables[variable] = value

    return lookup


def cache_store_value(element: Element, compiler: Compiler) -> Run:
    """Store a value in the cache, with a time to live."""
    key = compiler.text(element, element.attributes["key"])
    value = compiler.text(element, element.attributes["value"])
    seconds = int(element.attributes["duration"])
    cache = compiler.services.cache

    def store(exchange: Exchange) -> None:
        cache.store(key(exchange.context), value(exchange.context), seconds)

    return store
