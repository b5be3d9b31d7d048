// The channel over which callers are told of their jobs: Azure Web PubSub. Clients of callers come from
// the internet, with a token that opens their own channel alone; only the functions send.

param token string
param location string
param tags object

@allowed(['Free', 'Standard'])
@description('Free has 20 connections and 20,000 messages a day, Standard 1,000 connections for each unit.')
param tier string

@description('Messages are sent through a private endpoint only. Clients connect from outside all the same.')
param private bool

@description('Name of the functions\' identity, of which the names of its role assignments are made.')
param functionsIdentity string

@description('Object id of the functions\' identity.')
param functionsPrincipalId string

@description('Where logs of refused connections go.')
param logsId string

var webPubSubServiceOwner = '12cf5a90-567b-43ae-8102-96cf46c7d9b4'
var forClients = ['ClientConnection']
var forServices = ['ServerConnection', 'RESTAPI', 'Trace']

resource channel 'Microsoft.SignalRService/webPubSub@2024-03-01' = {
  name: 'wps-${token}'
  location: location
  tags: tags
  kind: 'WebPubSub'
  sku: {
    name: tier == 'Free' ? 'Free_F1' : 'Standard_S1'
    tier: tier
    capacity: 1
  }
  properties: {
    disableLocalAuth: true
    disableAadAuth: false
    publicNetworkAccess: 'Enabled'
    networkACLs: {
      defaultAction: 'Deny'
      publicNetwork: {
        allow: private ? forClients : concat(forClients, forServices)
      }
    }
  }
}

// HUB in qjobs/adapters/web_pubsub.py.
resource hub 'Microsoft.SignalRService/webPubSub/hubs@2024-03-01' = {
  parent: channel
  name: 'qjobs'
  properties: {
    anonymousConnectPolicy: 'deny'
  }
}

// They send messages, and have tokens of clients signed.
resource functionsSend 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(channel.id, functionsIdentity, webPubSubServiceOwner)
  scope: channel
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', webPubSubServiceOwner)
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Who connected and who was refused, by the key of a caller; not what was sent.
resource connections 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-log-analytics'
  scope: channel
  properties: {
    workspaceId: logsId
    logs: [
      {
        category: 'ConnectivityLogs'
        enabled: true
      }
    ]
  }
}

output id string = channel.id
output endpoint string = 'https://${channel.properties.hostName}'
