# SPDX-License-Identifier: Apache-2.0
"""What kustomize makes, and the static pod, is what API servers of several versions know."""

import yaml

from chart import Complaints
from manifests import KUSTOMIZE, OVERLAYS, STATIC, build
from schemas import VERSIONS, complaints

FOLDERS = [KUSTOMIZE / "base", KUSTOMIZE / "webhooks", *OVERLAYS, *(overlay / "webhooks" for overlay in OVERLAYS),
           *(path.parent for path in sorted(STATIC.glob("*/kustomization.yaml")))]

wrong = Complaints()
seen = []
wrong.equal(len(FOLDERS), 11, "folders")
documents = {folder.relative_to(KUSTOMIZE.parent): build(folder) for folder in FOLDERS}
documents["fipsgate.yaml"] = [yaml.safe_load((STATIC / "fipsgate.yaml").read_text())]
for folder, found in documents.items():
    for document in found:
        if document in seen:
            continue
        seen.append(document)
        for version in VERSIONS:
            told = list(complaints(version, document))
            wrong.unless(not told, f"{folder}, Kubernetes {version}:", *told)
wrong.end()
