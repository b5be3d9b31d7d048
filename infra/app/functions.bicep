// The functions on Flex Consumption, and who may call them.

param name string
param location string
param tags object
param private bool
param zoneRedundant bool
param subnetId string
param pythonVersion string
param maximumInstances int
param alwaysReadyInstances int
param packageContainer string
param blobEndpoint string
param queueEndpoint string
param vaultUri string
param insightsConnectionString string
param retentionDays int

@description('The functions\' identity: id, clientId.')
param identity object

@description('The gateway\'s identity, which alone may call: clientId, principalId.')
param gateway object

@description('App registration of the functions, for whom the gateway\'s tokens are: clientId, audience.')
param registration object

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

// Functions of HTTP triggers scale as one group; each queue or timer function is a group of its own.
// A platform that keeps both ready answers, and starts jobs, without a cold start.
var alwaysReady = [
  {
    name: 'http'
    instanceCount: alwaysReadyInstances
  }
  {
    name: 'function:dispatch'
    instanceCount: alwaysReadyInstances
  }
]

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    publicNetworkAccess: private ? 'Disabled' : 'Enabled'
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${blobEndpoint}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      runtime: {
        name: 'python'
        version: pythonVersion
      }
      scaleAndConcurrency: {
        instanceMemoryMB: 2048
        maximumInstanceCount: maximumInstances
        alwaysReady: alwaysReadyInstances > 0 ? alwaysReady : []
        triggers: {
          http: {
            // A request is a few short waits for storage, in one event loop: many fit. With
            // Prefer: wait=30 one may stay for half a minute, so too few would start instances for
            // callers who only wait. Circuits are computed by queue functions, on instances of
            // their own.
            perInstanceConcurrency: 50
          }
        }
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      remoteDebuggingEnabled: false
    }
  }
}

resource settings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'appsettings'
  properties: {
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identity.clientId
    AzureWebJobsStorage__blobServiceUri: blobEndpoint
    AzureWebJobsStorage__queueServiceUri: queueEndpoint
    APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.clientId};Authorization=AAD'
    QJOBS_KEY_VAULT_URI: vaultUri
    QJOBS_GATEWAY_PRINCIPAL_ID: gateway.principalId
    QJOBS_RECONCILE_SCHEDULE: '0 * * * * *'
    QJOBS_RETENTION_DAYS: string(retentionDays)
    QDK_PYTHON_TELEMETRY: 'none'
  }
}

// Only the gateway's identity comes in; everybody else gets 401 before the functions see anything.
resource authentication 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: {
      enabled: true
    }
    globalValidation: {
      requireAuthentication: true
      unauthenticatedClientAction: 'Return401'
      excludedPaths: ['/api/health']
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          // Of tokens of version 1.0, which is what managed identities get.
          openIdIssuer: 'https://sts.windows.net/${tenant().tenantId}/'
          clientId: registration.clientId
        }
        validation: {
          allowedAudiences: [registration.audience]
          defaultAuthorizationPolicy: {
            allowedApplications: [gateway.clientId]
            allowedPrincipals: {
              identities: [gateway.principalId]
            }
          }
        }
      }
    }
  }
}

// Deployments come with a token. Passwords of the publishing profile are off.
resource ftp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource scm 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

output id string = app.id
output name string = app.name
output hostName string = app.properties.defaultHostName
