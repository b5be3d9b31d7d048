// The app layer: everything but the workspace. The layer of the workspace is deployed before.
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
@description('dev costs next to nothing while nobody uses it; prod is always ready, kept in several zones, locked, and watched.')
param size string = 'dev'

@allowed(['bySize', 'Consumption', 'Developer', 'BasicV2', 'StandardV2', 'Premium'])
@description('Tier of API Management. By size: Consumption for dev, BasicV2 for prod, StandardV2 with private networking.')
param gatewayTier string = 'bySize'

@minValue(1)
@description('Units of the gateway in each of its regions; the Consumption tier has none.')
param gatewayUnits int = 1

@description('Zones over which a Premium gateway is spread, such as 1,2,3, with a unit for each at least; empty leaves that to Azure.')
param gatewayZones string = ''

@description('Regions with a Premium gateway besides the first, with commas between them.')
param gatewayLocations string = ''

@allowed(['none', 'Standard', 'Premium'])
@description('Azure Front Door with a firewall before the gateway; Premium has Microsoft\'s rules.')
param frontDoor string = 'none'

@allowed(['none', 'Free', 'Standard'])
@description('Azure Web PubSub, over which callers are told of their jobs; none leaves them to poll.')
param channel string = 'none'

@description('The web page on Azure Static Web Apps, from which people use the API.')
param page bool = true

@description('Storage, vault, logs and functions answer in a virtual network only; functions with a gateway that can reach them there.')
param privateNetworking bool = false

@description('With private networking, logs are taken from the network alone, and those of the gateway are lost.')
param closedLogs bool = false

@description('Spread over the zones of the region, where it has several.')
param zoneRedundant bool = size == 'prod'

@description('Region of a second function app behind the same gateway; empty for none.')
param secondaryLocation string = ''

@allowed(['bySize', 'LRS', 'ZRS', 'GRS', 'GZRS', 'RAGRS', 'RAGZRS'])
@description('Copies of the data of jobs. By size: in several zones if zoneRedundant, in a second region if there is one.')
param storageReplication string = 'bySize'

@description('Python of the platform, as `az functionapp list-flexconsumption-runtimes` lists it.')
param pythonVersion string = '3.13'

@minValue(-1)
@description('Instances that always run; -1 is by size.')
param alwaysReady int = -1

@minValue(40)
@maxValue(1000)
@description('The most instances of the functions at a time.')
param maximumInstances int = 40

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

@description('When lost jobs are looked for, as NCRONTAB; empty is every minute for prod and every five for dev.')
param reconcileSchedule string = ''

@description('Deleted vaults cannot be purged before their time. Cannot be switched off again.')
param purgeProtection bool = size == 'prod'

@description('Whether anybody is told when something goes wrong. Rules cost a few euros a month.')
param alerting bool = size == 'prod'

@description('Object id of who deploys, and whether that is a User: in dev, such a one may read jobs and messages.')
param deployerPrincipalId string = ''
param deployerPrincipalType string = ''

@description('Object id of the identity that submits jobs from outside to see whether they succeed; empty for none.')
param syntheticPrincipalId string = ''

@minLength(36)
@maxLength(36)
@description('Client id of the API\'s app registration.')
param apiClientId string

@minLength(36)
@maxLength(36)
@description('Client id of the functions\' app registration, for which the gateway gets its tokens.')
param functionsClientId string

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
var outputEvents = !privateNetworking && !empty(workspaceEventsTopic)
var token = toLower(uniqueString(subscription().id, environmentName, location))

