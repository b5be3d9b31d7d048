// The key vault: a secret that says where the workspace is, which grants nothing to who reads it, and
// one from which the secrets of webhooks are derived.

param token string
param location string
param tags object

@description('Reachable through a private endpoint only.')
param private bool

@description('Deleted vaults cannot be purged before their time. Cannot be switched off again.')
param purgeProtection bool

@description('Name of the functions\' identity, of which the names of its role assignments are made.')
param functionsIdentity string

@description('Object id of the functions\' identity.')
param functionsPrincipalId string

@description('Where audit logs go.')
param logsId string

@description('Where the quantum workspace is: subscriptionId, resourceGroup, name, location, endpoint.')
param workspace object

@secure()
@description('What the secrets of webhooks are derived from; empty for a deployment without webhooks.')
param webhookMaster string

var keyVaultSecretsUser = '4633458b-17de-408a-b874-0445c86b69e6'

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: 'kv-${token}'
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
    // Once set, this never changes: not even when purge protection is switched on later.
    softDeleteRetentionInDays: 90
    // Azure knows no false here, only true or nothing.
    enablePurgeProtection: purgeProtection ? true : null
    publicNetworkAccess: private ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: private ? 'Deny' : 'Allow'
    }
  }
}

resource quantumWorkspace 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  parent: vault
  name: 'quantum-workspace'
  properties: {
    contentType: 'application/json'
    value: string(workspace)
    attributes: {
      enabled: true
    }
  }
}

resource webhookSecrets 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = if (webhookMaster != '') {
  parent: vault
  name: 'webhook-master'
  properties: {
    contentType: 'text/plain'
    value: webhookMaster
    attributes: {
      enabled: true
    }
  }
}

// They read these secrets; they cannot list, write or see any other.
resource functionsReadSecret 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(quantumWorkspace.id, functionsIdentity, keyVaultSecretsUser)
  scope: quantumWorkspace
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', keyVaultSecretsUser)
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource functionsReadWebhookSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (webhookMaster != '') {
  name: guid(webhookSecrets.id, functionsIdentity, keyVaultSecretsUser)
  scope: webhookSecrets
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', keyVaultSecretsUser)
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Who read or changed a secret.
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
