# SPDX-License-Identifier: Apache-2.0
"""What the tests of the chart share: Helm, what it renders, and how a test says what is wrong."""

import functools
import os
import pathlib
import subprocess
import sys

import yaml

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent.parent
CHART = SOURCE / "charts" / "fipsgate"
VALUES = sorted((HERE / "values").glob("*.yaml"))
NAMESPACE = "fipsgate-system"
NEWEST = "1.37.0"
OLDEST = "1.28.0"
SKIPPED = 77
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@functools.cache
def helm_path():
    found = subprocess.run([HERE / "helm.sh"], capture_output=True, text=True, check=False)
    if found.returncode:
        print(found.stdout.strip() or found.stderr.strip())
        sys.exit(found.returncode)
    return found.stdout.strip()


def helm(*arguments):
    """The finished process. Helm reads nothing of this user's."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("HELM_", "KUBE"))}
    return subprocess.run([helm_path(), *map(str, arguments)], capture_output=True, text=True, check=False,
                          env=environment)


def template(values, *more, kube=NEWEST, namespace=NAMESPACE):
    files = [word for file in ([values] if isinstance(values, pathlib.Path) else values) for word in ("-f", file)]
    return helm("template", "fipsgate", CHART, "--namespace", namespace, "--kube-version", kube, *files, *more)


@functools.cache
def render_text(name, *more, kube=NEWEST):
    result = template(HERE / "values" / f"{name}.yaml", *more, kube=kube)
    if result.returncode:
        sys.exit(f"values/{name}.yaml {' '.join(more)}: {result.stderr}")
    return result.stdout


@functools.cache
def render(name, *more, kube=NEWEST):
    """The documents that Helm makes of values/NAME.yaml; not to be changed."""
    return [document for document in yaml.load_all(render_text(name, *more, kube=kube), Loader) if document]


def annotations(document):
    return document["metadata"].get("annotations", {})


def hooks(document):
    return [hook for hook in annotations(document).get("helm.sh/hook", "").split(",") if hook]


def title(document):
    return f"{document['kind']} {document['metadata']['name']}"


def of_kind(documents, *kinds):
    return [document for document in documents if document["kind"] in kinds]


def pod_spec(document):
    """The pod spec in a document; None where it has none."""
    spec = document.get("spec", {})
    if document["kind"] == "Pod":
        return spec
    if document["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    return spec["template"]["spec"] if document["kind"] in ("Deployment", "Job", "CronJob") else None


class Complaints:
    """Collects what is wrong, prints it, and is the exit code."""

    def __init__(self):
        self.count = 0
        self.checked = 0

    def unless(self, well, *what):
        self.checked += 1
        if not well:
            self.count += 1
            print(*what)

    def equal(self, have, want, *what):
        self.unless(have == want, *what, f"\n  is     {have}\n  not    {want}")

    def end(self):
        if not self.checked:
            print("nothing was checked")
        print(f"{self.checked} things checked, {self.count} wrong")
        sys.exit(1 if self.count or not self.checked else 0)
