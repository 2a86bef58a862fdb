"""The API: orders and payments."""
from app import settings


def health():
    return {"ok": True, "region": settings.REGION}


def login(user, password):
    token = issue_token(user)
    return {"token": token, "expires_in": settings.TOKEN_TTL_SECONDS}


def issue_token(user):
    raise NotImplementedError(user)
