#!/bin/sh
# Tells the team about a deployment.
set -eu
curl -fsS -X POST -H 'Content-Type: application/json' \
    -d "{\"text\": \"deployed $1\"}" \
    https://hooks.slack.com/services/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
