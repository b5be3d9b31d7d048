// Where logs and metrics go, and who may write them. Nobody gets in with a key.

param token string
param location string
param tags object

@minValue(30)
@maxValue(730)
@description('Days that logs are kept.')
param logRetentionDays int

@description('Name of the functions\' identity, of which the names of its role assignments are made.')
param functionsIdentity string

@description('Object id of the functions\' identity.')
param functionsPrincipalId string

@description('Name of the gateway\'s identity.')
param gatewayIdentity string

@description('Object id of the gateway\'s identity.')
param gatewayPrincipalId string

@description('Logs are read in the virtual network only.')
param private bool

@description('Logs are taken from the virtual network only, which the gateway does not send from.')
param closed bool

var monitoringMetricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

resource logs 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: 'log-${token}'
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: logRetentionDays
    publicNetworkAccessForIngestion: closed ? 'Disabled' : 'Enabled'
    publicNetworkAccessForQuery: private ? 'Disabled' : 'Enabled'
    features: {
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-${token}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: logs.id
    publicNetworkAccessForIngestion: closed ? 'Disabled' : 'Enabled'
    publicNetworkAccessForQuery: private ? 'Disabled' : 'Enabled'
    DisableLocalAuth: true
  }
}

// The functions write traces, requests and metrics. The name of the role is older than what it covers.
resource functionsPublish 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, functionsIdentity, monitoringMetricsPublisher)
  scope: insights
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', monitoringMetricsPublisher)
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// The gateway's logger writes the requests it has answered.
resource gatewayPublishes 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, gatewayIdentity, monitoringMetricsPublisher)
  scope: insights
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', monitoringMetricsPublisher)
    principalId: gatewayPrincipalId
    principalType: 'ServicePrincipal'
  }
}

output logsId string = logs.id
output insightsId string = insights.id
output insightsName string = insights.name
output insightsConnectionString string = insights.properties.ConnectionString
