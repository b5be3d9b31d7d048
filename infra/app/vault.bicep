// The key vault. It says where the quantum workspace is; there is no other secret, and this is none.

param name string
param location string
param tags object
param private bool
param purgeProtection bool
param functionsPrincipalId string
param logsId string

@description('Members subscriptionId, resourceGroup, name, location and endpoint.')
param workspace object

var keyVaultSecretsUser = '4633458b-17de-408a-b874-0445c86b69e6'

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: purgeProtection ? 90 : 7
    // It can be switched on, never off: false is not accepted.
    enablePurgeProtection: purgeProtection ? true : null
    publicNetworkAccess: private ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: private ? 'Deny' : 'Allow'
    }
  }
}

resource coordinates 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  parent: vault
  name: 'quantum-workspace'
  properties: {
    value: string(workspace)
    contentType: 'application/json'
  }
}

// The functions read the one secret. Not more: they neither list nor write any.
resource functionsReadSecret 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(coordinates.id, functionsPrincipalId, keyVaultSecretsUser)
  scope: coordinates
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', keyVaultSecretsUser)
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-log-analytics'
  scope: vault
  properties: {
    workspaceId: logsId
    logs: [
      {
        categoryGroup: 'audit'
        enabled: true
      }
    ]
  }
}

output id string = vault.id
output uri string = vault.properties.vaultUri
