"""Expected loss: the mean loss of a portfolio by amplitude estimation."""
