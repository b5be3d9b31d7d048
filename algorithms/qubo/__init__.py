"""The best values of yes-or-no variables for a quadratic cost."""
