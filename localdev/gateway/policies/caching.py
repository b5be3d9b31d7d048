"""Policies over the cache."""

from __future__ import annotations

from localdev.gateway.compiler import Compiler
from localdev.gateway.exchange import Exchange, Run
from localdev.gateway.source import Element


def cache_lookup_value(element: Element, compiler: Compiler) -> Run:
    """Put what is cached under a key into a variable, which stays unset if there is nothing."""
    key = compiler.text(element, element.attributes["key"])
    variable = element.attributes["variable-name"]
    cache = compiler.services.cache

    def lookup(exchange: Exchange) -> None:
        value = cache.lookup(key(exchange.context))
        if value is not None:
            exchange.context.variables[variable] = value

    return lookup


def cache_store_value(element: Element, compiler: Compiler) -> Run:
    """Keep a value under a key for some seconds."""
    key = compiler.text(element, element.attributes["key"])
    value = compiler.text(element, element.attributes["value"])
    seconds = int(element.attributes["duration"])
    cache = compiler.services.cache

    def store(exchange: Exchange) -> None:
        cache.store(key(exchange.context), value(exchange.context), seconds)

    return store
