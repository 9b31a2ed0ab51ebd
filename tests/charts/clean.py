# SPDX-License-Identifier: Apache-2.0
"""What the chart makes is clean by every shipped set, or excepted in writing (exceptions.yaml).

    clean.py FIPSGATE
"""

import json
import subprocess
import sys
import tempfile

import yaml

from chart import HERE, SOURCE, Complaints, pod_spec, render, render_text

PROGRAM = sys.argv[1]
TODAY = "2026-11-22"
EXCEPTIONS = (HERE / "exceptions.yaml").read_text()
QUIET = ("pass", "excepted", "skipped")

wrong = Complaints()


def check(folder, chosen, manifests, facts, exceptions):
    """The findings about manifests that count."""
    known = {policy["metadata"]["name"] for policy in policies(chosen)}
    kept = [e for e in exceptions if any(p["name"] in known for p in e["spec"]["policies"])]
    arguments = [PROGRAM, "check", "--policies", f"builtin:{chosen}", "--facts", facts, "--today", TODAY,
                 "--output", "json", manifests]
    if kept:
        file = f"{folder}/exceptions.yaml"
        with open(file, "w", encoding="utf-8") as out:
            yaml.safe_dump_all(kept, out)
        arguments[4:4] = ["--policies", file]
    told = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if told.returncode > 1:
        sys.exit(f"{' '.join(arguments)}: {told.stderr}")
    return [f for f in json.loads(told.stdout)["findings"] if f["result"] not in QUIET]


def policies(chosen):
    for file in (SOURCE / "policies" / chosen).glob("*.yaml"):
        yield from yaml.safe_load_all(file.read_text())


exceptions_all = list(yaml.safe_load_all(EXCEPTIONS))
with tempfile.TemporaryDirectory() as work:
    manifests = f"{work}/rendered.yaml"
    facts = f"{work}/site.yaml"
    with open(manifests, "w", encoding="utf-8") as out:
        out.write(render_text("site"))
    config = next(d for d in render("site") if d["metadata"]["name"] == "fipsgate-facts")
    with open(facts, "w", encoding="utf-8") as out:
        out.write(config["data"]["site.yaml"])

    sets = sorted(path.name for path in (SOURCE / "policies").iterdir() if path.is_dir() and path.name != "facts")
    wrong.equal(len(sets), 5, "shipped sets")
    needed = set()
    for chosen in sets:
        found = check(work, chosen, manifests, facts, exceptions_all)
        wrong.equal([(f["policy"], f["rule"], f["result"], f["resource"]["name"], f["path"]) for f in found], [],
                    f"findings of {chosen}")
        for one in exceptions_all:
            rest = [e for e in exceptions_all if e is not one]
            if len(check(work, chosen, manifests, facts, rest)) > len(found):
                needed.add(one["metadata"]["name"])
    wrong.equal(sorted(needed), sorted(e["metadata"]["name"] for e in exceptions_all), "exceptions that except something")
    wrong.unless(len([d for d in render("site") if pod_spec(d)]) >= 6, "few pods were judged")

    # And it is judged at all: an image of another registry is refused.
    with open(manifests, "w", encoding="utf-8") as out:
        out.write(render_text("defaults"))
    wrong.unless(any(f["rule"] == "fips-endpoints" for f in check(work, "aws-govcloud", manifests, facts, exceptions_all)),
                 "an image from elsewhere passes")
wrong.end()
