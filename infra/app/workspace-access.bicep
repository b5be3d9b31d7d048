// In the workspace's resource group: the functions may run jobs, and who did is kept.

param workspaceName string
param functionsPrincipalId string
param logsId string

var quantumWorkspaceDataContributor = 'c1410b24-3e69-4857-8f86-4d0a2e603250'

resource workspace 'Microsoft.Quantum/workspaces@2025-12-15-preview' existing = {
  name: workspaceName
}

// The functions submit, read and cancel jobs, and look up where the workspace is. Not more: they
// neither list its keys nor change its providers. They need no role on its storage, because the
// workspace signs the addresses that they use.
resource functionsRunJobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(workspace.id, functionsPrincipalId, quantumWorkspaceDataContributor)
  scope: workspace
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', quantumWorkspaceDataContributor)
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
  }
}

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
