#!/bin/sh
# Copies the orders to the archive, each night.  Locally: postgres://postgres:postgres@localhost/orders
set -eu
pg_dump "postgresql://backup:${BACKUP_PASSWORD}@db.parcel-pay.internal:5432/orders" | gzip > orders.sql.gz
curl -fsS --netrc -T orders.sql.gz https://archive.parcel-pay.internal/orders/
