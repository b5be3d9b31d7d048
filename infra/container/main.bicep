// The app layer with the functions in a container: in place of ../app/main.bicep, of the same modules
// but one. Without an image it makes all that the image needs to be brought there; then deploy again.
// It has no private network and no second region; docs/delivery.md#in-a-container lists what that leaves
// without effect.
targetScope = 'subscription'

@minLength(1)
@maxLength(32)
@description('Name of the environment: part of the names of both layers.')
param environmentName string

@minLength(1)
@description('Region of everything here.')
@metadata({
  azd: {
    type: 'location'
  }
})
param location string

@allowed(['dev', 'prod'])
@description('dev is for trying out; prod keeps its data in several zones, runs two instances, and is locked. The registry, and the environment that the instances are in, stay in one zone: more takes a network and a dearer registry.')
param size string = 'dev'

@allowed(['Consumption', 'Developer', 'BasicV2'])
@description('Tier of API Management.')
param gatewayTier string = 'Consumption'

@description('Name and tag, or digest, of the image in the registry, such as qjobs:0.1.0; empty before it is there.')
param image string = ''

@minValue(1)
@maxValue(1000)
@description('The most instances of the functions at a time.')
param maximumReplicas int = 10

@allowed(['none', 'Free', 'Standard'])
@description('Azure Web PubSub, over which callers are told of their jobs; none leaves them to poll.')
param channel string = 'none'

@description('The web page on Azure Static Web Apps, from which people use the API.')
param page bool = true

@minValue(1)
@description('Days after its end that the data of a job is deleted.')
param retentionDays int = 30

@description('The most that a job may cost, such as 25 USD; empty is no limit.')
param costOfJob string = ''

@description('The most that the jobs of one caller on one day may cost, such as 100 USD; empty is no limit.')
param costOfDay string = ''

@secure()
@description('What the secrets of webhooks are derived from, 32 characters at least; empty for no webhooks.')
param webhookMaster string = ''

@allowed(['bySize', 'LRS', 'ZRS', 'GRS', 'GZRS', 'RAGRS', 'RAGZRS'])
@description('Copies of the data of jobs. By size: in several zones for prod.')
param storageReplication string = 'bySize'

@description('When lost jobs are looked for, as NCRONTAB; empty is every minute.')
param reconcileSchedule string = ''

@description('Deleted vaults cannot be purged before their time. Cannot be switched off again.')
param purgeProtection bool = size == 'prod'

@minLength(36)
@maxLength(36)
@description('Client id of the API\'s app registration.')
param apiClientId string

@minLength(36)
@maxLength(36)
@description('Client id of the functions\' app registration, for which the gateway gets its tokens.')
param functionsClientId string

@description('Whether anybody is told when something goes wrong.')
param alerting bool = size == 'prod'

@description('Object id of who deploys, and whether that is a User: in dev, such a one may read jobs and messages.')
param deployerPrincipalId string = ''
param deployerPrincipalType string = ''

@description('Object id of the identity that submits jobs from outside to see whether they succeed; empty for none.')
param syntheticPrincipalId string = ''

@description('Who is told about alerts and the budget, and whom API Management writes to.')
param contactEmail string

@description('Values of apim/named-values.json in the place of their defaults; an empty one leaves the default.')
param gatewayValues object = {}

@minValue(0)
@description('Money for a month, in the currency of the billing account; 0 is no budget.')
param monthlyBudget int = 0

@description('First day of the first month of the budget, such as 2026-12-01; empty is this month. It stays: a budget cannot be given another.')
param budgetStart string = ''

@description('The month in which this is deployed; not to be given.')
param thisMonth string = utcNow('yyyy-MM-01')

@description('Where the workspace is: outputs of the quantum layer.')
param workspaceSubscriptionId string
param workspaceResourceGroup string
param workspaceName string
param workspaceLocation string
param workspaceEndpoint string

@description('Name of the system topic of the workspace\'s storage: an output of the quantum layer. Without one the functions look for results themselves.')
param workspaceEventsTopic string = ''

var prod = size == 'prod'
var tags = {
  'azd-env-name': environmentName
}
// Event Grid does not reach a storage account that is open to private endpoints alone.
var outputEvents = !empty(workspaceEventsTopic)
var token = toLower(uniqueString(subscription().id, environmentName, location, 'container'))
// Jobs of prod are nobody's to look at, and a pipeline has no use for it.
var reader = !prod && deployerPrincipalType == 'User' ? deployerPrincipalId : ''

// Names that several modules need are made here: a preview cannot tell what an output will be, and shows
// nothing of a resource whose name, condition or scope is one.
var functionsIdentity = 'id-functions-${token}'
var gatewayIdentity = 'id-gateway-${token}'
var gatewayName = 'apim-${token}'
var storageSkus = {
  bySize: prod ? 'Standard_ZRS' : 'Standard_LRS'
  LRS: 'Standard_LRS'
  ZRS: 'Standard_ZRS'
  GRS: 'Standard_GRS'
  GZRS: 'Standard_GZRS'
  RAGRS: 'Standard_RAGRS'
  RAGZRS: 'Standard_RAGZRS'
}

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}-container'
  location: location
  tags: tags
}

