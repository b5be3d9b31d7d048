// Whether the service answers to somebody outside, and whether a job gets through it.

param location string
param tags object

param insightsId string
param insightsName string

@description('Who is told.')
param actionGroupId string

@description('Address that is asked without a token.')
param healthUrl string

@description('Object id of the identity that writes how its jobs went, from outside Azure; empty for none.')
param syntheticPrincipalId string

var monitoringMetricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

// West Europe, North Europe, East US, West US, Southeast Asia. Five, because now and then a place has
// trouble of its own, which is no outage here.
var places = ['emea-nl-ams-azr', 'emea-gb-db3-azr', 'us-va-ash-azr', 'us-ca-sjc-azr', 'apac-sg-sin-azr']

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

// The tag is how Application Insights finds its tests. Each place asks every ten minutes.
resource health 'Microsoft.Insights/webtests@2022-06-15' = {
  name: 'health-from-outside'
  location: location
  tags: union(tags, { 'hidden-link:${insightsId}': 'Resource' })
  kind: 'standard'
  properties: {
    Name: 'health-from-outside'
    SyntheticMonitorId: 'health-from-outside'
    Description: 'Asks for the health of the service.'
    Kind: 'standard'
    Enabled: true
    Frequency: 600
    Timeout: 30
    RetryEnabled: true
    Locations: [
      for place in places: {
        Id: place
      }
    ]
    Request: {
      RequestUrl: healthUrl
      HttpVerb: 'GET'
      ParseDependentRequests: false
      FollowRedirects: false
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 14
      ContentValidation: {
        ContentMatch: 'Healthy'
        IgnoreCase: false
        PassIfTextFound: true
      }
    }
  }
}

resource unreachable 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: 'unreachable'
  location: 'global'
  tags: tags
  properties: {
    description: 'Three of five places got no healthy answer: docs/runbook.md#unreachable'
    severity: 0
    enabled: true
    scopes: [health.id, insightsId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: health.id
      componentId: insightsId
      failedLocationCount: length(places) - 2
    }
    actions: [
      {
        actionGroupId: actionGroupId
      }
    ]
  }
}

// It writes results of its jobs and reads nothing.
resource syntheticPublishes 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(syntheticPrincipalId)) {
  name: guid(insights.id, syntheticPrincipalId, monitoringMetricsPublisher)
  scope: insights
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', monitoringMetricsPublisher)
    principalId: syntheticPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// A job that fails and one that was never submitted are the same here: none succeeded. Two hours,
// because schedules of GitHub run late and leave runs out.
resource noSyntheticJob 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = if (!empty(syntheticPrincipalId)) {
  name: 'no-synthetic-job'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'no-synthetic-job'
    description: 'No job from outside succeeded for two hours: docs/runbook.md#no-synthetic-job'
    severity: 1
    enabled: true
    scopes: [insightsId]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT2H'
    autoMitigate: true
    criteria: {
      allOf: [
        {
          query: loadTextContent('queries/synthetic-jobs.kql')
          timeAggregation: 'Total'
          metricMeasureColumn: 'jobs'
          operator: 'LessThan'
          threshold: 1
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: [actionGroupId]
    }
  }
}
