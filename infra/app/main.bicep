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

@allowed(['bySize', 'Consumption', 'Developer', 'BasicV2', 'StandardV2'])
@description('Tier of API Management. By size: Consumption for dev, BasicV2 for prod, StandardV2 with private networking.')
param gatewayTier string = 'bySize'

@description('Storage, vault and functions answer in a virtual network only; functions with a gateway that can reach them there.')
param privateNetworking bool = false

@description('Spread over the zones of the region, where it has several.')
param zoneRedundant bool = size == 'prod'

@description('Region of a second function app behind the same gateway; empty for none.')
param secondaryLocation string = ''

@description('Python of the platform, as `az functionapp list-flexconsumption-runtimes` lists it.')
param pythonVersion string = '3.13'

@minValue(-1)
@description('Instances that always run; -1 is by size.')
param alwaysReady int = -1

@minValue(1)
@maxValue(1000)
@description('The most instances of the functions at a time.')
param maximumInstances int = 40

@minValue(1)
@description('Days after its last change that a job is deleted.')
param retentionDays int = 30

@description('When lost jobs are looked for, as NCRONTAB; empty is every minute for prod and every five for dev.')
param reconcileSchedule string = ''

@description('Deleted vaults cannot be purged before their time. Cannot be switched off again.')
param purgeProtection bool = size == 'prod'

@description('Whether anybody is told when something goes wrong. Rules cost a few euros a month.')
param alerting bool = size == 'prod'

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

var prod = size == 'prod'
var tags = {
  'azd-env-name': environmentName
}
var token = toLower(uniqueString(subscription().id, environmentName, location))
var usualTier = !prod ? 'Consumption' : privateNetworking ? 'StandardV2' : 'BasicV2'
var tiers = {
  bySize: usualTier
  Consumption: 'Consumption'
  Developer: 'Developer'
  BasicV2: 'BasicV2'
  StandardV2: 'StandardV2'
}
var tier = tiers[gatewayTier]
// Only this tier reaches into a virtual network; to any other the functions have to be public, and
// let nobody in but the gateway's identity all the same.
var functionsPrivate = privateNetworking && tier == 'StandardV2'
var storageSku = !empty(secondaryLocation) ? (zoneRedundant ? 'Standard_GZRS' : 'Standard_GRS') : (zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS')
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

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identities 'identities.bicep' = {
  name: 'identities'
  scope: group
  params: {
    token: token
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
    functionsPrincipalId: identities.outputs.functionsPrincipalId
    gatewayPrincipalId: identities.outputs.gatewayPrincipalId
  }
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
    functionsPrincipalId: identities.outputs.functionsPrincipalId
    packageContainers: empty(secondaryLocation) ? [primary.packages] : [primary.packages, secondary.packages]
    logsId: monitoring.outputs.logsId
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
    functionsPrincipalId: identities.outputs.functionsPrincipalId
    logsId: monitoring.outputs.logsId
    workspace: {
      subscriptionId: workspaceSubscriptionId
      resourceGroup: workspaceResourceGroup
      name: workspaceName
      location: workspaceLocation
      endpoint: workspaceEndpoint
    }
  }
}

module workspaceAccess 'workspace-access.bicep' = {
  name: 'access-of-${environmentName}'
  scope: resourceGroup(workspaceSubscriptionId, workspaceResourceGroup)
  params: {
    workspaceName: workspaceName
    functionsPrincipalId: identities.outputs.functionsPrincipalId
    logsId: monitoring.outputs.logsId
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

module functions 'functions.bicep' = [for (region, index) in regions: {
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
    blobEndpoint: storage.outputs.blobEndpoint
    queueEndpoint: storage.outputs.queueEndpoint
    vaultUri: vault.outputs.uri
    insightsConnectionString: monitoring.outputs.insightsConnectionString
    reconcileSchedule: schedule
    retentionDays: retentionDays
  }
}]

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
    functionsId: functionsPrivate ? functions[0].outputs.id : ''
  }
}

module gateway 'gateway/service.bicep' = {
  name: 'gateway'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    tier: tier
    publisherEmail: contactEmail
    identityId: identities.outputs.gatewayId
    subnetId: functionsPrivate ? network!.outputs.gatewaySubnetId : ''
  }
}

module gatewayNames 'gateway/values.bicep' = {
  name: 'gateway-values'
  scope: group
  params: {
    serviceName: gateway.outputs.name
    tier: tier
    functionsUrls: [for (region, index) in regions: functions[index].outputs.url]
    values: union(gatewayValues, {
      'entra-tenant-id': tenant().tenantId
      'api-client-id': apiClientId
      'api-audience': 'api://${apiClientId}'
      'functions-audience': 'api://${functionsClientId}'
      'gateway-client-id': identities.outputs.gatewayClientId
    })
  }
}

// Policies name values, fragments and backends in their text, which says nothing of the order.
module api 'gateway/api.bicep' = {
  name: 'gateway-api'
  scope: group
  params: {
    serviceName: gateway.outputs.name
    tier: tier
    insightsId: monitoring.outputs.insightsId
    insightsConnectionString: monitoring.outputs.insightsConnectionString
    identityClientId: identities.outputs.gatewayClientId
    loggedPercentage: prod ? 20 : 100
  }
  dependsOn: [gatewayNames]
}

module alerts 'alerts.bicep' = if (alerting) {
  name: 'alerts'
  scope: group
  params: {
    location: location
    tags: tags
    contactEmail: contactEmail
    insightsId: monitoring.outputs.insightsId
    storageId: storage.outputs.id
    vaultId: vault.outputs.id
    gatewayId: gateway.outputs.id
    gatewayTier: tier
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

// What azd keeps, for hooks and people.
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_LOCATION string = location
output AZURE_TENANT_ID string = tenant().tenantId
// Kept for a fresh checkout, where azd env refresh brings them back.
output QJOBS_API_CLIENT_ID string = apiClientId
output QJOBS_FUNCTIONS_CLIENT_ID string = functionsClientId
output QJOBS_API_URL string = api.outputs.url
output QJOBS_GATEWAY_NAME string = gateway.outputs.name
output QJOBS_INSIGHTS_NAME string = monitoring.outputs.insightsName
output QJOBS_GATEWAY_TIER_USED string = tier
output QJOBS_FUNCTIONS_NAME string = primary.name
output QJOBS_SECONDARY_FUNCTIONS_NAME string = empty(secondaryLocation) ? '' : secondary.name
