# SPDX-License-Identifier: Apache-2.0
"""What the chart makes is clean by every shipped set, or excepted in writing (exceptions.yaml).

    clean.py FIPSGATE
"""

import pathlib
import sys
import tempfile

from chart import Complaints, pod_spec, render, render_text
from findings import EXCEPTIONS, SETS, all_clean, check

PROGRAM = sys.argv[1]

wrong = Complaints()
with tempfile.TemporaryDirectory() as work:
    manifests = pathlib.Path(work) / "manifests.yaml"
    manifests.write_text(render_text("site"))
    config = next(d for d in render("site") if d["metadata"]["name"] == "fipsgate-facts")
    (pathlib.Path(work) / "site.yaml").write_text(config["data"]["site.yaml"])

    wrong.equal(len(SETS), 5, "shipped sets")
    all_clean(PROGRAM, work, EXCEPTIONS, wrong)
    wrong.unless(len([d for d in render("site") if pod_spec(d)]) >= 6, "few pods were judged")

    # And it is judged at all: an image of another registry is refused.
    manifests.write_text(render_text("defaults"))
    wrong.unless(any(f["rule"] == "fips-endpoints" for f in check(PROGRAM, work, "aws-govcloud", EXCEPTIONS)),
                 "an image from elsewhere passes")
wrong.end()
