"""The gateway: runs the files of `apim/` on this machine as API Management would."""
