// What the policies name: values, a fragment, the functions.

param serviceName string

@allowed(['Consumption', 'Developer', 'BasicV2', 'StandardV2'])
param tier string

@description('Values by name, for those of apim/named-values.json without a default and in the place of others; an empty one leaves the default.')
param values object

@minLength(1)
@description('Addresses of the functions, the first of which is asked while it answers.')
param functionsUrls array

var described = loadJsonContent('../../../apim/backends.json').functions
// The Consumption tier has no circuit breaker and no pools.
var circuitBreaker = tier == 'Consumption' ? null : described.circuitBreaker
var pooled = length(functionsUrls) > 1

resource service 'Microsoft.ApiManagement/service@2024-05-01' existing = {
  name: serviceName
}

@batchSize(1)
resource namedValues 'Microsoft.ApiManagement/service/namedValues@2024-05-01' = [for entry in items(loadJsonContent('../../../apim/named-values.json')): {
  parent: service
  name: entry.key
  properties: {
    displayName: entry.key
    value: empty(values[?entry.key] ?? '') ? any(entry.value).default : values[entry.key]
    secret: false
  }
}]

resource answerProblem 'Microsoft.ApiManagement/service/policyFragments@2024-05-01' = {
  parent: service
  name: 'answer-problem'
  properties: {
    description: 'Ends a request with a problem document.'
    format: 'xml'
    value: loadTextContent('../../../apim/fragments/answer-problem.xml')
  }
  dependsOn: [namedValues]
}

@batchSize(1)
resource regions 'Microsoft.ApiManagement/service/backends@2024-05-01' = [for (url, index) in functionsUrls: if (pooled) {
  parent: service
  name: 'functions-${index}'
  properties: {
    protocol: described.protocol
    url: url
    circuitBreaker: circuitBreaker
  }
}]

// The policies know it by this name, whether it is one app or several.
resource functions 'Microsoft.ApiManagement/service/backends@2024-05-01' = if (!pooled) {
  parent: service
  name: 'functions'
  properties: {
    protocol: described.protocol
    url: functionsUrls[0]
    circuitBreaker: circuitBreaker
  }
}

resource pool 'Microsoft.ApiManagement/service/backends@2024-05-01' = if (pooled) {
  parent: service
  name: 'functions'
  properties: {
    type: 'Pool'
    pool: {
      services: [for (url, index) in functionsUrls: { id: '${service.id}/backends/functions-${index}', priority: index + 1, weight: 1 }]
    }
  }
  dependsOn: [regions]
}
