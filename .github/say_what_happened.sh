#!/bin/sh
# Prints the end of a deployment to production for the summary of the run. VERSION was deployed with the
# outcome DEPLOY; if that is failure, LAST was brought back, if there was one, with the outcome RETURN.
set -eu

infrastructure='The infrastructure stays as this release provisioned it.'
case "$DEPLOY" in
  success) echo "**$VERSION works in production.**" ;;
  failure)
    if [ -z "$LAST" ]; then
      echo "**$VERSION does not work in production, and is still there:** no version before it ever did."
    elif [ "$RETURN" = success ]; then
      echo "**$VERSION did not work in production. $LAST is back and works.** $infrastructure"
    else
      echo "**Production does not work: $VERSION did not, and $LAST does not either.** $infrastructure"
    fi
    ;;
  *) echo "**$VERSION was not deployed to production:** the job ended before. The code there is ${LAST:-none}." ;;
esac
