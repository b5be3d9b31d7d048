// The policy document of one operation.

param serviceName string
param apiName string

@description('operationId of the contract, which the import makes the name of the operation.')
param operation string

param document string

resource service 'Microsoft.ApiManagement/service@2024-05-01' existing = {
  name: serviceName
}

resource api 'Microsoft.ApiManagement/service/apis@2024-05-01' existing = {
  parent: service
  name: apiName
}

resource imported 'Microsoft.ApiManagement/service/apis/operations@2024-05-01' existing = {
  parent: api
  name: operation
}

resource policy 'Microsoft.ApiManagement/service/apis/operations/policies@2024-05-01' = {
  parent: imported
  name: 'policy'
  properties: {
    format: 'xml'
    value: document
  }
}
