"""Builder of the deployment package: the zip, its bill of materials, and figures of both."""