// Names that several modules need are made here: a preview cannot tell what an output will be, and shows
// nothing of a resource whose name, condition or scope is one.
var functionsIdentity = 'id-functions-${token}'
var gatewayIdentity = 'id-gateway-${token}'
var gatewayName = 'apim-${token}'
var usualTier = !prod ? 'Consumption' : privateNetworking ? 'StandardV2' : 'BasicV2'
var tiers = {
  bySize: usualTier
  Consumption: 'Consumption'
  Developer: 'Developer'
  BasicV2: 'BasicV2'
  StandardV2: 'StandardV2'
  Premium: 'Premium'
}
var tier = tiers[gatewayTier]
// Only this tier reaches into a virtual network; to any other the functions have to be public, and
// let nobody in but the gateway's identity all the same.
var functionsPrivate = privateNetworking && tier == 'StandardV2'
var skuOfOneRegion = zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS'
var skuOfTwoRegions = zoneRedundant ? 'Standard_GZRS' : 'Standard_GRS'
var storageSkus = {
  bySize: empty(secondaryLocation) ? skuOfOneRegion : skuOfTwoRegions
  LRS: 'Standard_LRS'
  ZRS: 'Standard_ZRS'
  GRS: 'Standard_GRS'
  GZRS: 'Standard_GZRS'
  RAGRS: 'Standard_RAGRS'
  RAGZRS: 'Standard_RAGZRS'
}
var storageSku = storageSkus[storageReplication]
var zones = empty(gatewayZones) ? [] : split(replace(gatewayZones, ' ', ''), ',')
var additionalLocations = empty(gatewayLocations) ? [] : split(replace(gatewayLocations, ' ', ''), ',')
// A zone-redundant app takes two instances of what is always ready.
var usualAlwaysReady = !prod ? 0 : zoneRedundant ? 2 : 1
var schedule = !empty(reconcileSchedule) ? reconcileSchedule : prod ? '0 * * * * *' : '0 */5 * * * *'
// A second region has the same app once more: the same identity, storage, queues and vault.
// docs/deploy.md says what that survives and what it does not. azd deploys to the first.
var primary = {
  name: 'func-${token}'
  location: location
  service: 'api'
  packages: 'packages'
}
var secondary = {
  name: 'func-2-${token}'
  location: secondaryLocation
  service: ''
  packages: 'packages-secondary'
}
var regions = empty(secondaryLocation) ? [primary] : [primary, secondary]
// The gateway's own name for its own host is no address.
var writtenHost = gatewayValues[?'public-host'] ?? ''
var givenHost = writtenHost == 'auto' ? '' : writtenHost
// Jobs of prod are nobody's to look at, and a pipeline has no use for it.
var reader = !prod && deployerPrincipalType == 'User' ? deployerPrincipalId : ''

// What does not go together, with what to say of it. The hook check-settings.sh says most of it sooner. A
// deployment without the hook fails here, because there is no property of that name: fail() would say it
// better, but checkov's parser does not know it.
var noNetwork = privateNetworking && !empty(secondaryLocation) ? ['A second region has no private network.'] : []
var noCache = tier == 'Consumption' && !empty(secondaryLocation) ? ['Two regions take a gateway with a cache.'] : []
var fewUnits = length(zones) > gatewayUnits ? ['A gateway takes a unit for each zone.'] : []
var premium = tier == 'Premium' || empty(concat(zones, additionalLocations))
var notPremium = premium ? [] : ['Zones and more regions of the gateway take the tier Premium.']
var noEndpoint = privateNetworking && channel == 'Free' ? ['A free channel has no private endpoint.'] : []
var refusals = concat(noNetwork, noCache, fewUnits, notPremium, noEndpoint)

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}'
  location: empty(refusals) ? location : any({})[join(refusals, ' ')]
  tags: tags
}

module identities 'identities.bicep' = {
  name: 'identities'
  scope: group
  params: {
    functionsName: functionsIdentity
    gatewayName: gatewayIdentity
    location: location
    tags: tags
  }
}

module monitoring 'monitoring.bicep' = {
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
    private: privateNetworking
    closed: privateNetworking && closedLogs
  }
}

resource storageEvents 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = if (outputEvents) {
  name: workspaceEventsTopic
  scope: resourceGroup(workspaceSubscriptionId, workspaceResourceGroup)
}

module storage 'storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    sku: storageSku
    private: privateNetworking
    locked: prod
    retentionDays: retentionDays
    functionsIdentity: functionsIdentity
    functionsPrincipalId: identities.outputs.functionsPrincipalId
    readerPrincipalId: reader
    packageContainers: empty(secondaryLocation) ? [primary.packages] : [primary.packages, secondary.packages]
    logsId: monitoring.outputs.logsId
    eventsTopic: outputEvents ? workspaceEventsTopic : ''
    eventsPrincipalId: outputEvents ? storageEvents!.identity.principalId : ''
  }
}

module outputSubscription 'output-events.bicep' = if (outputEvents) {
  name: 'events-for-${environmentName}'
  scope: resourceGroup(workspaceSubscriptionId, workspaceResourceGroup)
  params: {
    topicName: workspaceEventsTopic
    name: 'outputs-for-${token}'
    storageId: storage.outputs.id
  }
}

