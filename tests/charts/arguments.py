# SPDX-License-Identifier: Apache-2.0
"""Every argument that the chart gives to fipsgate is one that fipsgate takes, and it knows all that may be given.

    arguments.py FIPSGATE
"""

import json
import re
import subprocess
import sys

from chart import CHART, VALUES, Complaints, pod_spec, render, title

PROGRAM = sys.argv[1]
# What the chart says itself.
OURS = {"client-ca", "client-name", "facts", "fips", "listen", "max-mode", "never-deny-namespaces", "policies", "probe-listen",
        "tls-cert", "tls-key"}

wrong = Complaints()


def options_of(*command):
    told = subprocess.run([PROGRAM, *command, "--help"], capture_output=True, text=True, check=False).stdout
    return set(re.findall(r"^ +--([a-z][a-z-]*)", told, re.M))


commands = {}
for values in VALUES:
    for document in render(values.stem):
        for container in (pod_spec(document) or {}).get("containers", []):
            words = [word for word in container["args"] if not word.startswith(("-", "/"))]
            known = commands.setdefault(tuple(words), options_of(*words))
            for word in container["args"]:
                if word.startswith("-"):
                    name = word.removeprefix("--").partition("=")[0]
                    wrong.unless(name in known, f"{values.stem}, {title(document)}: {' '.join(words)} has no --{name}")
wrong.equal(sorted(map(" ".join, commands)), ["ask", "certs remove", "certs rotate", "certs wait", "serve"])

allowed = set(json.loads((CHART / "values.schema.json").read_text())["properties"]["server"]["properties"]["options"]
              ["properties"])
wrong.equal(sorted(allowed | OURS), sorted(options_of("serve")), "options of serve that values know")
wrong.equal(sorted(allowed & OURS), [], "options that the chart gives already")
wrong.end()
