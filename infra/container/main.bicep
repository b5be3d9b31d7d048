// The app layer with the functions in a container: in place of ../app/main.bicep, of the same modules
// but one. Without an image it makes all that the image needs to be brought there; then deploy again.
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
@description('dev is for trying out; prod is kept in several zones where that is possible, and locked.')
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

@minValue(1)
@description('Days after its last change that a job is deleted.')
param retentionDays int = 30

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

@description('Who is told about alerts, and whom API Management writes to.')
param contactEmail string

@description('Values of apim/named-values.json in the place of their defaults; an empty one leaves the default.')
param gatewayValues object = {}

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
var token = toLower(uniqueString(subscription().id, environmentName, location, 'container'))

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}-container'
  location: location
  tags: tags
}

module identities '../app/identities.bicep' = {
  name: 'identities'
  scope: group
  params: {
    token: token
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
    functionsPrincipalId: identities.outputs.functionsPrincipalId
    gatewayPrincipalId: identities.outputs.gatewayPrincipalId
  }
}

module storage '../app/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    sku: prod ? 'Standard_ZRS' : 'Standard_LRS'
    private: false
    locked: prod
    retentionDays: retentionDays
    functionsPrincipalId: identities.outputs.functionsPrincipalId
    packageContainers: []
    logsId: monitoring.outputs.logsId
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
    purgeProtection: prod
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

module workspaceAccess '../app/workspace-access.bicep' = {
  name: 'access-of-${environmentName}-container'
  scope: resourceGroup(workspaceSubscriptionId, workspaceResourceGroup)
  params: {
    workspaceName: workspaceName
    functionsPrincipalId: identities.outputs.functionsPrincipalId
    logsId: monitoring.outputs.logsId
  }
}

module registry 'registry.bicep' = {
  name: 'registry'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
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
    blobEndpoint: storage.outputs.blobEndpoint
    queueEndpoint: storage.outputs.queueEndpoint
    vaultUri: vault.outputs.uri
    insightsConnectionString: monitoring.outputs.insightsConnectionString
    logsId: monitoring.outputs.logsId
    reconcileSchedule: '0 * * * * *'
    retentionDays: retentionDays
  }
}

module gateway '../app/gateway/service.bicep' = {
  name: 'gateway'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    tier: gatewayTier
    publisherEmail: contactEmail
    identityId: identities.outputs.gatewayId
    subnetId: ''
  }
}

module gatewayNames '../app/gateway/values.bicep' = if (!empty(image)) {
  name: 'gateway-values'
  scope: group
  params: {
    serviceName: gateway.outputs.name
    tier: gatewayTier
    functionsUrls: [functions!.outputs.url]
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
module api '../app/gateway/api.bicep' = if (!empty(image)) {
  name: 'gateway-api'
  scope: group
  params: {
    serviceName: gateway.outputs.name
    tier: gatewayTier
    insightsId: monitoring.outputs.insightsId
    insightsConnectionString: monitoring.outputs.insightsConnectionString
    identityClientId: identities.outputs.gatewayClientId
    loggedPercentage: prod ? 20 : 100
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
    insightsId: monitoring.outputs.insightsId
    storageId: storage.outputs.id
    vaultId: vault.outputs.id
    gatewayId: gateway.outputs.id
    gatewayTier: gatewayTier
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

// What azd keeps, for hooks and people: what ../app/main.bicep gives, and where the image goes.
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_TENANT_ID string = tenant().tenantId
output QJOBS_GATEWAY_TIER_USED string = gatewayTier
output QJOBS_INSIGHTS_NAME string = monitoring.outputs.insightsName
output QJOBS_FUNCTIONS_NAME string = empty(image) ? '' : functions!.outputs.name
output QJOBS_REGISTRY_NAME string = registry.outputs.name
output QJOBS_GATEWAY_NAME string = gateway.outputs.name
output QJOBS_API_URL string = empty(image) ? '' : api!.outputs.url
