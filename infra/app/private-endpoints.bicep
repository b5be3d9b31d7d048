// Private ways to what the functions need: before they are there, since they start by looking for it.
// One after the other, because a subnet takes one endpoint at a time.

param token string
param location string
param tags object
param networkId string
param subnetId string
param storageId string
param vaultId string

@description('Id of the private link scope of the logs.')
param logsScopeId string

var suffix = environment().suffixes.storage
var blobZone = 'privatelink.blob.${suffix}'

module blob 'private-endpoint.bicep' = {
  name: 'endpoint-blob'
  params: {
    name: 'blob-${token}'
    location: location
    tags: tags
    serviceId: storageId
    networkId: networkId
    subnetId: subnetId
    groupId: 'blob'
    zoneNames: [blobZone]
  }
}

module queue 'private-endpoint.bicep' = {
  name: 'endpoint-queue'
  params: {
    name: 'queue-${token}'
    location: location
    tags: tags
    serviceId: storageId
    networkId: networkId
    subnetId: subnetId
    groupId: 'queue'
    zoneNames: ['privatelink.queue.${suffix}']
  }
  dependsOn: [blob]
}

module vault 'private-endpoint.bicep' = {
  name: 'endpoint-vault'
  params: {
    name: 'vault-${token}'
    location: location
    tags: tags
    serviceId: vaultId
    networkId: networkId
    subnetId: subnetId
    groupId: 'vault'
    zoneNames: ['privatelink.vaultcore.azure.net']
  }
  dependsOn: [queue]
}

module logs 'private-endpoint.bicep' = {
  name: 'endpoint-logs'
  params: {
    name: 'logs-${token}'
    location: location
    tags: tags
    serviceId: logsScopeId
    networkId: networkId
    subnetId: subnetId
    groupId: 'azuremonitor'
    zoneNames: [
      'privatelink.monitor.azure.com'
      'privatelink.oms.opinsights.azure.com'
      'privatelink.ods.opinsights.azure.com'
      'privatelink.agentsvc.azure-automation.net'
    ]
    sharedZoneNames: [blobZone]
  }
  dependsOn: [vault]
}
