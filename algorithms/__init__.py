"""One folder per algorithm; each describes itself and is loaded only to run."""
