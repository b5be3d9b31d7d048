#!/bin/sh
# Before everything is deleted. Releases of azd have deleted every resource group that a layer touches,
# so taking down the app alone could take the workspace along: docs/deploy.md says how to do it.
set -eu

if [ "${QJOBS_ALLOW_DOWN:-no}" != yes ]; then
  {
    echo "confirm-down: this can delete both resource groups, with all jobs, results and the workspace."
    echo "  The app alone: see \"Take it down\" in docs/deploy.md."
    echo "  Everything: azd env set QJOBS_ALLOW_DOWN yes, then azd down again."
  } >&2
  exit 1
fi
