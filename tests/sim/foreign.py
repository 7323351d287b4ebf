"""What the tests of foreign clients share: a clean environment, and skipping with a reason.

scripts/check sets NUBE_ALL_INSTALLED: what install-deps installs must then be there.
"""
import os
import shutil
import tempfile
import unittest


def missing(what, reason):
    """A client that is not installed: skipped with the reason, a failure where it should be."""
    if os.environ.get("NUBE_ALL_INSTALLED"):
        raise AssertionError(f"{what}: {reason}; scripts/install-deps should have installed it")
    raise unittest.SkipTest(f"{what}: {reason}")


def environment(home, **more):
    """Nothing of this machine's accounts and settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "BOTO_", "PYTHON"))}
    kept.update(HOME=home, AWS_EC2_METADATA_DISABLED="true", AWS_DEFAULT_REGION="us-east-1", **more)
    return kept


def scratch(case):
    home = tempfile.mkdtemp(prefix="nube-sim-test-")
    case.addCleanup(shutil.rmtree, home)
    return home
