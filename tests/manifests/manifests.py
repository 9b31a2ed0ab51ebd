# SPDX-License-Identifier: Apache-2.0
"""What the tests of deploy/kustomize and deploy/static share: what kustomize makes of a folder, and what Helm
makes of the chart for comparison, in the same words. They use the helpers of tests/charts (PYTHONPATH)."""

import datetime
import functools
import pathlib
import subprocess
import sys

import yaml

from chart import NAMESPACE, Loader, of_kind, template, title

HERE = pathlib.Path(__file__).resolve().parent
DEPLOY = HERE.parent.parent / "deploy"
KUSTOMIZE = DEPLOY / "kustomize"
STATIC = DEPLOY / "static"
OVERLAYS = sorted(path for path in (KUSTOMIZE / "overlays").iterdir() if path.is_dir())
# Helm's own, and the version, which stands in the image.
NOT_OURS = {"helm.sh/chart", "app.kubernetes.io/managed-by", "app.kubernetes.io/version"}


@functools.cache
def kustomize_path():
    found = subprocess.run([HERE / "kustomize.sh"], capture_output=True, text=True, check=False)
    if found.returncode:
        print(found.stdout.strip() or found.stderr.strip())
        sys.exit(found.returncode)
    return found.stdout.strip()


@functools.cache
def build_text(folder):
    result = subprocess.run([kustomize_path(), "build", folder], capture_output=True, text=True, check=False)
    if result.returncode or result.stderr:
        sys.exit(f"kustomize build {folder}: {result.stderr}")
    return result.stdout


def build(folder):
    """The documents that kustomize makes of a folder."""
    return list(yaml.load_all(build_text(folder), Loader))


def chart(values, *more, namespace=NAMESPACE):
    """What the chart makes without hooks and `helm test`, which kustomize has not: README.md says what is done instead."""
    result = template(values, "--set", "hooks.enabled=false,tests.enabled=false", *more, namespace=namespace)
    if result.returncode:
        sys.exit(f"{values}: {result.stderr}")
    return [document for document in yaml.load_all(result.stdout, Loader) if document]


def plain(value):
    """Without the labels of a tool, and files of ConfigMaps as what they say."""
    if isinstance(value, dict):
        return {key: plain(list(yaml.load_all(inner, Loader)) if key.endswith(".yaml") else inner)
                for key, inner in value.items() if key not in NOT_OURS}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return str(value) if isinstance(value, datetime.date) else value


def by_title(documents, *but):
    dropped = [title(document) for document in of_kind(documents, *but)]
    return {title(document): plain(document) for document in documents if title(document) not in dropped}
