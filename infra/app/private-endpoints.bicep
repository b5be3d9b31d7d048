// Private ways to the storage account, the vault, and the functions where the gateway can use one. One
// after the other: a subnet takes one endpoint at a time.

param token string
param location string
param tags object
param networkId string
param subnetId string
param storageId string
param vaultId string

@description('Empty where the functions are public.')
param functionsId string

var suffix = environment().suffixes.storage

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
    zoneName: 'privatelink.blob.${suffix}'
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
    zoneName: 'privatelink.queue.${suffix}'
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
    zoneName: 'privatelink.vaultcore.azure.net'
  }
  dependsOn: [queue]
}

module functions 'private-endpoint.bicep' = if (!empty(functionsId)) {
  name: 'endpoint-functions'
  params: {
    name: 'functions-${token}'
    location: location
    tags: tags
    serviceId: functionsId
    networkId: networkId
    subnetId: subnetId
    groupId: 'sites'
    zoneName: 'privatelink.azurewebsites.net'
  }
  dependsOn: [vault]
}
