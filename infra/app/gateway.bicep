// API Management: the contract and the policies of apim/ as they are, and what they name.

param name string
param location string
param tags object
param skuName string
param publisherName string
param publisherEmail string
param subnetId string
param functionsHostName string
param insightsId string
param insightsConnectionString string

@description('The gateway\'s identity: id, clientId.')
param identity object

@description('The values of apim/named-values.json that only a deployment knows.')
param deploymentValues object

@description('Values of apim/named-values.json to use instead of their defaults.')
param namedValues object

// The tier has no cache, no limits for each caller and no circuit breaker: see docs/gateway.md.
var consumption = skuName == 'Consumption'

var contract = loadTextContent('../../apim/openapi.yaml')
var declared = loadJsonContent('../../apim/named-values.json')
var operationPolicyNames = loadJsonContent('../../apim/operations.json')
var backends = loadJsonContent('../../apim/backends.json')
var apiPolicy = consumption ? loadTextContent('../../apim/consumption/api.xml') : loadTextContent('../../apim/policies/api.xml')
var operationPolicies = {
  catalogue: loadTextContent('../../apim/policies/operations/catalogue.xml')
  'get-job': loadTextContent('../../apim/policies/operations/get-job.xml')
  'get-result': loadTextContent('../../apim/policies/operations/get-result.xml')
  'submit-job': loadTextContent('../../apim/policies/operations/submit-job.xml')
}
var consumptionOperationPolicies = {
  'submit-job': loadTextContent('../../apim/consumption/operations/submit-job.xml')
}
// Without limits and a cache, the other operations have nothing of their own.
var tierPolicies = consumption ? consumptionOperationPolicies : operationPolicies
var policedOperations = filter(items(operationPolicyNames), operation => contains(tierPolicies, operation.value))

var withDefault = filter(items(declared), item => contains(item.value, 'default'))
var defaults = reduce(withDefault, {}, (all, item) => union(all, { '${item.key}': item.value.default }))
var values = union(defaults, deploymentValues, namedValues)

resource service 'Microsoft.ApiManagement/service@2024-05-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: skuName
    capacity: consumption ? 0 : 1
  }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    publisherName: publisherName
    publisherEmail: publisherEmail
    virtualNetworkType: empty(subnetId) ? 'None' : 'External'
    virtualNetworkConfiguration: empty(subnetId) ? null : { subnetResourceId: subnetId }
  }
}

resource namedValue 'Microsoft.ApiManagement/service/namedValues@2024-05-01' = [for value in items(values): {
  parent: service
  name: value.key
  properties: {
    displayName: value.key
    value: string(value.value)
    secret: false
  }
}]

resource answerProblem 'Microsoft.ApiManagement/service/policyFragments@2024-05-01' = {
  parent: service
  name: 'answer-problem'
  properties: {
    format: 'rawxml'
    value: loadTextContent('../../apim/fragments/answer-problem.xml')
  }
}

resource functions 'Microsoft.ApiManagement/service/backends@2024-05-01' = {
  parent: service
  name: 'functions'
  properties: {
    url: 'https://${functionsHostName}/api'
    protocol: backends.functions.protocol
    tls: {
      validateCertificateChain: true
      validateCertificateName: true
    }
    circuitBreaker: consumption ? null : backends.functions.circuitBreaker
  }
}

resource api 'Microsoft.ApiManagement/service/apis@2024-05-01' = {
  parent: service
  name: 'qjobs'
  properties: {
    displayName: 'qjobs'
    path: 'quantum'
    protocols: ['https']
    subscriptionRequired: consumption
    format: 'openapi'
    value: contract
  }
}

// Policies name values, fragments and backends in their text, which says nothing of the order.
resource policy 'Microsoft.ApiManagement/service/apis/policies@2024-05-01' = {
  parent: api
  name: 'policy'
  properties: {
    format: 'rawxml'
    value: apiPolicy
  }
  dependsOn: [
    namedValue
    answerProblem
    functions
  ]
}

resource operations 'Microsoft.ApiManagement/service/apis/operations@2024-05-01' existing = [for operation in policedOperations: {
  parent: api
  name: operation.key
}]

resource operationPolicy 'Microsoft.ApiManagement/service/apis/operations/policies@2024-05-01' = [for (operation, index) in policedOperations: {
  parent: operations[index]
  name: 'policy'
  properties: {
    format: 'rawxml'
    value: tierPolicies[operation.value]
  }
  dependsOn: [
    policy
  ]
}]

// In the Consumption tier the subscription is what limits are for; elsewhere the caller is, and the
// product is there to say who uses the API.
resource product 'Microsoft.ApiManagement/service/products@2024-05-01' = {
  parent: service
  name: 'qjobs'
  properties: {
    displayName: 'qjobs'
    description: 'Quantum algorithms as a job API.'
    subscriptionRequired: consumption
    approvalRequired: consumption ? true : null
    state: 'published'
  }
}

resource productApi 'Microsoft.ApiManagement/service/products/apis@2024-05-01' = {
  parent: product
  name: api.name
}

resource productPolicy 'Microsoft.ApiManagement/service/products/policies@2024-05-01' = if (consumption) {
  parent: product
  name: 'policy'
  properties: {
    format: 'rawxml'
    value: loadTextContent('../../apim/consumption/product.xml')
  }
  dependsOn: [
    namedValue
  ]
}

resource logger 'Microsoft.ApiManagement/service/loggers@2024-05-01' = {
  parent: service
  name: 'insights'
  properties: {
    loggerType: 'applicationInsights'
    resourceId: insightsId
    credentials: {
      connectionString: insightsConnectionString
      identityClientId: identity.clientId
    }
  }
}

// No bodies and no headers: those of callers have tokens in them, and inputs are their own business.
var nothing = {
  headers: []
  body: {
    bytes: 0
  }
}

resource diagnostics 'Microsoft.ApiManagement/service/apis/diagnostics@2024-05-01' = {
  parent: api
  name: 'applicationinsights'
  properties: {
    loggerId: logger.id
    alwaysLog: 'allErrors'
    httpCorrelationProtocol: 'W3C'
    verbosity: 'information'
    logClientIp: false
    metrics: true
    sampling: {
      samplingType: 'fixed'
      percentage: 100
    }
    frontend: {
      request: nothing
      response: nothing
    }
    backend: {
      request: nothing
      response: nothing
    }
  }
}

output id string = service.id
output name string = service.name
output url string = '${service.properties.gatewayUrl}/${api.properties.path}'
