// A monthly budget of the resource group: mail before the money is gone. It stops nothing;
// docs/runbook.md#monthly-budget says what does.

@minValue(1)
@description('In the currency of the billing account.')
param amount int

@description('Who gets the mail.')
param contactEmails array

@description('The first of a month, not before the current one when the budget is created, and the same ever after.')
param startDate string

resource budget 'Microsoft.Consumption/budgets@2026-06-01' = {
  name: 'monthly-budget'
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: {
      startDate: startDate
    }
    notifications: {
      spent: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: contactEmails
      }
      expected: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: contactEmails
      }
    }
  }
}
