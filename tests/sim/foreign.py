"""What the tests of foreign clients share: a clean environment, and skipping with a reason.

In CI (the variable CI is set) a client that install-deps should have installed must be there.
"""
import os
import shutil
import tempfile

import simtest


def missing(what, reason):
    """For unittest.SkipTest: where CI is set a failure instead."""
    if os.environ.get("CI"):
        raise AssertionError(f"{what}: {reason}; scripts/install-deps should have installed it")
    raise simtest.unittest.SkipTest(f"{what}: {reason}")


def environment(home, **more):
    """Nothing of this machine's accounts and settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "BOTO_", "PYTHON"))}
    kept.update(HOME=home, AWS_EC2_METADATA_DISABLED="true", AWS_DEFAULT_REGION="us-east-1", **more)
    return kept


def scratch(case):
    home = tempfile.mkdtemp(prefix="nube-sim-test-")
    case.addCleanup(shutil.rmtree, home)
    return home
