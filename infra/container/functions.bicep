// The functions on Container Apps, and who may call them: what ../app/functions.bicep is on Flex
// Consumption. The platform reads the triggers of the functions and scales by them.

param name string
param location string
param tags object

@description('Image with its registry and its tag or digest.')
param image string

@description('Where the image is pulled from.')
param registryServer string

@minValue(1)
@description('Instances that always run: one at least, for the timer that finds lost jobs.')
param minimumReplicas int

@minValue(1)
@maxValue(1000)
@description('The most instances at a time.')
param maximumReplicas int

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
param logsId string

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

var settings = {
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
  // Ingress lets everybody reach the app, and only `authentication` below keeps them out. So the
  // functions check for themselves what the gateway alone can have, and believe no header without it.
  QJOBS_GATEWAY_TOKEN_AUDIENCE: 'api://${registrationClientId}'
  QJOBS_GATEWAY_TOKEN_METADATA: '${az.environment().authentication.loginEndpoint}${tenant().tenantId}/.well-known/openid-configuration'
  // Without it each replica is a host of its own, by the name of its machine: with a timer, a lease
  // and keys of its own.
  AzureFunctionsWebHost__hostid: take(toLower(name), 32)
}

var variables = [
  for setting in items(settings): {
    name: setting.key
    value: setting.value
  }
]

resource environment 'Microsoft.App/managedEnvironments@2025-07-01' = {
  name: 'cae-${name}'
  location: location
  tags: tags
  properties: {
    // By diagnostic settings, which need no key of the Log Analytics workspace.
    appLogsConfiguration: {
      destination: 'azure-monitor'
    }
    publicNetworkAccess: 'Enabled'
    peerTrafficConfiguration: {
      encryption: {
        enabled: true
      }
    }
    workloadProfiles: [
      {
        name: 'Consumption'
        workloadProfileType: 'Consumption'
      }
    ]
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-log-analytics'
  scope: environment
  properties: {
    workspaceId: logsId
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
  }
}

resource app 'Microsoft.App/containerApps@2025-07-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: true
        allowInsecure: false
        targetPort: 8080
        transport: 'auto'
      }
      registries: [
        {
          server: registryServer
          identity: identityId
        }
      ]
    }
    template: {
      containers: [
        {
          name: 'functions'
          image: image
          env: variables
          resources: {
            cpu: 1
            memory: '2Gi'
          }
          probes: [
            {
              type: 'Startup'
              httpGet: {
                path: '/api/health'
                port: 8080
              }
              periodSeconds: 10
              failureThreshold: 10
            }
            {
              type: 'Liveness'
              httpGet: {
                path: '/api/health'
                port: 8080
              }
              periodSeconds: 30
              timeoutSeconds: 5
              failureThreshold: 4
            }
          ]
        }
      ]
      scale: {
        minReplicas: minimumReplicas
        maxReplicas: maximumReplicas
      }
      // A request waits for a job for up to 30 seconds, and a message's work for ten. The host gives
      // requests 30 seconds and messages as long as they take.
      terminationGracePeriodSeconds: 60
    }
  }
}

// Only the gateway's identity comes in; everybody else gets 401 before the functions see anything.
resource authentication 'Microsoft.App/containerApps/authConfigs@2025-07-01' = {
  parent: app
  name: 'current'
  properties: {
    platform: {
      enabled: true
    }
    globalValidation: {
      unauthenticatedClientAction: 'Return401'
      excludedPaths: ['/api/health']
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          // Of tokens of version 1.0, which is what managed identities get.
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
}

output name string = app.name
output url string = 'https://${app.properties.configuration.ingress.fqdn}/api'
