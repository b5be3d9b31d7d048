"""A reader of Bicep files: parses them and evaluates what is known before a deployment."""
