#!/bin/sh
# Tells the team about a deployment; the webhook looks like https://hooks.slack.com/services/T000/B000/XXXX
set -eu
curl -fsS -X POST -H 'Content-Type: application/json' \
    -H "Authorization: Bearer $NOTIFY_TOKEN" \
    -d "{\"text\": \"deployed $1\"}" \
    "$SLACK_WEBHOOK"
