"""The rules for infra/, each under the name of what it checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tests.infra.rules.access import check_access
from tests.infra.rules.alerts import check_alerts
from tests.infra.rules.authentication import check_authentication
from tests.infra.rules.azure_yaml import check_outputs, check_project
from tests.infra.rules.concurrency import check_concurrency
from tests.infra.rules.coordinates import check_coordinates
from tests.infra.rules.decorators import check_decorators
from tests.infra.rules.duplicates import check_duplicates
from tests.infra.rules.gateway import check_gateway
from tests.infra.rules.gateway_token import check_gateway_token
from tests.infra.rules.kinds import check_kinds
from tests.infra.rules.limits import check_limits
from tests.infra.rules.loops import check_loops
from tests.infra.rules.modules import check_modules
from tests.infra.rules.nulls import check_nulls
from tests.infra.rules.order import check_order
from tests.infra.rules.parameters import check_parameter_files, check_parameters
from tests.infra.rules.preview import check_preview
from tests.infra.rules.queries import check_queries
from tests.infra.rules.reads import check_reads
from tests.infra.rules.resources import check_resources
from tests.infra.rules.retention import check_retention
from tests.infra.rules.roles import check_roles
from tests.infra.rules.safety import check_safety
from tests.infra.rules.scopes import check_scopes
from tests.infra.rules.settings import check_settings
from tests.infra.rules.storage import check_storage
from tests.infra.rules.symbols import check_symbols
from tests.infra.rules.syntax import check_syntax
from tests.infra.rules.timing import check_timing
from tools.bicep.finding import Finding
from tools.bicep.frames import Tree

type Rule = Callable[[Tree], Iterator[Finding]]

LANGUAGE: Mapping[str, Rule] = {
    "syntax": check_syntax,
    "symbols": check_symbols,
    "duplicates": check_duplicates,
    "modules": check_modules,
    "limits": check_limits,
    "reads": check_reads,
    "access": check_access,
    "kinds": check_kinds,
    "decorators": check_decorators,
    "loops": check_loops,
    "scopes": check_scopes,
    "timing": check_timing,
    "nulls": check_nulls,
    "resources": check_resources,
}
"""Rules about Bicep itself: what the compiler would say, as far as that can be said offline."""

RULES: Mapping[str, Rule] = {
    **LANGUAGE,
    "parameters": check_parameters,
    "parameter files": check_parameter_files,
    "azure.yaml": check_project,
    "outputs": check_outputs,
    "gateway": check_gateway,
    "order": check_order,
    "concurrency": check_concurrency,
    "preview": check_preview,
    "settings": check_settings,
    "roles": check_roles,
    "safety": check_safety,
    "authentication": check_authentication,
    "gateway token": check_gateway_token,
    "storage": check_storage,
    "retention": check_retention,
    "alerts": check_alerts,
    "coordinates": check_coordinates,
    "queries": check_queries,
}

NEED_TYPES = frozenset({"resources"})
"""Rules that have nothing to say where the types of Azure are not at hand."""


def findings(rule: str, tree: Tree) -> list[str]:
    """Return what a rule finds, each once, as lines in the order of the files."""
    return [finding.show(tree.root) for finding in sorted(set(RULES[rule](tree)))]
