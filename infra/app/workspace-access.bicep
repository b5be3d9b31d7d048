// What the app needs in the resource group of the quantum layer: that its functions may run jobs,
// and that its logs say who did.

param workspaceName string

@description('Object id of the functions\' identity.')
param functionsPrincipalId string

@description('Where audit logs go.')
param logsId string

var quantumWorkspaceDataContributor = 'c1410b24-3e69-4857-8f86-4d0a2e603250'

resource workspace 'Microsoft.Quantum/workspaces@2025-12-15-preview' existing = {
  name: workspaceName
}

// They read the workspace and its targets, and submit, follow and cancel jobs. They cannot list keys,
// add providers or delete the workspace, and need no role on its storage: the service signs addresses.
resource functionsRunJobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(workspace.id, functionsPrincipalId, quantumWorkspaceDataContributor)
  scope: workspace
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', quantumWorkspaceDataContributor)
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Who submitted, changed or canceled which job.
resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-log-analytics'
  scope: workspace
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
