// API Management: the only door to the functions.

param name string
param location string
param tags object

@allowed(['Consumption', 'Developer', 'BasicV2', 'StandardV2', 'Premium'])
param tier string

@minValue(1)
@description('Units in each location; the Consumption tier has none.')
param units int

@description('Zones of the region over which the units are spread, of the tier Premium only; empty leaves that to Azure.')
param zones array

@description('Regions with a gateway besides the first, of the tier Premium only.')
param additionalLocations array

@description('Whom Azure writes to about the instance, and who is named in its developer portal.')
param publisherEmail string

@description('Id of the gateway\'s identity.')
param identityId string

@description('Subnet for outgoing connections, of the tier StandardV2 only; empty for none.')
param subnetId string

var additional = [
  for place in additionalLocations: {
    location: place
    sku: {
      name: tier
      capacity: units
    }
    zones: empty(zones) ? null : zones
    disableGateway: false
  }
]

resource service 'Microsoft.ApiManagement/service@2024-05-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: tier
    capacity: tier == 'Consumption' ? 0 : units
  }
  zones: empty(zones) ? null : zones
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
    additionalLocations: empty(additional) ? null : additional
    // Older versions of the management API hand out secrets to whoever may read.
    apiVersionConstraint: {
      minApiVersion: '2021-08-01'
    }
  }
}

output id string = service.id
