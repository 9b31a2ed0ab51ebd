#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds `fipsgate check` against a running server: check_agree.py FIPSGATE URL CA DIR REVIEW... -- ARGUMENTS...

The object of each review is written as JSON and as YAML, and checked; the review goes to /mutate, and with what that
leaves to /validate. Both must say the same of every rule, and change the same."""
import base64
import collections
import copy
import json
import ssl
import subprocess
import sys
import urllib.request


def block(value, indent=0):
    """YAML in block style, scalars as JSON has them."""
    pad = " " * indent
    if isinstance(value, dict) and value:
        for key, member in value.items():
            if isinstance(member, (dict, list)) and member:
                yield f"{pad}{json.dumps(key)}:"
                yield from block(member, indent + 2)
            else:
                yield f"{pad}{json.dumps(key)}: {json.dumps(member)}"
    elif isinstance(value, list) and value:
        for item in value:
            lines = list(block(item, indent + 2))
            yield f"{pad}- {lines[0].lstrip()}"
            yield from lines[1:]
    else:
        yield pad + json.dumps(value)


def apply(patch, document):
    for operation in patch:
        *above, last = [token.replace("~1", "/").replace("~0", "~") for token in operation["path"].split("/")[1:]]
        parent = document
        for token in above:
            parent = parent[int(token)] if isinstance(parent, list) else parent[token]
        if not isinstance(parent, list):
            parent[last] = copy.deepcopy(operation["value"])
        elif operation["op"] == "replace":
            parent[int(last)] = copy.deepcopy(operation["value"])
        else:
            parent.insert(len(parent) if last == "-" else int(last), copy.deepcopy(operation["value"]))
    return document


class Server:
    def __init__(self, url, ca):
        self.url, self.context = url, ssl.create_default_context(cafile=ca)

    def post(self, path, review):
        request = urllib.request.Request(self.url + path, json.dumps(review).encode(),
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60, context=self.context) as answer:
            return json.load(answer)["response"]

    def judge(self, review):
        """What becomes of the object: the patch, whether it is allowed, and each finding that acts."""
        mutated = self.post("/mutate", review)
        patch = json.loads(base64.b64decode(mutated["patch"])) if "patch" in mutated else None
        if patch:
            apply(patch, review["request"]["object"])
        validated = self.post("/validate", review)
        listed = validated.get("auditAnnotations", {}).get("findings", "").split("; ")
        acting = collections.Counter(tuple(one.split(" ")[:3]) for one in listed if one and not one.startswith("and "))
        return patch, mutated["allowed"] and validated["allowed"], acting, any(one.startswith("and ") for one in listed)


def check(fipsgate, path, request, arguments):
    command = [fipsgate, "check", "--isolated", "--output", "json", "--user", request["userInfo"]["username"], path]
    if request.get("namespace"):
        command += ["--namespace", request["namespace"]]
    done = subprocess.run(command + arguments, stdout=subprocess.PIPE, check=False)
    report = json.loads(done.stdout)
    acting = collections.Counter((f["mode"], f"{f['policy']}/{f['rule']}", f["result"])
                                 for f in report["findings"] if f["mode"] != "off")
    patch = report["changes"][0]["patch"] if report["changes"] else None
    return patch, done.returncode == 0, acting


def main():
    fipsgate, url, ca, directory, *rest = sys.argv[1:]
    reviews, arguments = rest[:rest.index("--")], rest[rest.index("--") + 1:]
    server, findings, patches = Server(url, ca), 0, 0
    for name in reviews:
        with open(name, encoding="utf-8") as file:
            review = json.load(file)
        asked = review["request"]
        for kind in "json", "yaml":
            path = f"{directory}/object.{kind}"
            with open(path, "w", encoding="utf-8") as file:
                text = json.dumps(asked["object"]) if kind == "json" else "\n".join(block(asked["object"]))
                file.write(text + "\n")
            patch, allowed, acting = check(fipsgate, path, asked, arguments)
            want_patch, want_allowed, want_acting, is_cut = server.judge(json.loads(json.dumps(review)))
            same = not (want_acting - acting) if is_cut else want_acting == acting
            if patch != want_patch or allowed != want_allowed or not same:
                sys.exit(f"{name} as {kind}:\n check  {patch} {allowed} {acting}\n server "
                         f"{want_patch} {want_allowed} {want_acting}")
            findings += sum(acting.values())
            patches += patch is not None
    if findings < 50 or patches < (0 if "--max-mode" in arguments else 6):
        sys.exit(f"only {findings} findings and {patches} patches: are the reviews there?")
    print(f"{len(reviews)} reviews, {findings} findings and {patches} patches agree, as JSON and as YAML")


main()
