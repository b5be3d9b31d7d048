"""The app settings are those that the functions read, and none that the plan refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tools.bicep.assignments import suggestion
from tools.bicep.deployed import Deployed, deployed
from tools.bicep.evaluation import possible
from tools.bicep.finding import Finding, Place
from tools.bicep.frames import Bound, Tree
from tools.bicep.values import Record, Scalar, Sequential

_SITE = "Microsoft.Web/sites"
_CONTAINER_APP = "Microsoft.App/containerApps"
FUNCTIONS = (_SITE, _CONTAINER_APP)
"""What the functions run on."""

REFUSED = frozenset(
    {
        "ENABLE_ORYX_BUILD",
        "FUNCTIONS_EXTENSION_VERSION",
        "FUNCTIONS_WORKER_RUNTIME",
        "FUNCTIONS_WORKER_RUNTIME_VERSION",
        "SCM_DO_BUILD_DURING_DEPLOYMENT",
        "TZ",
        "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
        "WEBSITE_CONTENTSHARE",
        "WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT",
        "WEBSITE_RUN_FROM_PACKAGE",
        "WEBSITE_TIME_ZONE",
    }
)
"""What Flex Consumption does not take: functionAppConfig says it there, or nobody."""

REFUSED_CONFIGURATION = frozenset(
    {
        "alwaysOn",
        "ftpsState",
        "functionAppScaleLimit",
        "functionsRuntimeScaleMonitoringEnabled",
        "javaVersion",
        "linuxFxVersion",
        "netFrameworkVersion",
        "powerShellVersion",
        "preWarmedInstanceCount",
        "use32BitWorkerProcess",
        "windowsFxVersion",
    }
)
"""What it does not take in siteConfig: error 51021, in one region sooner than in another."""

OF_AZURE = frozenset(
    {
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "AzureWebJobsStorage__accountName",
        "AzureWebJobsStorage__blobServiceUri",
        "AzureWebJobsStorage__clientId",
        "AzureWebJobsStorage__credential",
        "AzureWebJobsStorage__queueServiceUri",
        "QDK_PYTHON_TELEMETRY",
    }
)
"""Settings that the host or a library reads; all of them are needed."""

OF_CONTAINERS: Mapping[str, str] = {
    "AzureFunctionsWebHost__hostid": "App Service makes it of the name, a container of its machine",
}
"""Settings that only a container has, and why."""

_REPLACED = {"QJOBS_KEY_VAULT_URI": "QJOBS_WORKSPACE_"}
"""Who has the first needs none of those that begin with the second."""

_READ = re.compile(r"\bQJOBS_[A-Z_]+[A-Z]\b")
_REQUIRED = re.compile(r'required\("(QJOBS_\w+)"\)|schedule="%(QJOBS_\w+)%"')


def check_settings(tree: Tree) -> Iterator[Finding]:
    """Yield settings that nobody reads, that are missing, or that stop the app."""
    known, needed = _code(tree.root)
    apps = list(deployed(tree, *FUNCTIONS))
    if not apps:
        yield Finding(Place(tree.root / "infra"), "no template deploys the functions")
    for app in apps:
        given = settings(app, tree)
        for name, bound in given.items():
            if name in REFUSED and app.kind == _SITE:
                yield Finding(bound.place, f"Flex Consumption refuses {name}: leave it out")
            elif name not in known | OF_AZURE | REFUSED and not (
                name in OF_CONTAINERS and app.kind == _CONTAINER_APP
            ):
                hint = suggestion(name, sorted(known | OF_AZURE))
                yield Finding(bound.place, f"nothing reads the setting {name}: {hint}")
        left_out = tuple(prefix for name, prefix in _REPLACED.items() if name in given)
        for name in sorted((needed | OF_AZURE) - set(given)):
            if not (left_out and name.startswith(left_out)):
                yield Finding(app.place, f"the setting {name} is missing: the functions need it")
        for configuration in app.at("properties", "siteConfig"):
            members = configuration.members if isinstance(configuration, Record) else {}
            for name in sorted(REFUSED_CONFIGURATION & members.keys()):
                text = f"Flex Consumption refuses {name}: leave it out"
                yield Finding(members[name].place, text)


def settings(app: Deployed, tree: Tree) -> Mapping[str, Bound]:
    """Return the settings of an app, wherever they are declared."""
    found: dict[str, Bound] = {}
    for config in deployed(tree, f"{_SITE}/config"):
        if config.parent == app.identity and config.texts("name") == {"appsettings"}:
            for value in config.at("properties"):
                found |= value.members if isinstance(value, Record) else {}
    lists = app.at("properties", "siteConfig", "appSettings")
    for containers in app.at("properties", "template", "containers"):
        for container in containers.items if isinstance(containers, Sequential) else ():
            for value in possible(container):
                if isinstance(value, Record) and "env" in value.members:
                    lists += possible(value.members["env"])
    for value in lists:
        for item in value.items if isinstance(value, Sequential) else ():
            found |= _pair(item)
    return found


def _pair(item: Bound) -> Mapping[str, Bound]:
    """Return the setting that an object with `name` and `value` is."""
    return {
        name.value: item
        for record in possible(item)
        if isinstance(record, Record) and "name" in record.members
        for name in possible(record.members["name"])
        if isinstance(name, Scalar) and isinstance(name.value, str)
    }


def _code(root: Path) -> tuple[set[str], set[str]]:
    """Return the settings of the project that the code reads, and those without a default."""
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("qjobs", "functions")
        for path in sorted((root / folder).rglob("*.py"))
    )
    known = {name for name in _READ.findall(text) if name != "QJOBS_WORKSPACE"}
    return known, {first or second for first, second in _REQUIRED.findall(text)}
