# SPDX-License-Identifier: Apache-2.0
"""What the shipped sets say about manifests, and what fipsgate's own are excepted from (exceptions.yaml)."""

import json
import pathlib
import subprocess
import sys

import yaml

from chart import HERE, SOURCE

TODAY = "2026-11-22"
QUIET = ("pass", "excepted", "skipped")
SETS = sorted(path.name for path in (SOURCE / "policies").iterdir() if path.is_dir() and path.name != "facts")
EXCEPTIONS = list(yaml.safe_load_all((HERE / "exceptions.yaml").read_text()))


def check(program, work, chosen, exceptions):
    """What `fipsgate check` finds in WORK/manifests.yaml by the set `chosen`, WORK/site.yaml and these exceptions."""
    known = {policy["metadata"]["name"] for policy in policies(chosen)}
    kept = [e for e in exceptions if any(p["name"] in known for p in e["spec"]["policies"])]
    arguments = [program, "check", "--policies", f"builtin:{chosen}", "--facts", f"{work}/site.yaml", "--today", TODAY,
                 "--output", "json", f"{work}/manifests.yaml"]
    if kept:
        (pathlib.Path(work) / "exceptions.yaml").write_text(yaml.safe_dump_all(kept))
        arguments[4:4] = ["--policies", f"{work}/exceptions.yaml"]
    told = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if told.returncode > 1:
        sys.exit(f"{' '.join(arguments)}: {told.stderr}")
    return [f for f in json.loads(told.stdout)["findings"] if f["result"] not in QUIET]


def all_clean(program, work, exceptions, wrong):
    """Every set has nothing to say, and would have without any one of the exceptions."""
    needed = set()
    for chosen in SETS:
        found = check(program, work, chosen, exceptions)
        wrong.equal([(f["policy"], f["rule"], f["result"], f["resource"]["name"], f["path"]) for f in found], [],
                    f"findings of {chosen}")
        for one in exceptions:
            rest = [e for e in exceptions if e is not one]
            if len(check(program, work, chosen, rest)) > len(found):
                needed.add(one["metadata"]["name"])
    wrong.equal(sorted(needed), sorted(e["metadata"]["name"] for e in exceptions), "exceptions that except something")


def policies(chosen):
    for file in (SOURCE / "policies" / chosen).glob("*.yaml"):
        yield from yaml.safe_load_all(file.read_text())