module identities '../app/identities.bicep' = {
  name: 'identities'
  scope: group
  params: {
    functionsName: functionsIdentity
    gatewayName: gatewayIdentity
    location: location
    tags: tags
  }
}

module monitoring '../app/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    logRetentionDays: prod ? 90 : 30
    functionsIdentity: functionsIdentity
    functionsPrincipalId: identities.outputs.functionsPrincipalId
    gatewayIdentity: gatewayIdentity
    gatewayPrincipalId: identities.outputs.gatewayPrincipalId
    private: false
    closed: false
  }
}

resource storageEvents 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = if (outputEvents) {
  name: workspaceEventsTopic
  scope: resourceGroup(workspaceSubscriptionId, workspaceResourceGroup)
}

module storage '../app/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    sku: storageSkus[storageReplication]
    private: false
    locked: prod
    retentionDays: retentionDays
    functionsIdentity: functionsIdentity
    functionsPrincipalId: identities.outputs.functionsPrincipalId
    readerPrincipalId: reader
    packageContainers: []
    logsId: monitoring.outputs.logsId
    eventsTopic: outputEvents ? workspaceEventsTopic : ''
    eventsPrincipalId: outputEvents ? storageEvents!.identity.principalId : ''
  }
}

module outputSubscription '../app/output-events.bicep' = if (outputEvents) {
  name: 'events-for-${environmentName}'
  scope: resourceGroup(workspaceSubscriptionId, workspaceResourceGroup)
  params: {
    topicName: workspaceEventsTopic
    name: 'outputs-for-${token}'
    storageId: storage.outputs.id
  }
}

module vault '../app/vault.bicep' = {
  name: 'vault'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    private: false
    purgeProtection: purgeProtection
    functionsIdentity: functionsIdentity
    functionsPrincipalId: identities.outputs.functionsPrincipalId
    logsId: monitoring.outputs.logsId
    webhookMaster: webhookMaster
    workspace: {
      subscriptionId: workspaceSubscriptionId
      resourceGroup: workspaceResourceGroup
      name: workspaceName
      location: workspaceLocation
      endpoint: workspaceEndpoint
    }
  }
}

module channelService '../app/channel.bicep' = if (channel != 'none') {
  name: 'channel'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    tier: channel == 'Free' ? 'Free' : 'Standard'
    private: false
    functionsIdentity: functionsIdentity
    functionsPrincipalId: identities.outputs.functionsPrincipalId
    logsId: monitoring.outputs.logsId
  }
}

module workspaceAccess '../app/workspace-access.bicep' = {
  name: 'access-of-${environmentName}-container'
  scope: resourceGroup(workspaceSubscriptionId, workspaceResourceGroup)
  params: {
    workspaceName: workspaceName
    functionsIdentity: functionsIdentity
    functionsPrincipalId: identities.outputs.functionsPrincipalId
    logsId: monitoring.outputs.logsId
    auditName: 'to-log-analytics-of-container'
  }
}

module registry 'registry.bicep' = {
  name: 'registry'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    functionsIdentity: functionsIdentity
    functionsPrincipalId: identities.outputs.functionsPrincipalId
    logsId: monitoring.outputs.logsId
  }
}

module functions 'functions.bicep' = if (!empty(image)) {
  name: 'functions'
  scope: group
  params: {
    name: 'ca-${token}'
    location: location
    tags: tags
    image: '${registry.outputs.loginServer}/${image}'
    registryServer: registry.outputs.loginServer
    minimumReplicas: prod ? 2 : 1
    maximumReplicas: maximumReplicas
    identityId: identities.outputs.functionsId
    identityClientId: identities.outputs.functionsClientId
    gatewayClientId: identities.outputs.gatewayClientId
    gatewayPrincipalId: identities.outputs.gatewayPrincipalId
    registrationClientId: functionsClientId
    storageName: storage.outputs.name
    blobEndpoint: storage.outputs.blobEndpoint
    queueEndpoint: storage.outputs.queueEndpoint
    vaultUri: vault.outputs.uri
    channelEndpoint: channel == 'none' ? '' : channelService!.outputs.endpoint
    insightsConnectionString: monitoring.outputs.insightsConnectionString
    logsId: monitoring.outputs.logsId
    reconcileSchedule: empty(reconcileSchedule) ? '0 * * * * *' : reconcileSchedule
    retentionDays: retentionDays
    costOfJob: costOfJob
    costOfDay: costOfDay
    outputEvents: outputEvents
  }
}

