// Private networking: the functions go out through this network, and storage, vault, logs and functions
// are reached through it. From a later version of the network's type on, a new subnet has no way out to
// the internet of its own; nothing here needs one, but a machine that is added might.

param token string
param location string
param tags object

resource closed 'Microsoft.Network/networkSecurityGroups@2025-05-01' = {
  name: 'nsg-${token}'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'nothing-from-the-internet'
        properties: {
          priority: 4000
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: 'Internet'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: 'vnet-${token}'
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: ['10.20.0.0/16']
    }
    subnets: [
      {
        name: 'functions'
        properties: {
          addressPrefix: '10.20.0.0/24'
          networkSecurityGroup: {
            id: closed.id
          }
          delegations: [
            {
              name: 'flex-consumption'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'gateway'
        properties: {
          addressPrefix: '10.20.1.0/24'
          networkSecurityGroup: {
            id: closed.id
          }
          delegations: [
            {
              name: 'api-management'
              properties: {
                serviceName: 'Microsoft.Web/serverFarms'
              }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: '10.20.2.0/24'
          networkSecurityGroup: {
            id: closed.id
          }
        }
      }
    ]
  }

  resource functionsSubnet 'subnets' existing = {
    name: 'functions'
  }

  resource gatewaySubnet 'subnets' existing = {
    name: 'gateway'
  }

  resource endpointsSubnet 'subnets' existing = {
    name: 'endpoints'
  }
}

output networkId string = network.id
output functionsSubnetId string = network::functionsSubnet.id
output gatewaySubnetId string = network::gatewaySubnet.id
output endpointsSubnetId string = network::endpointsSubnet.id
