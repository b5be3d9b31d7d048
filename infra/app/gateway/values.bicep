// What the policies name: values, a fragment, the functions.

param serviceName string

@allowed(['Consumption', 'Developer', 'BasicV2', 'StandardV2', 'Premium'])
param tier string

@description('Values by name, for those of apim/named-values.json without a default and in the place of others; an empty one leaves the default.')
param values object

@minLength(1)
@maxLength(2)
@description('Addresses of the functions in each region, the first of which is asked while it answers.')
param functionsUrls array

@description('Whether there are two regions.')
param twoRegions bool

var described = loadJsonContent('../../../apim/backends.json').functions
// The Consumption tier has no circuit breaker.
var circuitBreaker = tier == 'Consumption' ? null : described.circuitBreaker
var wanted = values[?'public-host'] ?? ''
var own = replace(service.properties.gatewayUrl, 'https://', '')
var given = union(values, {
  // Where the policies turn when the first functions do not answer. No pool: docs/gateway.md says why.
  'standby-backend': twoRegions ? 'functions-2' : 'functions'
  // Never auto: a header of the request would decide where links lead and what the cache keeps.
  'public-host': contains(['', 'auto'], wanted) ? own : wanted
})

resource service 'Microsoft.ApiManagement/service@2024-05-01' existing = {
  name: serviceName
}

resource functions 'Microsoft.ApiManagement/service/backends@2024-05-01' = {
  parent: service
  name: 'functions'
  properties: {
    protocol: described.protocol
    url: functionsUrls[0]
    circuitBreaker: circuitBreaker
  }
}

resource secondFunctions 'Microsoft.ApiManagement/service/backends@2024-05-01' = if (twoRegions) {
  parent: service
  name: 'functions-2'
  properties: {
    protocol: described.protocol
    url: last(functionsUrls)
    circuitBreaker: circuitBreaker
  }
  dependsOn: [functions]
}

// After the backends, one of which a value names.
@batchSize(1)
resource namedValues 'Microsoft.ApiManagement/service/namedValues@2024-05-01' = [
  for entry in items(loadJsonContent('../../../apim/named-values.json')): {
    parent: service
    name: entry.key
    properties: {
      displayName: entry.key
      value: empty(given[?entry.key] ?? '') ? any(entry.value).default : given[entry.key]
      secret: false
    }
    dependsOn: [
      functions
      secondFunctions
    ]
  }
]

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
