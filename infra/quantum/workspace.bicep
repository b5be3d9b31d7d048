// The Azure Quantum workspace and its storage account.

param name string
param storageName string
param location string
param tags object
param providers array

@minValue(1)
@description('Days that programs and results are kept beyond the longest queue.')
param retentionDays int

@allowed(['V1', 'V2'])
param kind string

@allowed(['Standard_LRS', 'Standard_ZRS'])
@description('Whether programs and results are kept in one zone or in several.')
param storageSku string

@description('Not to be deleted by accident.')
param locked bool

var storageAccountContributor = '17d1049b-9a84-46fb-8f53-869881c3d3ab'
var storageBlobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'

// The service reaches only accounts that are open to all networks. That is why this one is apart
// from the app's, which may be private. Nobody gets in with a key: addresses that the service hands
// out are signed with its own identity.
resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: storageName
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: storageSku
  }
  properties: {
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: 'Allow'
    }
  }
}

// Clients make one container for each provider job, job-<id>, and the functions qjobs-<job>-<number> for
// those that wait for long. The rule deletes what is in it, and has
// to wait: a program is written before the queue of a device, which may last 98 days (LONGEST_LIFE in
// qjobs/domain/job.py is 120).
resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2025-06-01' = {
  parent: storage
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'delete-old-jobs'
          enabled: true
          type: 'Lifecycle'
          definition: {
            actions: {
              baseBlob: {
                delete: {
                  daysAfterModificationGreaterThan: retentionDays + 120
                }
              }
            }
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: ['job-', 'qjobs-']
            }
          }
        }
      ]
    }
  }
}

resource workspace 'Microsoft.Quantum/workspaces@2025-12-15-preview' = {
  name: name
  location: location
  tags: tags
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    workspaceKind: kind
    providers: providers
    storageAccount: storage.id
    apiKeyEnabled: false
  }
}

// The workspace looks up the account that is linked to it.
resource workspaceManagesAccount 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, workspace.id, storageAccountContributor)
  scope: storage
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageAccountContributor)
    principalId: workspace.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

// The workspace writes results, and signs the addresses under which clients write programs.
resource workspaceWritesBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, workspace.id, storageBlobDataContributor)
  scope: storage
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageBlobDataContributor)
    principalId: workspace.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

// The jobs of a workspace go with it. Not ReadOnly: on a storage account that stops jobs.
resource keepWorkspace 'Microsoft.Authorization/locks@2020-05-01' = if (locked) {
  name: 'keep-workspace'
  scope: workspace
  properties: {
    level: 'CanNotDelete'
    notes: 'Its jobs and their results would be lost.'
  }
}

resource keepStorage 'Microsoft.Authorization/locks@2020-05-01' = if (locked) {
  name: 'keep-storage'
  scope: storage
  properties: {
    level: 'CanNotDelete'
    notes: 'The workspace does not work without it.'
  }
}

// Whoever waits for a result is told of it: apps subscribe to the blobs that are created here.
resource storageEvents 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: 'events-of-${storageName}'
  location: location
  tags: tags
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    source: storage.id
    topicType: 'Microsoft.Storage.StorageAccounts'
  }
}

output name string = workspace.name
output eventsTopic string = storageEvents.name
output endpoint string = workspace.properties.endpointUri
