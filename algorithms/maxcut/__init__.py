"""The division of a network into two sides with the most weight between them."""