module gateway '../app/gateway/service.bicep' = {
  name: 'gateway'
  scope: group
  params: {
    name: gatewayName
    location: location
    tags: tags
    tier: gatewayTier
    units: 1
    zones: []
    additionalLocations: []
    publisherEmail: contactEmail
    identityId: identities.outputs.gatewayId
    subnetId: ''
  }
}

module pageSite '../app/page.bicep' = if (page) {
  name: 'page'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
  }
}

// Where the page is: under a name of its own, or under the one that Azure gives it.
var givenOrigin = gatewayValues[?'web-origin'] ?? ''
var usualOrigin = page ? pageSite!.outputs.origin : ''
var pageOrigin = empty(givenOrigin) ? usualOrigin : givenOrigin

module gatewayNames '../app/gateway/values.bicep' = if (!empty(image)) {
  name: 'gateway-values'
  scope: group
  params: {
    serviceName: gatewayName
    tier: gatewayTier
    functionsUrls: [functions!.outputs.url]
    twoRegions: false
    values: union(gatewayValues, {
      'entra-tenant-id': tenant().tenantId
      'api-client-id': apiClientId
      'api-audience': 'api://${apiClientId}'
      'functions-audience': 'api://${functionsClientId}'
      'gateway-client-id': identities.outputs.gatewayClientId
      'web-origin': pageOrigin
    })
  }
  dependsOn: [gateway]
}

// Policies name values, fragments and backends in their text, which says nothing of the order.
module api '../app/gateway/api.bicep' = if (!empty(image)) {
  name: 'gateway-api'
  scope: group
  params: {
    serviceName: gatewayName
    tier: gatewayTier
    insightsId: monitoring.outputs.insightsId
    insightsConnectionString: monitoring.outputs.insightsConnectionString
    identityClientId: identities.outputs.gatewayClientId
    loggedPercentage: prod ? 20 : 100
    page: page
  }
  dependsOn: [gatewayNames]
}

// Without an image nothing runs, and nobody has to hear of that.
module alerts '../app/alerts.bicep' = if (alerting && !empty(image)) {
  name: 'alerts'
  scope: group
  params: {
    location: location
    tags: tags
    contactEmail: contactEmail
    functionApps: 1
    insightsId: monitoring.outputs.insightsId
    storageId: storage.outputs.id
    vaultId: vault.outputs.id
    gatewayId: gateway.outputs.id
    gatewayTier: gatewayTier
  }
}

module availability '../app/availability.bicep' = if (alerting && !empty(image)) {
  name: 'availability'
  scope: group
  params: {
    location: location
    tags: tags
    insightsId: monitoring.outputs.insightsId
    insightsName: 'appi-${token}'
    actionGroupId: alerts!.outputs.actionGroupId
    // The Consumption gateway lets nobody in without a subscription's key, not even to ask for health.
    healthUrl: gatewayTier == 'Consumption' ? '${functions!.outputs.url}/health' : '${api!.outputs.url}/health'
    syntheticPrincipalId: syntheticPrincipalId
  }
}

module serviceHealth '../app/service-health.bicep' = if (alerting && !empty(image)) {
  name: 'service-health'
  scope: group
  params: {
    tags: tags
    actionGroupId: alerts!.outputs.actionGroupId
    locations: [location, workspaceLocation]
  }
}

module workbook '../app/workbook.bicep' = {
  name: 'workbook'
  scope: group
  params: {
    location: location
    tags: tags
    insightsId: monitoring.outputs.insightsId
  }
}

module budget '../budget.bicep' = if (monthlyBudget > 0) {
  name: 'budget'
  scope: group
  params: {
    amount: max(monthlyBudget, 1)
    contactEmails: [contactEmail]
    startDate: empty(budgetStart) ? thisMonth : budgetStart
  }
}

// What azd keeps, for hooks and people: what ../app/main.bicep gives, and where the image goes.
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_TENANT_ID string = tenant().tenantId
output QJOBS_GATEWAY_TIER_USED string = gatewayTier
output QJOBS_INSIGHTS_NAME string = monitoring.outputs.insightsName
output QJOBS_FUNCTIONS_NAME string = empty(image) ? '' : functions!.outputs.name
output QJOBS_REGISTRY_NAME string = registry.outputs.name
output QJOBS_GATEWAY_NAME string = gatewayName
output QJOBS_API_URL string = empty(image) ? '' : api!.outputs.url
output QJOBS_INSIGHTS_CONNECTION_STRING string = monitoring.outputs.insightsConnectionString
// For the hook that writes the page's configuration.
output QJOBS_PAGE_URL string = page ? pageOrigin : ''
output QJOBS_CHANNEL_URL string = channel == 'none' ? '' : channelService!.outputs.endpoint
// For the runbook.
output QJOBS_STORAGE_NAME string = 'st${token}'
output QJOBS_STORAGE_ID string = storage.outputs.id
output QJOBS_VAULT_NAME string = 'kv-${token}'
output QJOBS_LOGS_NAME string = 'log-${token}'
