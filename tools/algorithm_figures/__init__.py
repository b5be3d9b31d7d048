"""The figures of docs/catalogue.md: what each algorithm is for, takes, costs and gave."""
