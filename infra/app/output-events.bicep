// The subscription by which the workspace's storage announces outputs in a queue of the app. Without it
// the functions look for results themselves, the more rarely the longer a job waits.

@description('Name of the system topic of the workspace\'s storage.')
param topicName string

@description('Name of the subscription: another for each app that uses the workspace.')
param name string

@description('Id of the app\'s storage account, into which the topic\'s identity may send messages.')
param storageId string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

// The containers of circuits that wait have names that begin so: qjobs/domain/output_event.py.
resource subscription 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: name
  properties: {
    eventDeliverySchema: 'EventGridSchema'
    filter: {
      includedEventTypes: ['Microsoft.Storage.BlobCreated']
      subjectBeginsWith: '/blobServices/default/containers/qjobs-'
    }
    deliveryWithResourceIdentity: {
      identity: {
        type: 'SystemAssigned'
      }
      destination: {
        endpointType: 'StorageQueue'
        properties: {
          resourceId: storageId
          queueName: 'qjobs-outputs'
        }
      }
    }
  }
}
