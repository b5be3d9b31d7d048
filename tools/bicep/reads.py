"""References to resources: the properties that expressions read, and their types."""

from __future__ import annotations

from collections.abc import Mapping

from tools.bicep.evaluation import resource_of
from tools.bicep.expressions import Call, Index, Interpolated, Member, Name, Operation
from tools.bicep.frames import Bound
from tools.bicep.schema import Type, body
from tools.bicep.templates import Parameter
from tools.bicep.values import Record, Scalar, Sequential, Unknown, Value
from tools.bicep.written import ANY

_OF_PYTHON = {str: "string", int: "int", bool: "bool", type(None): "null"}

OF_TYPE = {
    "StringType": "string",
    "StringLiteralType": "string",
    "IntegerType": "int",
    "BooleanType": "bool",
    "ArrayType": "array",
    "ObjectType": "object",
    "DiscriminatedObjectType": "object",
}
"""The kinds of the types of Azure."""

_OF_FUNCTION: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "base64",
            "concat",
            "extensionResourceId",
            "format",
            "guid",
            "join",
            "loadFileAsBase64",
            "loadTextContent",
            "newGuid",
            "padLeft",
            "replace",
            "resourceId",
            "string",
            "substring",
            "subscriptionResourceId",
            "tenantResourceId",
            "toLower",
            "toUpper",
            "trim",
            "uniqueString",
            "uri",
            "uriComponent",
            "utcNow",
            "dateTimeAdd",
        ),
        "string",
    ),
    **dict.fromkeys(("bool", "contains", "empty", "endsWith", "startsWith"), "bool"),
    **dict.fromkeys(("indexOf", "int", "length", "max", "min"), "int"),
    **dict.fromkeys(("range", "split", "objectKeys", "items", "map", "filter", "flatten"), "array"),
    **dict.fromkeys(("resourceGroup", "subscription", "tenant", "toObject"), "object"),
}
"""Of some, such as union() and first(), the kind depends on what they are given."""

_OF_OPERATOR: Mapping[str, str] = {
    **dict.fromkeys(("==", "!=", "=~", "!~", "<", ">", "<=", ">=", "&&", "||", "!"), "bool"),
    **dict.fromkeys(("+", "-", "*", "/", "%"), "int"),
}


def kind(value: Value) -> str:
    """Return string, int, bool, array, object, null or any."""
    match value:
        case Scalar(value=scalar):
            return _OF_PYTHON[type(scalar)]
        case Record():
            return "object"
        case Sequential():
            return "array"
        case Unknown(bound=bound):
            return _unknown_kind(bound)


def _unknown_kind(bound: Bound) -> str:
    match bound.expression:
        case Interpolated():
            return "string"
        case Call(of=None, function=function):
            return _OF_FUNCTION.get(function, ANY) if function != "concat" else ANY
        case Operation(operator=operator):
            return _OF_OPERATOR.get(operator, ANY)
        case Name(name=name) if name not in bound.frame.locals:
            found = bound.frame.template.symbols.get(name)
            return found.type.kind if isinstance(found, Parameter) else ANY
        case Member():
            read = type_of(bound)
            kinds = {OF_TYPE.get(each.kind, ANY) for each in read.elements} if read else set()
            return kinds.pop() if len(kinds) == 1 else ANY
    return ANY


def type_of(bound: Bound) -> Type | None:
    """Return the type of a resource or of what is read of it; None where that is not known."""
    if found := resource_of(bound):
        return body(found[0].type)
    match bound.expression:
        case Member(of=of, name=name):
            above = type_of(Bound.of(of, bound.frame))
            return member_type(above, name) if above else None
        case Index(of=of):
            above = type_of(Bound.of(of, bound.frame))
            return above.item if above and above.kind == "ArrayType" else None
    return None


def member_type(above: Type, name: str) -> Type | None:
    """Return the type of a member; None if there is none of this name."""
    if above.kind == "DiscriminatedObjectType":
        found = (member_type(each, name) for each in (*above.variants.values(),))
        return next((each for each in found if each), None)
    if name in above.members:
        return above.members[name].type
    return above.others