module vault 'vault.bicep' = {
  name: 'vault'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    private: privateNetworking
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

module channelService 'channel.bicep' = if (channel != 'none') {
  name: 'channel'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    tier: channel == 'Free' ? 'Free' : 'Standard'
    private: privateNetworking
    functionsIdentity: functionsIdentity
    functionsPrincipalId: identities.outputs.functionsPrincipalId
    logsId: monitoring.outputs.logsId
  }
}

module workspaceAccess 'workspace-access.bicep' = {
  name: 'access-of-${environmentName}'
  scope: resourceGroup(workspaceSubscriptionId, workspaceResourceGroup)
  params: {
    workspaceName: workspaceName
    functionsIdentity: functionsIdentity
    functionsPrincipalId: identities.outputs.functionsPrincipalId
    logsId: monitoring.outputs.logsId
    auditName: 'to-log-analytics-of-app'
  }
}

module network 'network.bicep' = if (privateNetworking) {
  name: 'network'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
  }
}

module logsScope 'logs-scope.bicep' = if (privateNetworking) {
  name: 'logs-scope'
  scope: group
  params: {
    token: token
    tags: tags
    logsId: monitoring.outputs.logsId
    insightsId: monitoring.outputs.insightsId
  }
}

module endpoints 'private-endpoints.bicep' = if (privateNetworking) {
  name: 'private-endpoints'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    networkId: network!.outputs.networkId
    subnetId: network!.outputs.endpointsSubnetId
    storageId: storage.outputs.id
    vaultId: vault.outputs.id
    logsScopeId: logsScope!.outputs.id
  }
}

module channelEndpoint 'private-endpoint.bicep' = if (privateNetworking && channel == 'Standard') {
  name: 'endpoint-channel'
  scope: group
  params: {
    name: 'channel-${token}'
    location: location
    tags: tags
    serviceId: channelService!.outputs.id
    networkId: network!.outputs.networkId
    subnetId: network!.outputs.endpointsSubnetId
    groupId: 'webpubsub'
    zoneNames: ['privatelink.webpubsub.azure.com']
  }
  // A subnet takes one endpoint at a time.
  dependsOn: [endpoints]
}

module functions 'functions.bicep' = [
  for (region, index) in regions: {
    name: 'functions-${index}'
    scope: group
    params: {
      name: region.name
      location: region.location
      tags: tags
      serviceName: region.service
      packageContainer: region.packages
      pythonVersion: pythonVersion
      alwaysReady: alwaysReady < 0 ? usualAlwaysReady : max(alwaysReady, 0)
      maximumInstances: maximumInstances
      zoneRedundant: zoneRedundant
      subnetId: privateNetworking ? network!.outputs.functionsSubnetId : ''
      private: functionsPrivate
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
      reconcileSchedule: schedule
      retentionDays: retentionDays
      costOfJob: costOfJob
      costOfDay: costOfDay
      outputEvents: outputEvents
    }
    // They start by looking for their storage.
    dependsOn: [endpoints, channelEndpoint]
  }
]

module functionsEndpoint 'private-endpoint.bicep' = if (functionsPrivate) {
  name: 'endpoint-functions'
  scope: group
  params: {
    name: 'functions-${token}'
    location: location
    tags: tags
    serviceId: functions[0].outputs.id
    networkId: network!.outputs.networkId
    subnetId: network!.outputs.endpointsSubnetId
    groupId: 'sites'
    zoneNames: ['privatelink.azurewebsites.net']
  }
}

module gateway 'gateway/service.bicep' = {
  name: 'gateway'
  scope: group
  params: {
    name: gatewayName
    location: location
    tags: tags
    tier: tier
    units: gatewayUnits
    zones: zones
    additionalLocations: additionalLocations
    publisherEmail: contactEmail
    identityId: identities.outputs.gatewayId
    subnetId: functionsPrivate ? network!.outputs.gatewaySubnetId : ''
  }
}

module door 'front-door.bicep' = if (frontDoor != 'none') {
  name: 'front-door'
  scope: group
  params: {
    token: token
    tags: tags
    tier: frontDoor == 'Premium' ? 'Premium' : 'Standard'
    serviceName: gatewayName
    logsId: monitoring.outputs.logsId
    alerting: alerting
    actionGroupId: alerting ? alerts!.outputs.actionGroupId : ''
  }
  dependsOn: [gateway]
}

