// The web page: static files, public as every page is. What it shows comes from the API, with a token.

param token string
param location string
param tags object

// What is kept there is copied to wherever people are; this is where it is administered.
var locations = ['centralus', 'eastasia', 'eastus2', 'westeurope', 'westus2']

resource site 'Microsoft.Web/staticSites@2025-03-01' = {
  name: 'stapp-${token}'
  location: contains(locations, location) ? location : 'westeurope'
  tags: union(tags, {
    'azd-service-name': 'web'
  })
  sku: {
    name: 'Free'
    tier: 'Free'
  }
  properties: {
    allowConfigFileUpdates: true
    stagingEnvironmentPolicy: 'Disabled'
  }
}

output origin string = 'https://${site.properties.defaultHostname}'
