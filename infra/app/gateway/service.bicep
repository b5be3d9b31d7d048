// API Management: the only door to the functions.

param token string
param location string
param tags object

@allowed(['Consumption', 'Developer', 'BasicV2', 'StandardV2'])
param tier string

@description('Whom Azure writes to about the instance, and who is named in its developer portal.')
param publisherEmail string

@description('Id of the gateway\'s identity.')
param identityId string

@description('Subnet for outgoing connections, of the tier StandardV2 only; empty for none.')
param subnetId string

resource service 'Microsoft.ApiManagement/service@2024-05-01' = {
  name: 'apim-${token}'
  location: location
  tags: tags
  sku: {
    name: tier
    capacity: tier == 'Consumption' ? 0 : 1
  }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    publisherEmail: publisherEmail
    publisherName: 'qjobs'
    virtualNetworkType: empty(subnetId) ? 'None' : 'External'
    virtualNetworkConfiguration: empty(subnetId) ? null : { subnetResourceId: subnetId }
    // Older versions of the management API hand out secrets to whoever may read.
    apiVersionConstraint: {
      minApiVersion: '2021-08-01'
    }
  }
}

output id string = service.id
output name string = service.name
output url string = service.properties.gatewayUrl
