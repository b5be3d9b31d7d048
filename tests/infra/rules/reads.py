"""Whatever is read exists: files, members of objects, and properties of resources."""

from __future__ import annotations

from collections.abc import Iterator

from tools.bicep.assignments import suggestion
from tools.bicep.deployed import frames
from tools.bicep.evaluation import possible
from tools.bicep.expressions import Call, Member
from tools.bicep.finding import Finding, Place
from tools.bicep.frames import Bound, Tree
from tools.bicep.reads import member_type, type_of
from tools.bicep.values import Record
from tools.bicep.visits import everything


def check_reads(tree: Tree) -> Iterator[Finding]:
    """Yield what is read and not there."""
    missing: dict[Finding, str] = {}
    there: set[tuple[Place, str]] = set()
    for layer in tree.layers():
        for frame in frames(layer):
            for bound in everything(frame):
                match bound.expression:
                    case Call() as call:
                        yield from _file(call, tree)
                    case Member(of=Call(function="any")):
                        pass
                    case Member(of=of, name=name, safe=False):
                        found = list(_member(Bound.of(of, bound.frame), name, bound.place))
                        missing |= dict.fromkeys(found, name)
                        if not found:
                            there.add((bound.place, name))
    # In a loop over objects of different shapes, one that has the member is enough.
    yield from (each for each, name in missing.items() if (each.place, name) not in there)


def _file(call: Call, tree: Tree) -> Iterator[Finding]:
    path = tree.loaded(call)
    if path is not None and not path.is_file():
        text = f"there is no file {path.name} in {path.parent.name}/"
        yield Finding(call.place, f"{text}: correct the path")
    elif path is not None and tree.content(call, texts=True) is None:
        language = "YAML" if "Yaml" in call.function else "JSON"
        yield Finding(call.place, f"{path.name} is no {language}, or has not what is asked for")


def _member(of: Bound, name: str, place: Place) -> Iterator[Finding]:
    above = type_of(of)
    if above is not None:
        if member_type(above, name) is None and above.kind != "AnyType":
            hint = suggestion(name, list(above.members))
            yield Finding(place, f"the resource has no property {name}: {hint}")
        return
    values = list(possible(of))
    records = [value for value in values if isinstance(value, Record)]
    for record in records:
        if not record.others and name not in record.members and len(records) == len(values):
            hint = suggestion(name, list(record.members))
            yield Finding(place, f"the object has no member {name}: {hint}")
