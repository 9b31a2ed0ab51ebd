# SPDX-License-Identifier: Apache-2.0
"""Everything that is rendered is what API servers of several versions know, with no field too many."""

import json
import re

from chart import VALUES, Complaints, render
from schemas import CUSTOM, VERSIONS, complaints

wrong = Complaints()
seen = set()
for values in VALUES:
    for more in ((), ("--is-upgrade",)):
        for document in render(values.stem, *more):
            text = json.dumps(document, sort_keys=True)
            if text in seen:
                continue
            seen.add(text)
            name = document["metadata"]["name"]
            wrong.unless(re.fullmatch(r"[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?", name), f"{name} is no name")
            for version in VERSIONS if document["apiVersion"] not in CUSTOM else ():
                found = list(complaints(version, document))
                wrong.unless(not found, f"{values.name}, Kubernetes {version}:", *found)

# It can say no.
broken = json.loads(json.dumps(next(d for d in render("defaults") if d["kind"] == "Deployment")))
broken["spec"]["template"]["spec"]["containers"][0]["imagePullPolice"] = "Never"
wrong.unless(any(True for _ in complaints(VERSIONS[-1], broken)), "a misspelt field was not noticed")
wrong.end()
