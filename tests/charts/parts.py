# SPDX-License-Identifier: Apache-2.0
"""Takes apart what the chart renders, for live.sh: the reviews of `helm test`, its arguments, site facts, metrics.

    parts.py DIRECTORY
"""

import json
import pathlib
import re
import sys

import yaml

from chart import CHART, of_kind, pod_spec, render, render_text

work = pathlib.Path(sys.argv[1])
reviews = next(d for d in of_kind(render("defaults"), "ConfigMap") if d["metadata"]["name"] == "fipsgate-test")
for name, text in reviews["data"].items():
    json.loads(text)
    (work / name).write_text(text)

pod = of_kind(render("defaults"), "Pod")[0]
for container in pod_spec(pod)["containers"]:
    (work / f"{container['name']}.args").write_text("\n".join(container["args"]) + "\n")

site = {d["metadata"]["name"]: d["data"] for d in of_kind(render("site"), "ConfigMap")}
for folder in ("policies", "facts"):
    (work / folder).mkdir()
    for name, text in site[f"fipsgate-{folder}"].items():
        (work / folder / name).write_text(text)
(work / "serve.args").write_text("\n".join(pod_spec(of_kind(render("site"), "Deployment")[0])["containers"][0]["args"]) + "\n")

rule = next(d for d in render("large") if d["kind"] == "PrometheusRule")
(work / "rules.yaml").write_text(yaml.safe_dump(rule["spec"]))
watched = (CHART / "files" / "dashboard.json").read_text() + render_text("large") + render_text("cert-manager")
names = set(re.findall(r"\bfipsgate_[a-z_]+\b", watched))
(work / "metrics").write_text("\n".join(sorted(names)) + "\n")
