# SPDX-License-Identifier: Apache-2.0
"""deploy/kustomize/overlays/production and deploy/static/fipsgate.yaml are clean by every shipped set, or excepted in
writing (exceptions.yaml, and the chart's, whose pods they are). So is a pod with the FIPS proxy that the sets inject.

    clean.py FIPSGATE
"""

import pathlib
import subprocess
import sys
import tempfile

import yaml

from chart import Complaints
from findings import EXCEPTIONS, SETS, TODAY, all_clean, check
from manifests import HERE, KUSTOMIZE, STATIC, build_text

PROGRAM = sys.argv[1]
OURS = list(yaml.safe_load_all((HERE / "exceptions.yaml").read_text()))
PRODUCTION = KUSTOMIZE / "overlays" / "production"

# Nothing is wrong with it but that it has no proxy.
POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "ledger", "namespace": "payments"},
       "spec": {"nodeSelector": {"node-restriction.kubernetes.io/fips": "true"},
                "containers": [{"name": "ledger", "env": [{"name": "AWS_USE_FIPS_ENDPOINT", "value": "true"}]}]}}


def with_proxy(work, image):
    """The pod as it is stored where aws-govcloud injects the proxy."""
    POD["spec"]["containers"][0]["image"] = image
    told = subprocess.run([PROGRAM, "check", "--mutate", "--policies", "builtin:aws-govcloud", "--today", TODAY, "--facts",
                           f"{work}/site.yaml", "-"], input=yaml.safe_dump(POD), capture_output=True, text=True, check=False)
    pod = yaml.safe_load(told.stdout)
    wrong.equal([container["name"] for container in pod["spec"]["initContainers"]], ["fips-proxy"], "injected")
    return told.stdout


wrong = Complaints()
with tempfile.TemporaryDirectory() as work:
    manifests = pathlib.Path(work) / "manifests.yaml"
    manifests.write_text("---\n".join([build_text(PRODUCTION), build_text(PRODUCTION / "webhooks"),
                                       (STATIC / "fipsgate.yaml").read_text()]))
    (pathlib.Path(work) / "site.yaml").write_text((PRODUCTION / "site.yaml").read_text())
    all_clean(PROGRAM, work, EXCEPTIONS + OURS, wrong)

    image = yaml.safe_load((STATIC / "fipsgate.yaml").read_text())["spec"]["containers"][0]["image"]
    manifests.write_text(with_proxy(work, image))
    for chosen in SETS:
        # on-prem wants another proxy.
        found = [(f["rule"], f["path"]) for f in check(PROGRAM, work, chosen, []) if f["rule"] != "istio-proxy"]
        wrong.equal(found, [], f"the injected proxy by {chosen}")

    # And it is judged at all.
    manifests.write_text(build_text(KUSTOMIZE / "overlays" / "dev"))
    wrong.unless(any(f["rule"] == "fips-endpoints" for f in check(PROGRAM, work, "aws-govcloud", EXCEPTIONS + OURS)),
                 "an image from elsewhere passes")
wrong.end()
