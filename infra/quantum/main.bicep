// The quantum layer: the workspace with what belongs to it, in a resource group of its own. It is
// deployed once and outlives many deployments of the app.
targetScope = 'subscription'

@minLength(1)
@maxLength(32)
@description('Name of the environment: part of the names of both layers.')
param environmentName string

@allowed(['eastus', 'westus', 'northeurope', 'westeurope'])
@description('Region of the workspace; Azure Quantum is not in every one.')
param location string

@allowed(['dev', 'prod'])
@description('dev can be taken down at any time; prod is locked against deletion.')
param size string = 'dev'

@allowed(['V1', 'V2'])
@description('Kind of the workspace. What is here was written for V1, which takes a storage account of one\'s own.')
param workspaceKind string = 'V1'

@minLength(3)
@description('Providers as providerId/providerSku, with commas between them, of those that `az quantum offerings list` prints. The default costs nothing: a simulator only.')
param providers string = 'rigetti/azure-basic-qvm-only-unlimited'

@minValue(1)
@description('Days that programs and results of the workspace are kept beyond the 120 for which a job may wait in the queue of a provider.')
param retentionDays int = 30

@minValue(0)
@description('Money for a month, in the currency of the billing account; 0 is no budget.')
param monthlyBudget int = 0

@description('Who is told about the budget.')
param contactEmail string = ''

@description('First day of the first month of the budget, such as 2026-12-01; empty is this month. It stays: a budget cannot be given another.')
param budgetStart string = ''

@description('The month in which this is deployed; not to be given.')
param thisMonth string = utcNow('yyyy-MM-01')

// westus has no zones. An account that is there does not turn from one into the other by a template:
// docs/deploy.md#what-can-be-chosen says how.
var zones = size == 'prod' && location != 'westus'
var tags = {
  'azd-env-name': environmentName
}
var pairs = [for provider in split(providers, ','): split(trim(provider), '/')]
var token = toLower(uniqueString(subscription().id, environmentName, location))

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}-quantum'
  location: location
  tags: tags
}

module workspace 'workspace.bicep' = {
  name: 'workspace'
  scope: group
  params: {
    name: 'qw-${token}'
    storageName: 'stq${token}'
    location: location
    tags: tags
    providers: [for pair in pairs: { providerId: pair[0], providerSku: pair[1] }]
    retentionDays: retentionDays
    kind: workspaceKind
    storageSku: zones ? 'Standard_ZRS' : 'Standard_LRS'
    locked: size == 'prod'
  }
}

module budget '../budget.bicep' = if (monthlyBudget > 0) {
  name: 'budget'
  scope: group
  params: {
    amount: max(monthlyBudget, 1)
    contactEmails: [contactEmail]
    startDate: empty(budgetStart) ? thisMonth : budgetStart
  }
}

// Where the workspace is: azd keeps these and gives them to the app's layer.
output QJOBS_WORKSPACE_SUBSCRIPTION_ID string = subscription().subscriptionId
output QJOBS_WORKSPACE_RESOURCE_GROUP string = group.name
output QJOBS_WORKSPACE_NAME string = workspace.outputs.name
output QJOBS_WORKSPACE_EVENTS_TOPIC string = workspace.outputs.eventsTopic
output QJOBS_WORKSPACE_LOCATION string = location
output QJOBS_WORKSPACE_ENDPOINT string = workspace.outputs.endpoint
