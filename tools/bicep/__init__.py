"""Parser and partial evaluator of Bicep files."""
