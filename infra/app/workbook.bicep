// One page about the jobs: how they end, how long they wait, what they cost.

param location string
param tags object
param insightsId string

var parts = [
  {
    title: 'Jobs by state'
    query: loadTextContent('queries/jobs-by-state.kql')
    visualization: 'barchart'
  }
  {
    title: 'Waiting and total time by target'
    query: loadTextContent('queries/wait-by-target.kql')
    visualization: 'table'
  }
  {
    title: 'Jobs that have not ended'
    query: loadTextContent('queries/unfinished-jobs.kql')
    visualization: 'timechart'
  }
  {
    title: 'From acceptance to the provider by target'
    query: loadTextContent('queries/placement-by-target.kql')
    visualization: 'table'
  }
  {
    title: 'Errors of the provider'
    query: loadTextContent('queries/provider-errors-by-kind.kql')
    visualization: 'table'
  }
  {
    title: 'Waiting requests'
    query: loadTextContent('queries/waiting-requests.kql')
    visualization: 'timechart'
  }
  {
    title: 'Estimated cost by algorithm'
    query: loadTextContent('queries/cost-by-algorithm.kql')
    visualization: 'table'
  }
  {
    title: 'Why jobs failed'
    query: loadTextContent('queries/failures-by-reason.kql')
    visualization: 'table'
  }
]

var charts = [
  for part in parts: {
    type: 3
    name: part.title
    content: {
      version: 'KqlItem/1.0'
      title: part.title
      query: part.query
      size: 0
      queryType: 0
      resourceType: 'microsoft.insights/components'
      crossComponentResources: [insightsId]
      timeContextFromParameter: 'period'
      visualization: part.visualization
    }
  }
]

var period = {
  type: 9
  name: 'period'
  content: {
    version: 'KqlParameterItem/1.0'
    parameters: [
      {
        version: 'KqlParameterItem/1.0'
        name: 'period'
        label: 'Period'
        type: 4
        value: {
          durationMs: 604800000
        }
        typeSettings: {
          selectableValues: [
            {
              durationMs: 86400000
            }
            {
              durationMs: 604800000
            }
            {
              durationMs: 2592000000
            }
          ]
        }
      }
    ]
  }
}

resource jobs 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'jobs')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Quantum jobs'
    category: 'workbook'
    sourceId: insightsId
    serializedData: string({ version: 'Notebook/1.0', items: concat([period], charts) })
  }
}
