# SPDX-License-Identifier: Apache-2.0
"""Writes the chart's README from the comments of values.yaml, and holds both against values.schema.json.

    readme.py            compares
    readme.py --write    writes charts/fipsgate/README.md
"""

import difflib
import json
import re
import sys

import yaml

from chart import CHART, Complaints

HEAD = CHART / "README.md"
BEGIN, END = "<!-- values: written by tests/charts/readme.py -->", "<!-- end of values -->"
# Kubernetes' own structures, which its API server checks, and the object of a test.
FREE = {"/global", "/affinity/nodeAffinity", "/affinity/podAffinity", "/affinity/podAntiAffinity",
        "/$defs/object", "/$defs/object/metadata"}

VALUES = yaml.safe_load((CHART / "values.yaml").read_text())
SCHEMA = json.loads((CHART / "values.schema.json").read_text())
wrong = Complaints()


def documented(text):
    """(path, comment) of every key with a comment above it, in order."""
    stack, comment = [], []
    for line in text.splitlines():
        words = re.match(r"( *)(?:# ?(.*)|([A-Za-z]+):(.*))$", line)
        if not words or words[1] is None:
            comment = []
            continue
        depth = len(words[1]) // 2
        if words[3] is None:
            comment.append(words[2])
            continue
        del stack[depth:]
        stack.append(words[3])
        if comment:
            yield tuple(stack), " ".join(comment)
        comment = []


def value_at(path):
    value = VALUES
    for key in path:
        value = value[key]
    return value


def cell(value):
    text = json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value
    if isinstance(value, (dict, list)) and len(text) > 60:
        return "see `values.yaml`"
    return f"`{text}`".replace("|", "\\|") if text else "empty"


def table():
    rows = ["| value | default | |", "|---|---|---|"]
    for path, comment in documented((CHART / "values.yaml").read_text()):
        value = value_at(path)
        has_members = isinstance(value, dict) and any(p[:len(path)] == path and len(p) > len(path) for p in PATHS)
        default = "" if has_members else cell(value)
        rows.append(f"| `{'.'.join(path)}` | {default} | {comment.replace('|', chr(92) + '|')} |")
    return "\n".join(rows)


def members(value, path=()):
    """The keys that are ours to name: those of `values` down to lists, maps and texts."""
    for key, child in value.items():
        yield path + (key,)
        if isinstance(child, dict) and child and path + (key,) not in WHOLE:
            yield from members(child, path + (key,))


def resolve(schema):
    return SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def schema_paths(schema, path=()):
    for key, child in schema.get("properties", {}).items():
        yield path + (key,)
        if "$ref" not in child and path + (key,) not in WHOLE:
            yield from schema_paths(child, path + (key,))


def open_objects(schema, where=""):
    """Every object in the schema that lets anything in."""
    if not isinstance(schema, dict):
        return
    closed = schema.get("additionalProperties") is False or isinstance(schema.get("additionalProperties"), dict)
    if schema.get("type") == "object" and not closed:
        yield where
    for key in ("properties", "$defs"):
        for name, child in schema.get(key, {}).items():
            yield from open_objects(child, f"{where}/{name}" if key == "properties" else f"{where}/$defs/{name}")
    for key in ("items", "additionalProperties"):
        yield from open_objects(schema.get(key), where + "/" + key)
    for child in schema.get("anyOf", []):
        yield from open_objects(child, where + "/anyOf")


# Documented as one: what is inside is Kubernetes', or the program's.
WHOLE = {("resources",), ("jobResources",), ("affinity",), ("tests", "denied"), ("tests", "allowed"),
         ("server", "options"), ("certificates", "certManager", "issuerRef"),
         ("monitoring", "dashboard", "labels")}
PATHS = {path for path, _ in documented((CHART / "values.yaml").read_text())}

leaves = {path for path in members(VALUES)
          if path in WHOLE or not isinstance(value_at(path), dict) or not value_at(path)}
wrong.equal(sorted(leaves - PATHS), [], "values without a comment")
wrong.equal(sorted(set(members(VALUES)) ^ (set(schema_paths(SCHEMA)) - {("global",)})), [],
            "in one of values.yaml and values.schema.json only:")
wrong.equal(sorted(set(open_objects(SCHEMA)) - FREE), [], "objects of the schema that let anything in")

readme = HEAD.read_text()
want = readme[:readme.index(BEGIN)] + BEGIN + "\n" + table() + "\n" + readme[readme.index(END):]
if "--write" in sys.argv:
    HEAD.write_text(want)
    readme = want
wrong.unless(readme == want, "README.md is not what values.yaml says (readme.py --write):\n",
             "".join(difflib.unified_diff(readme.splitlines(True), want.splitlines(True), "README.md", "values.yaml")))
wrong.end()