module pageSite 'page.bicep' = if (page) {
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

module gatewayNames 'gateway/values.bicep' = {
  name: 'gateway-values'
  scope: group
  params: {
    serviceName: gatewayName
    tier: tier
    functionsUrls: [for (region, index) in regions: functions[index].outputs.url]
    twoRegions: !empty(secondaryLocation)
    values: union(gatewayValues, {
      'entra-tenant-id': tenant().tenantId
      'api-client-id': apiClientId
      'api-audience': 'api://${apiClientId}'
      'functions-audience': 'api://${functionsClientId}'
      'gateway-client-id': identities.outputs.gatewayClientId
      'web-origin': pageOrigin
      'public-host': !empty(givenHost) ? givenHost : frontDoor == 'none' ? '' : door!.outputs.host
      'front-door-id': frontDoor == 'none' ? '' : door!.outputs.id
    })
  }
  dependsOn: [gateway]
}

// Policies name values, fragments and backends in their text, which says nothing of the order.
module api 'gateway/api.bicep' = {
  name: 'gateway-api'
  scope: group
  params: {
    serviceName: gatewayName
    tier: tier
    insightsId: monitoring.outputs.insightsId
    insightsConnectionString: monitoring.outputs.insightsConnectionString
    identityClientId: identities.outputs.gatewayClientId
    loggedPercentage: prod ? 20 : 100
    page: page
  }
  dependsOn: [gatewayNames]
}

// Where callers go.
var usualUrl = frontDoor == 'none' ? api.outputs.url : 'https://${door!.outputs.host}/quantum'
var apiUrl = empty(givenHost) ? usualUrl : 'https://${givenHost}/quantum'

module alerts 'alerts.bicep' = if (alerting) {
  name: 'alerts'
  scope: group
  params: {
    location: location
    tags: tags
    contactEmail: contactEmail
    functionApps: empty(secondaryLocation) ? 1 : 2
    insightsId: monitoring.outputs.insightsId
    storageId: storage.outputs.id
    vaultId: vault.outputs.id
    gatewayId: gateway.outputs.id
    gatewayTier: tier
  }
}

module availability 'availability.bicep' = if (alerting) {
  name: 'availability'
  scope: group
  params: {
    location: location
    tags: tags
    insightsId: monitoring.outputs.insightsId
    insightsName: 'appi-${token}'
    actionGroupId: alerts!.outputs.actionGroupId
    // The Consumption gateway lets nobody in without a subscription's key, not even to ask for health.
    healthUrl: tier == 'Consumption' ? '${functions[0].outputs.url}/health' : '${apiUrl}/health'
    syntheticPrincipalId: syntheticPrincipalId
  }
}

module serviceHealth 'service-health.bicep' = if (alerting) {
  name: 'service-health'
  scope: group
  params: {
    tags: tags
    actionGroupId: alerts!.outputs.actionGroupId
    locations: concat([location, workspaceLocation], empty(secondaryLocation) ? [] : [secondaryLocation])
  }
}

module workbook 'workbook.bicep' = {
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

// What azd keeps, for hooks and people, until the layer is taken down. Not what is a setting of the
// environment as well: that would be forgotten with the rest.
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_TENANT_ID string = tenant().tenantId
output QJOBS_API_URL string = apiUrl
output QJOBS_GATEWAY_NAME string = gatewayName
output QJOBS_INSIGHTS_NAME string = monitoring.outputs.insightsName
output QJOBS_GATEWAY_TIER_USED string = tier
output QJOBS_FUNCTIONS_NAME string = primary.name
output QJOBS_SECONDARY_FUNCTIONS_NAME string = empty(secondaryLocation) ? '' : secondary.name
output QJOBS_INSIGHTS_CONNECTION_STRING string = monitoring.outputs.insightsConnectionString
// For the hook that writes the page's configuration.
output QJOBS_PAGE_URL string = page ? pageOrigin : ''
output QJOBS_CHANNEL_URL string = channel == 'none' ? '' : channelService!.outputs.endpoint
// For the runbook.
output QJOBS_STORAGE_NAME string = 'st${token}'
output QJOBS_STORAGE_ID string = storage.outputs.id
output QJOBS_VAULT_NAME string = 'kv-${token}'
output QJOBS_LOGS_NAME string = 'log-${token}'
output QJOBS_CHANNEL_NAME string = channel == 'none' ? '' : 'wps-${token}'
output QJOBS_FRONT_DOOR_NAME string = frontDoor == 'none' ? '' : 'afd-${token}'
