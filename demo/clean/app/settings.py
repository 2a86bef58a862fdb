"""Settings of the API."""
import os

REGION = "eu-central-1"
# As in the provider's own documentation: AKIAIOSFODNN7EXAMPLE and
# wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
AWS_ACCESS_KEY_ID = os.environ["AWS_ACCESS_KEY_ID"]
AWS_SECRET_ACCESS_KEY = os.environ["AWS_SECRET_ACCESS_KEY"]
BUCKET = os.environ.get("BUCKET", "parcel-pay-invoices")
TOKEN_TTL_SECONDS = 900
PASSWORD_MIN_LENGTH = 12
PASSWORD_HASH = "$2b$12$NOAMwPSRWUhGfidND7689cnBWL/2AEdxdRwPjb48bzxaIMe4cQUd8"
TOKENIZER = "cl100k_base"
