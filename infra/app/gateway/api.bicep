// The API: its contract, its policies, the product it is part of, and what is logged of requests.

param serviceName string

@allowed(['Consumption', 'Developer', 'BasicV2', 'StandardV2', 'Premium'])
param tier string

param insightsId string
param insightsConnectionString string

@description('Client id of the gateway\'s identity.')
param identityClientId string

@minValue(0)
@maxValue(100)
@description('Share of the requests that are logged; errors always are.')
param loggedPercentage int

@description('Whether there is a web page.')
param page bool

// Limits for each caller take a tier that has them. The Consumption tier limits by subscription.
var limitsBySubscription = tier == 'Consumption'
var pageSubscribes = limitsBySubscription && page

var apiPolicy = loadTextContent('../../../apim/policies/api.xml')
var apiPolicyOfConsumption = loadTextContent('../../../apim/consumption/api.xml')
var submitJob = loadTextContent('../../../apim/policies/operations/submit-job.xml')
var submitJobOfConsumption = loadTextContent('../../../apim/consumption/operations/submit-job.xml')
var documents = {
  catalogue: loadTextContent('../../../apim/policies/operations/catalogue.xml')
  'get-job': loadTextContent('../../../apim/policies/operations/get-job.xml')
  'get-result': loadTextContent('../../../apim/policies/operations/get-result.xml')
  'json-body': loadTextContent('../../../apim/policies/operations/json-body.xml')
  'submit-job': limitsBySubscription ? submitJobOfConsumption : submitJob
}

// Never a body, never the Authorization header, and never the tag that a caller searches for.
var logged = {
  headers: ['content-type', 'prefer', 'retry-after', 'x-cache']
  body: {
    bytes: 0
  }
  dataMasking: {
    queryParams: [
      {
        value: 'tag'
        mode: 'Hide'
      }
    ]
  }
}

resource service 'Microsoft.ApiManagement/service@2024-05-01' existing = {
  name: serviceName
}

resource api 'Microsoft.ApiManagement/service/apis@2024-05-01' = {
  parent: service
  name: 'qjobs'
  properties: {
    displayName: 'Quantum jobs'
    path: 'quantum'
    protocols: ['https']
    subscriptionRequired: limitsBySubscription
    format: 'openapi'
    value: loadTextContent('../../../apim/openapi.yaml')
  }
}

resource policy 'Microsoft.ApiManagement/service/apis/policies@2024-05-01' = {
  parent: api
  name: 'policy'
  properties: {
    format: 'xml'
    value: limitsBySubscription ? apiPolicyOfConsumption : apiPolicy
  }
}

// One after the other from here to the diagnostics: while one child of an API is written, the next is
// refused. What puts the API into the product counts as one of both.
@batchSize(1)
module operationPolicies 'operation-policy.bicep' = [
  for entry in items(loadJsonContent('../../../apim/operations.json')): {
    name: 'policy-${entry.key}'
    params: {
      serviceName: service.name
      apiName: api.name
      operation: entry.key
      document: documents[entry.value]
    }
    dependsOn: [policy]
  }
]

resource product 'Microsoft.ApiManagement/service/products@2024-05-01' = {
  parent: service
  name: 'qjobs'
  properties: {
    displayName: 'Quantum jobs'
    description: 'Submit quantum jobs and read their results.'
    subscriptionRequired: limitsBySubscription
    approvalRequired: limitsBySubscription ? true : null
    state: 'published'
  }
}

resource productApi 'Microsoft.ApiManagement/service/products/apis@2024-05-01' = {
  parent: product
  name: api.name
  dependsOn: [operationPolicies]
}

resource productPolicy 'Microsoft.ApiManagement/service/products/policies@2024-05-01' = if (limitsBySubscription) {
  parent: product
  name: 'policy'
  properties: {
    format: 'xml'
    value: loadTextContent('limit-subscription.xml')
  }
  dependsOn: [productApi]
}

// For the smoke test after a deployment; callers get subscriptions of their own.
resource smokeTest 'Microsoft.ApiManagement/service/subscriptions@2024-05-01' = if (limitsBySubscription) {
  parent: service
  name: 'smoke-test'
  properties: {
    displayName: 'Smoke test'
    scope: product.id
    state: 'active'
  }
}

// Of everybody who uses the page: its key is in the page's configuration, for all to read. It opens
// nothing without a token, and the limit of the product is for all of them together.
resource pageCallers 'Microsoft.ApiManagement/service/subscriptions@2024-05-01' = if (pageSubscribes) {
  parent: service
  name: 'page'
  properties: {
    displayName: 'Web page'
    scope: product.id
    state: 'active'
  }
}

resource logger 'Microsoft.ApiManagement/service/loggers@2024-05-01' = {
  parent: service
  name: 'application-insights'
  properties: {
    loggerType: 'applicationInsights'
    resourceId: insightsId
    credentials: {
      connectionString: insightsConnectionString
      identityClientId: identityClientId
    }
  }
}

resource diagnostics 'Microsoft.ApiManagement/service/apis/diagnostics@2024-05-01' = {
  parent: api
  name: 'applicationinsights'
  properties: {
    loggerId: logger.id
    alwaysLog: 'allErrors'
    sampling: {
      samplingType: 'fixed'
      percentage: loggedPercentage
    }
    httpCorrelationProtocol: 'W3C'
    operationNameFormat: 'Name'
    verbosity: 'information'
    logClientIp: false
    metrics: true
    frontend: {
      request: logged
      response: logged
    }
    backend: {
      request: logged
      response: logged
    }
  }
  dependsOn: [productApi]
}

output url string = '${service.properties.gatewayUrl}/${api.properties.path}'
