"""Who issues tokens on a laptop: Microsoft Entra ID and the endpoint of managed identities."""
