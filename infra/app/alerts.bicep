// What somebody has to hear of. Every description ends with the section of the runbook that says what
// to do.

param location string
param tags object

@description('Who gets the mail.')
param contactEmail string

@minValue(1)
@description('Function apps, in as many regions. In each of them five functions show every ten minutes that they run.')
param functionApps int

param insightsId string
param storageId string
param vaultId string
param gatewayId string

@allowed(['Consumption', 'Developer', 'BasicV2', 'StandardV2', 'Premium'])
param gatewayTier string

// Each query gives rows with a number; the rule adds them up. No rows are 0.
var queries = [
  {
    name: 'failed-jobs'
    severity: 1
    description: 'More than 5 jobs failed in 15 minutes for a reason that is not the caller\'s: docs/runbook.md#failed-jobs'
    query: loadTextContent('queries/failed-jobs.kql')
    column: 'jobs'
    operator: 'GreaterThan'
    threshold: 5
    window: 'PT15M'
  }
  {
    name: 'waiting-jobs'
    severity: 2
    description: 'More than 5 jobs for simulators waited for 10 minutes: docs/runbook.md#waiting-jobs'
    query: loadTextContent('queries/waiting-jobs.kql')
    column: 'jobs'
    operator: 'GreaterThan'
    threshold: 5
    window: 'PT1H'
  }
  {
    name: 'oldest-job'
    severity: 1
    description: 'A job for a simulator has not ended for 30 minutes: docs/runbook.md#oldest-job'
    query: loadTextContent('queries/oldest-job.kql')
    column: 'minutes'
    operator: 'GreaterThan'
    threshold: 30
    window: 'PT15M'
  }
  {
    name: 'provider-errors'
    severity: 1
    description: 'More than 5 calls to the workspace failed for a reason that does not pass: docs/runbook.md#provider-errors'
    query: loadTextContent('queries/provider-errors.kql')
    column: 'errors'
    operator: 'GreaterThan'
    threshold: 5
    window: 'PT15M'
  }
  {
    name: 'poison-messages'
    severity: 2
    description: 'The host gave a message up; its job is tried again: docs/runbook.md#poison-messages'
    query: loadTextContent('queries/poison-messages.kql')
    column: 'messages'
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT15M'
  }
  {
    name: 'functions-not-running'
    severity: 1
    description: 'A function of a queue, or the timer, has not run for 30 minutes: docs/runbook.md#functions-not-running'
    query: loadTextContent('queries/function-runs.kql')
    column: 'functions'
    operator: 'LessThan'
    threshold: 5 * functionApps
    window: 'PT30M'
  }
  {
    name: 'untold-events'
    severity: 2
    description: 'Callers could not be told of more than 20 changes of jobs in 15 minutes: docs/runbook.md#untold-events'
    query: loadTextContent('queries/untold-events.kql')
    column: 'events'
    operator: 'GreaterThan'
    threshold: 20
    window: 'PT15M'
  }
  {
    name: 'webhooks-failing'
    severity: 2
    description: 'Of more than 20 requests to webhooks in an hour none was accepted: docs/runbook.md#webhooks-failing'
    query: loadTextContent('queries/webhooks-failing.kql')
    column: 'attempts'
    operator: 'GreaterThan'
    threshold: 20
    window: 'PT1H'
  }
]

// Each is the total of a metric over 15 minutes, for each of the dimension's values apart.
var metrics = [
  {
    name: 'gateway-errors'
    severity: 1
    description: 'The gateway answered more than 10 requests in 15 minutes with 5xx: docs/runbook.md#gateway-errors'
    scope: gatewayId
    metric: 'Requests'
    aggregation: 'Total'
    dimension: 'GatewayResponseCodeCategory'
    values: ['5xx']
    threshold: 10
  }
  {
    name: 'gateway-throttling'
    severity: 3
    description: 'The gateway refused more than 500 requests in 15 minutes with 429: docs/runbook.md#gateway-throttling'
    scope: gatewayId
    metric: 'Requests'
    aggregation: 'Total'
    dimension: 'GatewayResponseCode'
    values: ['429']
    threshold: 500
  }
  {
    name: 'storage-refusing'
    severity: 1
    description: 'The storage account refused more than 20 requests in 15 minutes: docs/runbook.md#storage-refusing'
    scope: storageId
    metric: 'Transactions'
    aggregation: 'Total'
    dimension: 'ResponseType'
    values: [
      'AuthorizationError'
      'AuthenticationError'
      'NetworkError'
      'ServerBusyError'
      'ServerTimeoutError'
      'ServerOtherError'
      'ClientAccountRequestThrottlingError'
    ]
    threshold: 20
  }
  {
    name: 'vault-refusing'
    severity: 1
    description: 'The key vault refused more than 5 requests in 15 minutes: docs/runbook.md#vault-refusing'
    scope: vaultId
    metric: 'ServiceApiResult'
    aggregation: 'Count'
    dimension: 'StatusCode'
    values: ['403', '429', '500', '503']
    threshold: 5
  }
]

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'qjobs-people'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'qjobs'
    enabled: true
    emailReceivers: [
      {
        name: 'contact'
        emailAddress: contactEmail
        useCommonAlertSchema: true
      }
    ]
  }
}

resource queryAlerts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for alert in queries: {
    name: alert.name
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: alert.name
      description: alert.description
      severity: alert.severity
      enabled: true
      scopes: [insightsId]
      evaluationFrequency: 'PT5M'
      windowSize: alert.window
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Total'
            metricMeasureColumn: alert.column
            operator: alert.operator
            threshold: alert.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: [people.id]
      }
    }
  }
]

resource metricAlerts 'Microsoft.Insights/metricAlerts@2026-01-01' = [
  for alert in metrics: {
    name: alert.name
    location: 'global'
    tags: tags
    properties: {
      description: alert.description
      severity: alert.severity
      enabled: true
      scopes: [alert.scope]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: alert.name
            metricName: alert.metric
            timeAggregation: alert.aggregation
            operator: 'GreaterThan'
            threshold: alert.threshold
            dimensions: [
              {
                name: alert.dimension
                operator: 'Include'
                values: alert.values
              }
            ]
          }
        ]
      }
      actions: [
        {
          actionGroupId: people.id
        }
      ]
    }
  }
]

// The v2 tiers measure their processors, the Developer and Premium tiers a number of their own, and the
// Consumption tier has nothing to run out of.
resource capacity 'Microsoft.Insights/metricAlerts@2026-01-01' = if (gatewayTier != 'Consumption') {
  name: 'gateway-capacity'
  location: 'global'
  tags: tags
  properties: {
    description: 'The gateway was busier than 80 % for 30 minutes: docs/runbook.md#gateway-capacity'
    severity: 2
    enabled: true
    scopes: [gatewayId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT30M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'gateway-capacity'
          metricName: contains(['BasicV2', 'StandardV2'], gatewayTier) ? 'CpuPercent_Gateway' : 'Capacity'
          timeAggregation: 'Average'
          operator: 'GreaterThan'
          threshold: 80
        }
      ]
    }
    actions: [
      {
        actionGroupId: people.id
      }
    ]
  }
}

output actionGroupId string = people.id
