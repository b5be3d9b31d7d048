"""The distribution of jobs over machines that ends first."""
