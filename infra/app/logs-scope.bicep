// What of Azure Monitor is reached through the network's private endpoint: these logs, and no others.

param token string
param tags object
param logsId string
param insightsId string

resource scope 'Microsoft.Insights/privateLinkScopes@2021-09-01' = {
  name: 'ampls-${token}'
  location: 'global'
  tags: tags
  properties: {
    accessModeSettings: {
      ingestionAccessMode: 'PrivateOnly'
      queryAccessMode: 'PrivateOnly'
    }
  }
}

resource logs 'Microsoft.Insights/privateLinkScopes/scopedResources@2021-09-01' = {
  parent: scope
  name: 'logs'
  properties: {
    linkedResourceId: logsId
  }
}

resource insights 'Microsoft.Insights/privateLinkScopes/scopedResources@2021-09-01' = {
  parent: scope
  name: 'insights'
  properties: {
    linkedResourceId: insightsId
  }
  dependsOn: [logs]
}

output id string = scope.id
