// Azure Front Door before the gateway: the address that callers use, with a web application firewall.

param token string
param tags object

@allowed(['Standard', 'Premium'])
@description('Premium has Microsoft\'s rules besides ours.')
param tier string

@description('Name of the gateway.')
param serviceName string

@description('Where the firewall\'s log goes.')
param logsId string

@description('Whether anybody is told when requests are blocked, and who.')
param alerting bool
param actionGroupId string

var skuName = '${tier}_AzureFrontDoor'
var gatewayHost = replace(service.properties.gatewayUrl, 'https://', '')
// Not the rules about bots: whoever calls an API is a program. What an algorithm takes may look like an
// attack, such as two emoticons, and is held against the algorithm's schema anyway.
var microsoftRules = [
  {
    ruleSetType: 'Microsoft_DefaultRuleSet'
    ruleSetVersion: '2.1'
    ruleSetAction: 'Block'
    exclusions: [
      {
        matchVariable: 'RequestBodyJsonArgNames'
        selectorMatchOperator: 'Contains'
        selector: 'input'
      }
    ]
  }
]

resource service 'Microsoft.ApiManagement/service@2024-05-01' existing = {
  name: serviceName
}

resource firewall 'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies@2025-11-01' = {
  name: 'waf${token}'
  location: 'global'
  tags: tags
  sku: {
    name: skuName
  }
  properties: {
    policySettings: {
      enabledState: 'Enabled'
      mode: 'Prevention'
      requestBodyCheck: 'Enabled'
      // Its log quotes what it blocks: never a header, an input or what somebody searches for.
      logScrubbing: {
        state: 'Enabled'
        scrubbingRules: [
          {
            matchVariable: 'RequestHeaderNames'
            selectorMatchOperator: 'EqualsAny'
            state: 'Enabled'
          }
          {
            matchVariable: 'RequestBodyJsonArgNames'
            selectorMatchOperator: 'EqualsAny'
            state: 'Enabled'
          }
          {
            matchVariable: 'QueryStringArgNames'
            selectorMatchOperator: 'EqualsAny'
            state: 'Enabled'
          }
        ]
      }
    }
    customRules: {
      rules: [
        // Callers are limited one by one at the gateway. This is for those who are nobody, and many
        // callers may share an address.
        {
          name: 'RequestsOfOneAddress'
          priority: 100
          enabledState: 'Enabled'
          ruleType: 'RateLimitRule'
          rateLimitDurationInMinutes: 1
          rateLimitThreshold: 3000
          groupBy: [
            {
              variableName: 'SocketAddr'
            }
          ]
          matchConditions: [
            {
              matchVariable: 'RequestUri'
              operator: 'Contains'
              negateCondition: false
              matchValue: ['/']
            }
          ]
          action: 'Block'
        }
      ]
    }
    managedRules: {
      managedRuleSets: tier == 'Premium' ? microsoftRules : []
    }
  }
}

resource profile 'Microsoft.Cdn/profiles@2025-12-01' = {
  name: 'afd-${token}'
  location: 'global'
  tags: tags
  sku: {
    name: skuName
  }
  properties: {
    // Longer than the gateway waits for the functions, whose 504 says more than Front Door's.
    originResponseTimeoutSeconds: 75
  }
}

resource endpoint 'Microsoft.Cdn/profiles/afdEndpoints@2025-12-01' = {
  parent: profile
  name: 'qjobs-${token}'
  location: 'global'
  tags: tags
  properties: {
    enabledState: 'Enabled'
  }
}

// No health probe: with one origin it decides nothing, and each of some hundred places would ask the
// functions several times a minute, day and night. availability.bicep asks.
resource gateways 'Microsoft.Cdn/profiles/originGroups@2025-12-01' = {
  parent: profile
  name: 'gateway'
  properties: {
    loadBalancingSettings: {
      sampleSize: 4
      successfulSamplesRequired: 3
    }
    sessionAffinityState: 'Disabled'
  }
}

resource gateway 'Microsoft.Cdn/profiles/originGroups/origins@2025-12-01' = {
  parent: gateways
  name: 'gateway'
  properties: {
    hostName: gatewayHost
    originHostHeader: gatewayHost
    httpsPort: 443
    priority: 1
    weight: 1000
    enabledState: 'Enabled'
    enforceCertificateNameCheck: true
  }
}

// Without a cacheConfiguration nothing is cached: answers belong to their callers, and the gateway
// keeps what may be kept.
resource route 'Microsoft.Cdn/profiles/afdEndpoints/routes@2025-12-01' = {
  parent: endpoint
  name: 'api'
  properties: {
    originGroup: {
      id: gateways.id
    }
    patternsToMatch: ['/quantum', '/quantum/*']
    supportedProtocols: ['Https']
    forwardingProtocol: 'HttpsOnly'
    httpsRedirect: 'Disabled'
    linkToDefaultDomain: 'Enabled'
    enabledState: 'Enabled'
  }
  dependsOn: [gateway]
}

resource protection 'Microsoft.Cdn/profiles/securityPolicies@2025-12-01' = {
  parent: profile
  name: 'firewall'
  properties: {
    parameters: {
      type: 'WebApplicationFirewall'
      wafPolicy: {
        id: firewall.id
      }
      associations: [
        {
          domains: [
            {
              id: endpoint.id
            }
          ]
          patternsToMatch: ['/*']
        }
      ]
    }
  }
}

// What was blocked and why. Not every request: the gateway has those, without the callers' addresses.
resource blockedLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-log-analytics'
  scope: profile
  properties: {
    workspaceId: logsId
    logs: [
      {
        category: 'FrontDoorWebApplicationFirewallLog'
        enabled: true
      }
    ]
  }
}

resource blocked 'Microsoft.Insights/metricAlerts@2026-01-01' = if (alerting) {
  name: 'firewall-blocking'
  location: 'global'
  tags: tags
  properties: {
    description: 'The firewall blocked more than 100 requests in 15 minutes: docs/runbook.md#firewall-blocking'
    severity: 3
    enabled: true
    scopes: [profile.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'firewall-blocking'
          metricName: 'WebApplicationFirewallRequestCount'
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 100
          dimensions: [
            {
              name: 'Action'
              operator: 'Include'
              values: ['Block']
            }
          ]
        }
      ]
    }
    actions: [
      {
        actionGroupId: actionGroupId
      }
    ]
  }
}

output host string = endpoint.properties.hostName
output id string = profile.properties.frontDoorId
