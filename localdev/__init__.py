"""Local development environment: emulators and simulators of the Azure services; never deployed."""
