// What Azure says of itself: trouble, maintenance, security and retirements, in the regions used here.
// Not by services: their names there are nobody's contract, and one that changes would say nothing.

param tags object

@description('Who is told.')
param actionGroupId string

@description('Regions as templates name them, such as westeurope.')
param locations array

// Service health calls a region as people do, West Europe.
var names = loadJsonContent('region-names.json')
var known = [
  for location in locations: names[?location] ?? ''
]
// One that is missing in the file must not go unheard: then all regions are.
var incomplete = contains(known, '')
var inOurRegions = {
  field: 'properties.impactedServices[*].ImpactedRegions[*].RegionName'
  containsAny: union(known, ['Global'])
}
var onServiceHealth = {
  field: 'category'
  equals: 'ServiceHealth'
}
var subscriptionId = subscription().id

resource alert 'Microsoft.Insights/activityLogAlerts@2026-01-01' = {
  name: 'azure-service-health'
  location: 'global'
  tags: tags
  properties: {
    description: 'Azure has trouble, or announces some, in a region used here: docs/runbook.md#azure-service-health'
    enabled: true
    scopes: [subscriptionId]
    condition: {
      allOf: incomplete ? [onServiceHealth] : [onServiceHealth, inOurRegions]
    }
    actions: {
      actionGroups: [
        {
          actionGroupId: actionGroupId
        }
      ]
    }
  }
}
