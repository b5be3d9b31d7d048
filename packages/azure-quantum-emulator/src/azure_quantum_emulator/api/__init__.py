"""The operations of the workspace as HTTP."""
