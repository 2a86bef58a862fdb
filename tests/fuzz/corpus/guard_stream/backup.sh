a#!/bin/sh
# Copies the orders to the archive, each night.
set -eu
pg_dump "postgresql://backup:wgXQ5DykBDzPzcJ1@db.parcel-pay.internal:5432/orders" | gzip > orders.sql.gz
curl -fsS -T orders.sql.gz https://archive:R40IBOUx9sxCZW4@archive.parcel-pay.internal/orders/
