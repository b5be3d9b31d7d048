// Where the image is. The functions' identity pulls it; there is no user and no password.

@minLength(3)
param token string
param location string
param tags object
param functionsPrincipalId string
param logsId string

var acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d'

resource registry 'Microsoft.ContainerRegistry/registries@2025-04-01' = {
  // checkov:skip=CKV_AZURE_139: a registry without public access takes the Premium tier
  // checkov:skip=CKV_AZURE_163: Defender for Cloud scans images, and is the organisation's to switch on
  // checkov:skip=CKV_AZURE_166: quarantine takes the Premium tier; what is deployed has provenance
  name: 'cr${token}'
  location: location
  tags: tags
  sku: {
    name: 'Basic'
  }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
    publicNetworkAccess: 'Enabled'
  }
}

// The functions' host pulls its image. Not more: it does not push, and lists nothing.
resource functionsPull 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(registry.id, functionsPrincipalId, acrPull)
  scope: registry
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', acrPull)
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-log-analytics'
  scope: registry
  properties: {
    workspaceId: logsId
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
  }
}

output loginServer string = registry.properties.loginServer
output name string = registry.name
