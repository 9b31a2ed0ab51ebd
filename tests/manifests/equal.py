# SPDX-License-Identifier: Apache-2.0
"""What kustomize makes of deploy/kustomize is what Helm makes of the chart: the base is its defaults, each overlay
is a value set, and another namespace is the same words replaced. What one has and the other has not stands here."""

import difflib
import json
import pathlib
import shutil
import tempfile

from chart import HERE as CHARTS
from chart import Complaints, of_kind
from manifests import HERE, KUSTOMIZE, OVERLAYS, build, by_title, chart

VALUES = {"production": HERE / "values" / "production.yaml",
          "audit-only": CHARTS / "values" / "audit-only.yaml",
          "dev": CHARTS / "values" / "development.yaml"}
DEFAULTS = CHARTS / "values" / "defaults.yaml"
# What the chart demands, and the base leaves to overlays.
IMAGE = "registry.example.gov/platform/fipsgate:0.1.0"

wrong = Complaints()


def text(document):
    return json.dumps(document, indent=1, sort_keys=True).splitlines()


def compare(where, ours, theirs):
    wrong.equal(sorted(ours), sorted(theirs), f"{where}: objects")
    for name in sorted(set(ours) & set(theirs)):
        change = difflib.unified_diff(text(theirs[name]), text(ours[name]), "chart", "kustomize", lineterm="")
        wrong.unless(ours[name] == theirs[name], f"{where}, {name}:", "\n".join(change))


def of_folders(*folders):
    documents = [document for folder in folders for document in build(folder)]
    wrong.equal(len(of_kind(documents, "Namespace")), 1, folders[0], "namespaces")
    return by_title(documents, "Namespace")


def of_chart(values, **more):
    """The job that the chart starts at once is `kubectl create job --from` there, so it must be the CronJob's."""
    documents = chart(values, **more)
    later, = of_kind(documents, "CronJob")
    now, = of_kind(documents, "Job")
    wrong.equal(now["spec"]["template"], later["spec"]["jobTemplate"]["spec"]["template"], values.name, "pods of the jobs")
    return by_title(documents, "Job")


def with_image(documents):
    return json.loads(json.dumps(documents).replace('"image": "fipsgate"', f'"image": "{IMAGE}"'))


compare("base", with_image(of_folders(KUSTOMIZE / "base", KUSTOMIZE / "webhooks")), of_chart(DEFAULTS))

wrong.equal([overlay.name for overlay in OVERLAYS], sorted(VALUES), "overlays")
for overlay in OVERLAYS:
    compare(overlay.name, of_folders(overlay, overlay / "webhooks"), of_chart(VALUES[overlay.name]))

with tempfile.TemporaryDirectory() as work:
    copy = pathlib.Path(work) / "kustomize"
    shutil.copytree(KUSTOMIZE, copy)
    for file in copy.rglob("*.yaml"):
        file.write_text(file.read_text().replace("fipsgate-system", "security"))
    compare("another namespace", with_image(of_folders(copy / "base", copy / "webhooks")),
            of_chart(DEFAULTS, namespace="security"))

# Nothing that tools write is in files that people read.
for file in KUSTOMIZE.rglob("*.yaml"):
    for word in ("helm.sh", "managed-by", "caBundle:", "creationTimestamp"):
        wrong.unless(word not in file.read_text(), f"{file}: {word}")
wrong.end()
