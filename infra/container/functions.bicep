// The functions on Container Apps, and who may call them: what ../app/functions.bicep is on Flex
// Consumption. The platform reads the triggers of the functions and scales by them.

param name string
param location string
param tags object
param zoneRedundant bool
param subnetId string
param image string
param registryServer string
param minimumReplicas int
param maximumReplicas int
param blobEndpoint string
param queueEndpoint string
param vaultUri string
param insightsConnectionString string
param logsId string
param retentionDays int

@description('The functions\' identity: id, clientId.')
param identity object

@description('The gateway\'s identity, which alone may call: clientId, principalId.')
param gateway object

@description('App registration of the functions, for whom the gateway\'s tokens are: clientId, audience.')
param registration object

var settings = {
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
  // App Service says so by itself; here it is true because of `authentication` below, without which
  // the functions would believe whoever sends the headers of the platform.
  WEBSITE_AUTH_ENABLED: 'true'
}

resource environment 'Microsoft.App/managedEnvironments@2025-07-01' = {
  name: 'cae-${name}'
  location: location
  tags: tags
  properties: {
    // By diagnostic settings, which need no key of the Log Analytics workspace.
    appLogsConfiguration: {
      destination: 'azure-monitor'
    }
    publicNetworkAccess: empty(subnetId) ? 'Enabled' : 'Disabled'
    vnetConfiguration: empty(subnetId) ? null : { infrastructureSubnetId: subnetId, internal: true }
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
    zoneRedundant: zoneRedundant
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
      '${identity.id}': {}
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
          identity: identity.id
        }
      ]
    }
    template: {
      containers: [
        {
          name: 'functions'
          image: image
          env: map(items(settings), setting => { name: setting.key, value: setting.value })
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
      // A function waits in place for a job for up to ten seconds.
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

output name string = app.name
output hostName string = app.properties.configuration.ingress.fqdn
