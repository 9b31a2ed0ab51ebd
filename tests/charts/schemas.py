# SPDX-License-Identifier: Apache-2.0
"""The API schemas of several Kubernetes versions, and what they have against a document.

They are not ours to ship: they come from a package of PyPI (api.txt), kept where helm is.
"""

import functools
import json
import os
import pathlib
import subprocess
import sys
import zipfile

import jsonschema

from chart import HERE, SKIPPED, title

VERSIONS = ("1.28", "1.31", "1.34", "1.37")
# Of custom resources there is no schema there.
CUSTOM = {"cert-manager.io/v1", "monitoring.coreos.com/v1"}
INSIDE = "kubernetes_validate/kubernetes-json-schema/v{}.0-local-strict/{}.json"


def wheel():
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "fipsgate-tests"
    found = list(cache.glob("kubernetes_validate-*.whl"))
    if not found:
        cache.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                        "--only-binary", ":all:", "--require-hashes", "--dest", cache, "-r", HERE / "api.txt"],
                       stderr=subprocess.DEVNULL, check=False)
        found = list(cache.glob("kubernetes_validate-*.whl"))
    if not found:
        print("skipped: no schemas of Kubernetes: the package that carries them cannot be had")
        sys.exit(SKIPPED)
    return zipfile.ZipFile(found[0])


PACKAGE = wheel()


@functools.cache
def schema(version, name):
    return json.loads(PACKAGE.read(INSIDE.format(version, name)))


@functools.cache
def validator(version, api_version, kind):
    group, _, _ = api_version.rpartition("/")
    name = "-".join(part for part in (kind.lower(), group.split(".")[0], api_version.split("/")[-1]) if part)
    root = schema(version, name)
    resolver = jsonschema.RefResolver(root["$id"], root, store={"https://kubernetes.io/api/_definitions.json": schema(version, "_definitions")})
    return jsonschema.Draft202012Validator(root, resolver=resolver)


def complaints(version, document):
    for error in validator(version, document["apiVersion"], document["kind"]).iter_errors(document):
        yield f"{title(document)} at {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
