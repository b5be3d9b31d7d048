// What the app needs in the resource group of the quantum layer: that its functions may run jobs,
// and that its logs say who did.

param workspaceName string

@description('Name of the functions\' identity, of which the names of its role assignments are made.')
param functionsIdentity string

@description('Object id of the functions\' identity.')
param functionsPrincipalId string

@description('Where audit logs go.')
param logsId string

@description('Name of the diagnostic setting: another for each app that uses the workspace, or one takes the log from the other.')
param auditName string

var quantumWorkspaceDataContributor = 'c1410b24-3e69-4857-8f86-4d0a2e603250'

resource workspace 'Microsoft.Quantum/workspaces@2025-12-15-preview' existing = {
  name: workspaceName
}

// They read the workspace and its targets, and submit, follow and cancel jobs. They cannot list keys,
// add providers or delete the workspace, and need no role on its storage: the service signs addresses.
// When the app's resource group is deleted, this assignment stays behind, because the workspace does;
// the next identity has another object id, and an assignment cannot be given another
// (RoleAssignmentUpdateNotPermitted). A hook deletes what is left over before it is provisioned again.
resource functionsRunJobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(workspace.id, functionsIdentity, quantumWorkspaceDataContributor)
  scope: workspace
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', quantumWorkspaceDataContributor)
    principalId: functionsPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Who submitted, changed or canceled which job.
resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: auditName
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
