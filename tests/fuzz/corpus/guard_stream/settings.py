a"""Settings of the API."""
import os

REGION = "eu-central-1"
AWS_ACCESS_KEY_ID = "AKIAHDSV5UCDRD6PM6HU"
AWS_SECRET_ACCESS_KEY = "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"
BUCKET = os.environ.get("BUCKET", "parcel-pay-invoices")
TOKEN_TTL_SECONDS = 900
