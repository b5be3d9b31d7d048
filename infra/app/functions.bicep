// The function app, on Flex Consumption.

param name string
param location string
param tags object

@description('Name of the service in azure.yaml that is deployed here; empty for an app that azd does not deploy.')
param serviceName string

@description('Container of the deployed package.')
param packageContainer string

@description('Python of the platform, as `az functionapp list-flexconsumption-runtimes` lists it.')
param pythonVersion string

@minValue(0)
@description('Instances that always run, for requests and as many for accepted jobs. None costs nothing and starts slowly.')
param alwaysReady int

@minValue(40)
@maxValue(1000)
@description('The most instances at a time.')
param maximumInstances int

@description('Spread over the zones of the region.')
param zoneRedundant bool

@description('Subnet for outgoing connections; empty for none.')
param subnetId string

@description('Reachable through a private endpoint only.')
param private bool

@description('Id of the functions\' identity.')
param identityId string

@description('Client id of the functions\' identity.')
param identityClientId string

@description('Client id of the gateway\'s identity, which alone may call.')
param gatewayClientId string

@description('Object id of the gateway\'s identity.')
param gatewayPrincipalId string

@description('Client id of the functions\' app registration, for which the gateway gets its tokens.')
param registrationClientId string

param storageName string
param blobEndpoint string
param queueEndpoint string
param vaultUri string

@description('Address of the channel to callers; empty for none.')
param channelEndpoint string

param insightsConnectionString string

@description('When lost jobs are looked for, as NCRONTAB.')
param reconcileSchedule string

@description('Days that a job is kept; the storage account deletes it.')
param retentionDays int

@description('The most that a job may cost, such as 25 USD; empty is no limit.')
param costOfJob string

@description('The most that the jobs of one caller on one day may cost, such as 100 USD; empty is no limit.')
param costOfDay string

@description('Whether the storage of the workspace announces outputs.')
param outputEvents bool

// Requests are one group to the platform, each other function is one of its own. With these two a job
// is accepted and started without a cold start.
var readyGroups = [
  {
    name: 'http'
    instanceCount: alwaysReady
  }
  {
    name: 'function:dispatch'
    instanceCount: alwaysReady
  }
]
var serviceTag = empty(serviceName) ? {} : { 'azd-service-name': serviceName }

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

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, serviceTag)
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
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
            userAssignedIdentityResourceId: identityId
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
        alwaysReady: alwaysReady > 0 ? readyGroups : []
        triggers: {
          http: {
            // Of Python apps the platform expects one request at a time. These functions are
            // asynchronous and mostly wait, up to 30 seconds with "Prefer: wait": one at a time would
            // mean an instance for every waiting caller.
            perInstanceConcurrency: 16
          }
        }
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
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
    AzureWebJobsStorage__clientId: identityClientId
    // The host has at times started without its storage where there were addresses and no name.
    AzureWebJobsStorage__accountName: storageName
    AzureWebJobsStorage__blobServiceUri: blobEndpoint
    AzureWebJobsStorage__queueServiceUri: queueEndpoint
    APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
    QJOBS_KEY_VAULT_URI: vaultUri
    QJOBS_CHANNEL_ENDPOINT: channelEndpoint
    QJOBS_GATEWAY_PRINCIPAL_ID: gatewayPrincipalId
    QJOBS_REGION: toLower(replace(location, ' ', ''))
    QJOBS_RECONCILE_SCHEDULE: reconcileSchedule
    QJOBS_RETENTION_DAYS: string(retentionDays)
    QJOBS_COST_OF_JOB: costOfJob
    QJOBS_COST_OF_DAY: costOfDay
    QJOBS_OUTPUT_EVENTS: string(outputEvents)
    QDK_PYTHON_TELEMETRY: 'none'
  }
}

// The platform lets nobody in but the gateway's identity. Managed identities get v1 tokens, whose
// issuer is this one.
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
          openIdIssuer: 'https://sts.windows.net/${tenant().tenantId}/'
          clientId: registrationClientId
        }
        validation: {
          allowedAudiences: ['api://${registrationClientId}']
          defaultAuthorizationPolicy: {
            allowedApplications: [gatewayClientId]
            allowedPrincipals: {
              identities: [gatewayPrincipalId]
            }
          }
        }
      }
    }
  }
  dependsOn: [settings]
}

// One after the other: the site takes no two changes of its configuration at a time.
// Deployments come with a token of Entra ID; user names and passwords of the site do not work.
resource noFtpPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
  dependsOn: [authentication]
}

resource noScmPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
  dependsOn: [noFtpPassword]
}

output id string = app.id
output url string = 'https://${app.properties.defaultHostName}/api'
