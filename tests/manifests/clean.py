# SPDX-License-Identifier: Apache-2.0
"""deploy/kustomize/overlays/production and deploy/static/fipsgate.yaml are clean by every shipped set, or excepted in
writing (exceptions.yaml, and the chart's, whose pods they are).

    clean.py FIPSGATE
"""

import pathlib
import sys
import tempfile

import yaml

from chart import Complaints
from findings import EXCEPTIONS, all_clean, check
from manifests import HERE, KUSTOMIZE, STATIC, build_text

PROGRAM = sys.argv[1]
OURS = list(yaml.safe_load_all((HERE / "exceptions.yaml").read_text()))
PRODUCTION = KUSTOMIZE / "overlays" / "production"

wrong = Complaints()
with tempfile.TemporaryDirectory() as work:
    manifests = pathlib.Path(work) / "manifests.yaml"
    manifests.write_text("---\n".join([build_text(PRODUCTION), build_text(PRODUCTION / "webhooks"),
                                       (STATIC / "fipsgate.yaml").read_text()]))
    (pathlib.Path(work) / "site.yaml").write_text((PRODUCTION / "site.yaml").read_text())
    all_clean(PROGRAM, work, EXCEPTIONS + OURS, wrong)

    # And it is judged at all.
    manifests.write_text(build_text(KUSTOMIZE / "overlays" / "dev"))
    wrong.unless(any(f["rule"] == "fips-endpoints" for f in check(PROGRAM, work, "aws-govcloud", EXCEPTIONS + OURS)),
                 "an image from elsewhere passes")
wrong.end()
