"""The parts of each profile of the local stack, in the order they start."""

from __future__ import annotations

from localdev.stack.channel import Channel
from localdev.stack.keyless import keyless_parts
from localdev.stack.page import Page
from localdev.stack.part import Options, Part, Profile
from localdev.stack.parts import Functions, Gateway, Identity, Storage, Workspace


def all_parts(options: Options) -> list[Part]:
    """Return the parts of the local stack, each after those it needs."""
    page = [] if options.page is None else [Page(options, options.page)]
    if options.profile is Profile.KEYLESS:
        return [*keyless_parts(options), *page]
    before = [Storage(options), Workspace(options), Channel(options)]
    if options.profile is Profile.DIRECT:
        return [*before, Functions(options)]
    return [Identity(options), *before, Functions(options), Gateway(options), *page]
