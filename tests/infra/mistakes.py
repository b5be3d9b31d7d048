"""What one gets wrong in practice in infra/, and what has to be said of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mistake:
    """A change of one file, and what has to be said of it."""

    rule: str
    files: str
    """Pattern of the files; the change is made in the first one that has what is changed."""
    right: str
    """Pattern of what is changed."""
    wrong: str
    finding: str
    """Pattern of the finding."""
    elsewhere: bool = False
    """Whether the finding is about another file or line."""


BICEP = "infra/**/*.bicep"
APP = "infra/app/**/*.bicep"
CONTAINER = "infra/container/functions.bicep"
MISTAKES = {
    "a file that cannot be parsed": Mistake(
        "syntax", APP, r"^resource (\w+) '", r"resource \1 ", "cannot be parsed"
    ),
    "spread": Mistake("syntax", APP, r"tags: tags\n", "...tags\n", "a spread is not read offline"),
    "a misspelt property": Mistake(
        "resources", APP, "httpsOnly:", "htpsOnly:", "no property htpsOnly: write httpsOnly"
    ),
    "a property in the wrong place": Mistake(
        "resources", APP, r"kind: 'StorageV2'", "accessTier: 'Hot'", "no property accessTier"
    ),
    "a read-only property": Mistake(
        "resources",
        "infra/quantum/*.bicep",
        "apiKeyEnabled: false",
        "apiKeyEnabled: false\n    usable: 'Yes'",
        "usable is read-only",
        elsewhere=True,
    ),
    "a missing property": Mistake(
        "resources",
        APP,
        r"tenantId: tenant\(\).tenantId\n",
        "\n",
        "tenantId is missing: it is required",
        elsewhere=True,
    ),
    "a wrong case": Mistake("resources", BICEP, "'StorageV2'", "'storageV2'", "write StorageV2"),
    "a wrong value": Mistake(
        "resources", BICEP, "'UserAssigned'", "'User'", "'User' is not a known value"
    ),
    "a number as a string": Mistake(
        "resources", APP, "instanceMemoryMB: 2048", "instanceMemoryMB: '2048'", "give it a int"
    ),
    "a version that is not there": Mistake(
        "resources", APP, "vaults@2025-05-01", "vaults@2015-05-01", "the data has"
    ),
    "a misspelt symbol": Mistake(
        "symbols", APP, "location: location", "location: locatoin", "write location"
    ),
    "an unused parameter": Mistake(
        "symbols", APP, r"^param location ", "param unused bool\nparam location ", "never used"
    ),
    "a missing argument": Mistake(
        "modules",
        "infra/app/main.bicep",
        r"\n +vaultUri: vault\.outputs\.uri",
        "",
        "functions.bicep needs the parameter vaultUri: give it in params",
        elsewhere=True,
    ),
    "an argument that no parameter takes": Mistake(
        "modules", "infra/app/main.bicep", r"token: token", "tokn: token", "write token"
    ),
    "an output that is not there": Mistake(
        "modules", "infra/app/main.bicep", r"outputs\.uri", "outputs.url", "has no output url"
    ),
    "a module that is not there": Mistake(
        "modules", "infra/app/main.bicep", r"'vault\.bicep'", "'valt.bicep'", "no file valt"
    ),
    "a text that is not there": Mistake(
        "reads", APP, r"apim/openapi\.yaml", "apim/openapi.json", "no file openapi.json"
    ),
    "a default that its decorator refuses": Mistake(
        "limits",
        "infra/app/main.bicep",
        r"@minValue\(1\)\n(@description\(.+\)\nparam retentionDays int = )30",
        r"@minValue(1)\n\g<1>0",
        r"the default of retentionDays is less than @minValue\(1\)",
        elsewhere=True,
    ),
    "a module that is given too little": Mistake(
        "limits",
        "infra/app/main.bicep",
        r"maximumInstances: maximumInstances",
        "maximumInstances: 0",
        r"what maximumInstances is given is less than @minValue\(40\)",
    ),
    "a property that is read and not there": Mistake(
        "reads", APP, r"properties\.vaultUri", "properties.vaultUrl", "write vaultUri"
    ),
    "a parameter that azd does not know": Mistake(
        "parameters",
        "infra/app/main.parameters.json",
        '"environmentName"',
        '"environment"',
        "no parameter environment: write environmentName",
    ),
    "a variable that nothing sets": Mistake(
        "parameters",
        "infra/app/main.parameters.json",
        r"\$\{QJOBS_WORKSPACE_NAME\}",
        "${QJOBS_WORKSPACE}",
        "nothing sets QJOBS_WORKSPACE before the layer app",
    ),
    "a hook that is not there": Mistake(
        "azure.yaml", "azure.yaml", r"(infra/hooks/[\w-]+)\.sh", r"\1.bash.sh", "no file"
    ),
    **{
        f"{name} as an output of {layer}": Mistake(
            "outputs",
            f"infra/{layer}/main.bicep",
            r"^output (\w+) string = group\.name$",
            rf"output {name} string = group.name",
            f"{name} is a setting, which azd down would forget: remove the output",
        )
        for layer, name in (
            *(
                ("app", name)
                for name in ("AZURE_LOCATION", "AZURE_ENV_NAME", "QJOBS_API_CLIENT_ID")
            ),
            *(("app", name) for name in ("AZURE_SUBSCRIPTION_ID", "QJOBS_PUBLIC_HOST")),
            *(("container", name) for name in ("AZURE_LOCATION", "QJOBS_FUNCTIONS_CLIENT_ID")),
            *(("quantum", name) for name in ("AZURE_LOCATION", "QJOBS_QUANTUM_LOCATION")),
        )
    },
    "a service that azd does not find": Mistake(
        "azure.yaml",
        APP,
        "'azd-service-name'",
        "'azd-service'",
        "service api: no resource has the tag azd-service-name: api",
        elsewhere=True,
    ),
    "a limit under another name": Mistake(
        "gateway",
        "infra/app/main.parameters.json",
        "submits-per-minute",
        "submit-per-minute",
        "has no submit-per-minute: write submits-per-minute",
        elsewhere=True,
    ),
    "a policy that is not loaded": Mistake(
        "gateway", APP, "operations/get-job.xml", "operations/get-result.xml", "", elsewhere=True
    ),
    "a named value that is not given": Mistake(
        "gateway", APP, r"'api-audience': .+\n", "\n", "api-audience has no value", elsewhere=True
    ),
    "a fragment under another name": Mistake(
        "gateway",
        APP,
        r"name: 'answer-problem'",
        "name: 'problem'",
        "no policyFragments named",
        elsewhere=True,
    ),
    "policies before what they name": Mistake(
        "order",
        "infra/app/main.bicep",
        r"dependsOn: \[gatewayNames\]",
        "",
        "dependsOn",
        elsewhere=True,
    ),
    "two children of an API at the same time": Mistake(
        "concurrency",
        "infra/app/gateway/api.bicep",
        r"  dependsOn: \[policy\]\n",
        "",
        "an API of API Management may be writing .+ at the same time",
        elsewhere=True,
    ),
    "policies of operations at the same time": Mistake(
        "concurrency",
        "infra/app/gateway/api.bicep",
        r"@batchSize\(1\)\n",
        "",
        "an API of API Management may be writing policy at the same time",
        elsewhere=True,
    ),
    "an API put into a product at the same time": Mistake(
        "concurrency",
        "infra/app/gateway/api.bicep",
        r"  dependsOn: \[operationPolicies\]\n",
        "",
        "an API of API Management may be writing .+ at the same time",
        elsewhere=True,
    ),
    "two changes of a site at the same time": Mistake(
        "concurrency",
        "infra/app/functions.bicep",
        r"  dependsOn: \[settings\]\n",
        "",
        "a site may be writing settings at the same time",
        elsewhere=True,
    ),
    "two endpoints of a subnet at the same time": Mistake(
        "concurrency",
        "infra/app/private-endpoints.bicep",
        r"  dependsOn: \[queue\]\n",
        "",
        "a subnet may be writing endpoint at the same time",
        elsewhere=True,
    ),
    "a name that an output decides": Mistake(
        "preview",
        "infra/app/main.bicep",
        r"serviceName: gatewayName",
        "serviceName: last(split(gateway.outputs.id, '/'))",
        "service is left out of a preview",
        elsewhere=True,
    ),
    "a condition that an output decides": Mistake(
        "preview",
        "infra/app/main.bicep",
        r"twoRegions: .+",
        "twoRegions: !empty(storage.outputs.name)",
        "secondFunctions is left out of a preview",
    ),
    "a role assignment named after an object id": Mistake(
        "preview",
        "infra/app/storage.bicep",
        r"guid\(storage\.id, functionsIdentity,",
        "guid(storage.id, functionsPrincipalId,",
        "functionsOwnBlobs is left out of a preview",
        elsewhere=True,
    ),
    "a loop that a property decides": Mistake(
        "preview",
        "infra/app/storage.bicep",
        r"for name in queueNames",
        "for name in [storage.properties.primaryLocation]",
        "queues is left out of a preview",
    ),
    "functions before they can reach anything": Mistake(
        "order",
        "infra/app/main.bicep",
        r"  dependsOn: \[endpoints, channelEndpoint\]\n",
        "",
        "the functions may start before they reach vault",
        elsewhere=True,
    ),
    "two resources of a private link scope at the same time": Mistake(
        "concurrency",
        "infra/app/logs-scope.bicep",
        r"  dependsOn: \[logs\]\n",
        "",
        "a private link scope may be writing logs at the same time",
        elsewhere=True,
    ),
    "a setting that nobody reads": Mistake(
        "settings", APP, "QJOBS_RETENTION_DAYS:", "QJOBS_RETENTION:", "write QJOBS_RETENTION_DAYS"
    ),
    "a missing setting": Mistake(
        "settings",
        APP,
        r"QJOBS_KEY_VAULT_URI: .+\n",
        "\n",
        "WORKSPACE_NAME is missing",
        elsewhere=True,
    ),
    "an address of the storage account without its name": Mistake(
        "settings",
        APP,
        r" +AzureWebJobsStorage__accountName: .+\n",
        "",
        "the setting AzureWebJobsStorage__accountName is missing",
        elsewhere=True,
    ),
    "a setting that Flex Consumption refuses": Mistake(
        "settings",
        APP,
        "QDK_PYTHON_TELEMETRY:",
        "FUNCTIONS_WORKER_RUNTIME: 'python'\n    QDK_PYTHON_TELEMETRY:",
        "refuses FUNCTIONS_WORKER_RUNTIME: leave it out",
    ),
    "a configuration that Flex Consumption refuses": Mistake(
        "settings",
        APP,
        "http20Enabled: true",
        "ftpsState: 'Disabled'",
        "refuses ftpsState: leave it out",
    ),
    "another configuration that Flex Consumption refuses": Mistake(
        "settings",
        APP,
        "http20Enabled: true",
        "functionAppScaleLimit: 40",
        "refuses functionAppScaleLimit: leave it out",
    ),
    "a missing role": Mistake(
        "roles",
        APP,
        r"(roleAssignments@.+\n  name: .+storageQueueDataContributor\)\n)  scope: \w+\n",
        r"\1",
        "functions has not Storage Queue Data Contributor",
        elsewhere=True,
    ),
    "a role too many": Mistake(
        "roles",
        APP,
        "'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'",
        "'8e3af657-a8ff-443c-a75c-2fe8c4bcb635'",
        "functions has Owner on .+: nobody needs that, remove it",
        elsewhere=True,
    ),
    "a role's id under another name": Mistake(
        "roles",
        APP,
        r"storageBlobDataOwner = '.+'",
        "storageBlobDataOwner = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'",
        "storageBlobDataOwner has the id b7e6dc6d-f1e8-4753-8033-0f276bb0955b: write that",
    ),
    "a shared key": Mistake(
        "safety",
        APP,
        "allowSharedKeyAccess: false",
        "allowSharedKeyAccess: true",
        "write allowSharedKeyAccess: false, identities replace keys",
    ),
    "a shared key by a parameter": Mistake(
        "safety",
        APP,
        "allowSharedKeyAccess: false",
        "allowSharedKeyAccess: !empty(token)",
        "allowSharedKeyAccess is not always false",
    ),
    "local authentication": Mistake(
        "safety",
        APP,
        r" +DisableLocalAuth: true\n",
        "\n",
        "DisableLocalAuth is not set",
        elsewhere=True,
    ),
    "basic publishing": Mistake(
        "safety", APP, r"name: 'scm'", "name: 'ftp'", "basic publishing by scm off", elsewhere=True
    ),
    "a key as an output": Mistake(
        "safety",
        APP,
        r"^(output \w+ string = )vault\.properties\.vaultUri",
        r"\1vault.listKeys().primaryKey",
        "use an identity instead",
    ),
    "everybody admitted": Mistake(
        "authentication", APP, "'Return401'", "'AllowAnonymous'", 'is not "Return401"'
    ),
    "a path open to everybody": Mistake(
        "authentication", APP, r"\['/api/health'\]", "['/api/health', '/api']", "excludedPaths"
    ),
    "any application admitted": Mistake(
        "authentication",
        APP,
        r"allowedApplications: \[.+\]",
        "allowedApplications: []",
        "allowedApplications has not exactly 1 item",
    ),
    "a container that knows no token": Mistake(
        "gateway token",
        CONTAINER,
        r" +QJOBS_GATEWAY_TOKEN_AUDIENCE: .+\n",
        "",
        "the audience of its token is not set: .+ add QJOBS_GATEWAY_TOKEN_AUDIENCE",
        elsewhere=True,
    ),
    "a container that knows no keys": Mistake(
        "gateway token",
        CONTAINER,
        r" +QJOBS_GATEWAY_TOKEN_METADATA: .+\n",
        "",
        "the address of the keys of its issuer is not set: .+ add QJOBS_GATEWAY_TOKEN_METADATA",
        elsewhere=True,
    ),
    "a container that knows no gateway": Mistake(
        "gateway token",
        CONTAINER,
        r" +QJOBS_GATEWAY_PRINCIPAL_ID: .+\n",
        "",
        "the gateway's identity is not set: .+ add QJOBS_GATEWAY_PRINCIPAL_ID",
        elsewhere=True,
    ),
    "a container that believes a header": Mistake(
        "gateway token",
        CONTAINER,
        r"(  QDK_PYTHON_TELEMETRY: 'none'\n)",
        r"\1  WEBSITE_AUTH_ENABLED: 'true'\n",
        "leave out WEBSITE_AUTH_ENABLED",
        elsewhere=True,
    ),
    "a container without the first line": Mistake(
        "gateway token",
        CONTAINER,
        r"containerApps/authConfigs@2025-07-01' = \{\n  parent: app\n  name: 'current'",
        r"containerApps/diagnosticSettings@2025-07-01' = {\n  parent: app\n  name: 'x'",
        "add authConfigs 'current'",
        elsewhere=True,
    ),
    "a missing queue": Mistake(
        "storage",
        APP,
        "'qjobs-track-poison'",
        "'qjobs-track'",
        "qjobs-track-poison",
        elsewhere=True,
    ),
    "a missing container": Mistake(
        "storage", APP, "'job-documents'", "'documents'", "job-documents", elsewhere=True
    ),
    "an alert without a section": Mistake(
        "alerts",
        APP,
        r"#poison-messages",
        "#poison-message",
        "write poison-messages",
        elsewhere=True,
    ),
    "a section without an alert": Mistake(
        "alerts",
        "docs/runbook.md",
        r"\Z",
        "\n## Something else\n",
        "no alert names the section something-else",
        elsewhere=True,
    ),
    "an alert about a column that its query has not": Mistake(
        "alerts",
        "infra/app/queries/function-runs.kql",
        r"functions = count",
        "apps = count",
        "the query of the alert gives no functions",
        elsewhere=True,
    ),
    "a query that nobody asks": Mistake(
        "alerts",
        APP,
        r"queries/failed-jobs\.kql",
        "queries/waiting-jobs.kql",
        "no template",
        elsewhere=True,
    ),
    "a secret of another name": Mistake(
        "coordinates",
        "infra/app/vault.bicep",
        "name: 'quantum-workspace'",
        "name: 'workspace'",
        "makes no secret quantum-workspace",
        elsewhere=True,
    ),
    "a secret without a coordinate": Mistake(
        "coordinates",
        "infra/app/main.bicep",
        r"      resourceGroup: workspaceResourceGroup\n",
        "",
        "has no resourceGroup",
        elsewhere=True,
    ),
    "a query of a member that is not logged": Mistake(
        "queries",
        "infra/app/queries/*.kql",
        r"job\.cost",
        "job.price",
        "the log of jobs has no price",
    ),
    "a query of another line": Mistake(
        "queries",
        "infra/app/queries/*.kql",
        r'"qjobs\.job "',
        '"job "',
        "lines of jobs begin with 'qjobs.job '",
    ),
    "a query of an error that is not there": Mistake(
        "queries", "infra/app/queries/*.kql", "input-rejected", "bad-input", "has no bad-input"
    ),
    "a secret that a module hands on": Mistake(
        "safety",
        "infra/app/main.bicep",
        r"^(output QJOBS_INSIGHTS_\w+ string = )monitoring\.outputs\.insightsConnectionString",
        r"\1storage.outputs.primaryKey",
        "QJOBS_INSIGHTS_CONNECTION_STRING holds a secret",
    ),
    "a firewall that only watches": Mistake(
        "safety",
        "infra/app/front-door.bicep",
        "mode: 'Prevention'",
        "mode: 'Detection'",
        "write policySettings.mode: 'Prevention'",
    ),
    "answers kept at the edge": Mistake(
        "safety",
        "infra/app/front-door.bicep",
        "linkToDefaultDomain: 'Enabled'",
        "cacheConfiguration: {\n      queryStringCachingBehavior: 'UseQueryString'\n    }",
        "the route caches answers",
        elsewhere=True,
    ),
    "an alert of the activity log without a section": Mistake(
        "alerts",
        APP,
        r"#azure-service-health",
        "#service-health",
        "write azure-service-health",
    ),
    "a query of a result that nobody writes": Mistake(
        "queries",
        "infra/app/queries/*.kql",
        '"synthetic-job"',
        '"synthetic-jobs"',
        "synthetic_job.py has no synthetic-jobs: write synthetic-job",
    ),
    "a query of a function that is not there": Mistake(
        "queries",
        "infra/app/queries/*.kql",
        '"dispatch_poison"',
        '"poison"',
        "functions/ has no poison",
    ),
    "a query of a metric that nothing records": Mistake(
        "queries",
        "infra/app/queries/*.kql",
        '"qjobs.jobs.oldest.age"',
        '"qjobs.jobs.age"',
        "telemetry.py has no qjobs.jobs.age",
    ),
    "a query of an attribute that no metric has": Mistake(
        "queries",
        "infra/app/queries/*.kql",
        r"qjobs\.target\.simulated",
        "qjobs.target.mode",
        "telemetry.py has no qjobs.target.mode",
    ),
    "a query of a kind of error that is not there": Mistake(
        "queries",
        "infra/app/queries/*.kql",
        '"identity-refused"',
        '"forbidden"',
        "provider_error_kind.py has no forbidden",
    ),
    "a name that is known too late": Mistake(
        "timing",
        APP,
        r"guid\((\w+)\.id,",
        r"guid(\1.properties.provisioningState,",
        r"name of \w+ has to be known before the deployment, \w+\.properties is not",
    ),
    "a condition that is known too late": Mistake(
        "timing",
        "infra/app/main.bicep",
        r"= if \(\w+\) \{",
        "= if (!empty(identities.outputs.functionsId)) {",
        "a condition has to be known before the deployment, identities.outputs is not",
    ),
    "a loop that is known too late": Mistake(
        "timing",
        "infra/app/main.bicep",
        r"for \(region, index\) in regions: \{",
        "for (region, index) in split(identities.outputs.functionsId, '/'): {",
        "a loop has to be known before the deployment",
    ),
    "an output of a module that is not always there": Mistake(
        "nulls",
        "infra/app/main.bicep",
        r"(\w+)!\.outputs",
        r"\1.outputs",
        "is null where its condition is false: read it by",
    ),
    "an output twice": Mistake(
        "duplicates", APP, r"^(output .+)$", r"\1\n\1", "is there twice: remove one", elsewhere=True
    ),
    "a property twice": Mistake(
        "duplicates",
        APP,
        r"httpsOnly: true\n",
        r"httpsOnly: true\n    httpsOnly: false\n",
        "the property httpsOnly is there twice",
        elsewhere=True,
    ),
    "two resources of one name": Mistake(
        "duplicates", APP, r"name: 'scm'", "name: 'ftp'", "are deployed under one name"
    ),
    "steps deleted before the queue ends": Mistake(
        "retention",
        "infra/app/storage.bicep",
        r"(GreaterThan: retentionDays) \+ 120",
        r"\1",
        "may be needed: wait for more than 150",
    ),
    "programs deleted before the queue ends": Mistake(
        "retention",
        "infra/quantum/*.bicep",
        r"(GreaterThan: retentionDays) \+ 120",
        r"\1 + 60",
        "may be needed: wait for more than 120",
    ),
    "jobs deleted whatever the setting says": Mistake(
        "retention",
        "infra/app/storage.bicep",
        "GreaterThan: retentionDays",
        "GreaterThan: 30",
        "add retentionDays",
    ),
    "a decorator twice": Mistake(
        "duplicates",
        "infra/app/main.bicep",
        r"^(@minValue\(.+\)\n)",
        r"\1\1",
        "the decorator minValue is there twice",
        elsewhere=True,
    ),
    "a default of another kind": Mistake(
        "kinds",
        "infra/app/main.bicep",
        r"(param retentionDays int =) (\d+)",
        r"\1 '\2'",
        "the parameter retentionDays is of kind string, not int",
    ),
    "a missing argument of a function": Mistake(
        "kinds", APP, r"guid\(.+\)", "guid()", r"guid\(\) takes 1 or more arguments, not 0"
    ),
    "a list read as one": Mistake(
        "access",
        "infra/app/main.bicep",
        r"(\w+)\[0\]\.outputs",
        r"\1.outputs",
        "is a list, for it is deployed in a loop",
    ),
    "a decorator of another kind": Mistake(
        "decorators",
        "infra/app/main.bicep",
        r"^param location string",
        r"@minValue(1)\nparam location string",
        "@minValue is for int, not for string",
    ),
    "a module in no group": Mistake(
        "scopes",
        "infra/app/main.bicep",
        r"(name: 'workbook'\n)  scope: group\n",
        r"\1",
        "workbook.bicep is deployed to a resourceGroup, not to a subscription",
        elsewhere=True,
    ),
    "a time outside a default": Mistake(
        "loops", APP, r"^var ", r"var now = utcNow()\nvar ", r"utcNow\(\) works in the default"
    ),
}
