// The app's storage account: jobs, queues and the deployed package. It has no use for keys.

@minLength(1)
param token string
param location string
param tags object

@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS', 'Standard_RAGRS', 'Standard_RAGZRS'])
@description('How often the data is kept, and how far apart.')
param sku string

@description('Reachable through private endpoints only.')
param private bool

@description('Not to be deleted by accident.')
param locked bool

@minValue(1)
@description('Days after its end that the data of a job is deleted.')
param retentionDays int

@description('Name of the functions\' identity, of which the names of its role assignments are made.')
param functionsIdentity string

@description('Object id of the functions\' identity.')
param functionsPrincipalId string

@description('Object id of a person who may look at blobs and messages; empty for nobody.')
param readerPrincipalId string

@description('Containers of deployed packages: one for each function app.')
param packageContainers array

@description('Where audit logs go.')
param logsId string

@description('Name of the system topic that announces outputs of the workspace; empty for none.')
param eventsTopic string

@description('Object id of that topic\'s identity; empty for none.')
param eventsPrincipalId string

// The containers and queues of qjobs/azure_ports.py and qjobs/domain/messages.py. The host names a
// poison queue after its queue.
var containerNames = [
  'jobs'
  'idempotency'
  'job-documents'
  'heartbeats'
  'listeners'
  'webhooks'
  'webhook-deliveries'
]
var queueNames = [
  'qjobs-dispatch'
  'qjobs-dispatch-poison'
  'qjobs-track'
  'qjobs-track-poison'
  'qjobs-outputs'
  'qjobs-outputs-poison'
  'qjobs-deliver'
  'qjobs-deliver-poison'
]

var storageBlobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var storageQueueDataContributor = '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
var storageQueueDataMessageSender = 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a'
var storageBlobDataReader = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
var storageQueueDataReader = '19e7f393-937e-4f77-808e-94535e297925'

// Without a hierarchical namespace: jobs are found by blob index tags, which it does not have.
resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: 'st${token}'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: sku
  }
  properties: {
    isHnsEnabled: false
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: private ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: private ? 'Deny' : 'Allow'
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  parent: storage
  name: 'default'
  properties: {
    deleteRetentionPolicy: {
      enabled: true
      days: 7
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: 7
    }
  }
}

resource containers 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = [
  for name in concat(containerNames, packageContainers): {
    parent: blobs
    name: name
    properties: {
      publicAccess: 'None'
    }
  }
]

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2025-06-01' = {
  parent: storage
  name: 'default'
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' = [
  for name in queueNames: {
    parent: queueService
    name: name
  }
]

resource outputs 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' existing = {
  parent: queueService
  name: 'qjobs-outputs'
}

// The functions delete a job when it has expired. This deletes what they leave behind, and so has to
// wait: a step is written before the queue of a device, which may last 98 days (LONGEST_LIFE in
// qjobs/domain/job.py is 120), a key when its job is accepted, and both are needed until the job is
// forgotten (REMEMBERED, 30). An index tag set at the end could tell what is over; it would cost each
// job as many transactions as it has documents.
// A prefix begins with the container. The packages stay, and so do heartbeats, of which there are few;
// listeners are removed by who lists them (qjobs/services/listening.py), since those of webhooks stay.
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
                  daysAfterModificationGreaterThan: retentionDays + 120 + 30
                }
              }
            }
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: ['jobs/', 'idempotency/', 'job-documents/']
            }
          }
        }
      ]
    }
  }
  dependsOn: [blobs]
}

// Owner and not Contributor: jobs are found by index tags, which only an owner may read and write.
// The host keeps its locks and the package of the app in the same account.
resource functionsOwnBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, functionsIdentity, storageBlobDataOwner)
  scope: storage
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageBlobDataOwner)
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// They send, receive and delete messages; the host measures queues and moves what is poisoned.
resource functionsUseQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, functionsIdentity, storageQueueDataContributor)
  scope: storage
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageQueueDataContributor)
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// The workspace's storage announces outputs in one queue, and can do nothing else here.
resource eventsReachQueue 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(eventsTopic)) {
  name: guid(storage.id, eventsTopic, storageQueueDataMessageSender)
  scope: outputs
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageQueueDataMessageSender)
    principalId: eventsPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Owners of the subscription may do everything but read data: this lets one look, and change nothing.
resource personReadsBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(readerPrincipalId)) {
  name: guid(storage.id, readerPrincipalId, storageBlobDataReader)
  scope: storage
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageBlobDataReader)
    principalId: readerPrincipalId
    principalType: 'User'
  }
}

resource personReadsQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(readerPrincipalId)) {
  name: guid(storage.id, readerPrincipalId, storageQueueDataReader)
  scope: storage
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageQueueDataReader)
    principalId: readerPrincipalId
    principalType: 'User'
  }
}

// Who deleted what. Reads and writes are too many, and the metrics count them.
resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-log-analytics'
  scope: blobs
  properties: {
    workspaceId: logsId
    logs: [
      {
        category: 'StorageDelete'
        enabled: true
      }
    ]
  }
}

// Never ReadOnly: that would stop the app.
resource keep 'Microsoft.Authorization/locks@2020-05-01' = if (locked) {
  name: 'keep-storage'
  scope: storage
  properties: {
    level: 'CanNotDelete'
    notes: 'Jobs that were accepted are nowhere else.'
  }
}

output id string = storage.id
output name string = storage.name
output blobEndpoint string = storage.properties.primaryEndpoints.blob
output queueEndpoint string = storage.properties.primaryEndpoints.queue
