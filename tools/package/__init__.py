"""The deployment package: the zip, its bill of materials, and the figures of both."""
