#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""record.py KUBECONFIG [TABLE]: asks kubectl and a real API server again what the
rows of scalars.json mean, and writes their answers into it.

Needs kubectl and an API server that it may write to (a throw-away one): makes a
ControllerRevision of each row, whose `data` may be anything. Nothing in the test suite needs
either; tests/README.md says what it shows.
"""
import json, os, subprocess, sys

HEAD = "apiVersion: apps/v1\nkind: ControllerRevision\nmetadata:\n  name: thing\nrevision: 1\n"
PATH = "/apis/apps/v1/namespaces/default/controllerrevisions"


class Number(str):
    """As it was written: 1e+21 is not to become 1000000000000000000000."""


def load(text):
    return json.loads(text, parse_int=Number, parse_float=Number)


def dump(value):
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(json.dumps(k) + ": " + dump(v) for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(dump, value)) + "]"
    return json.dumps(value)


def manifest(row):
    return (row["yaml"] if "kind:" in row["yaml"] or '"kind"' in row["yaml"] else HEAD + row["yaml"]).encode()


def kubectl(config, *arguments, text=b""):
    command = ["kubectl", "--kubeconfig", config, *arguments]
    return subprocess.run(command, input=text, capture_output=True, check=False)


def by_kubectl(config, text):
    done = kubectl(config, "create", "--dry-run=client", "--validate=false", "-o", "json", "-f", "-", text=text)
    return load(done.stdout).get("data") if done.returncode == 0 else "refused", done.returncode == 0


def curl(server, token, method, path, text=None):
    command = ["curl", "-sk", "-X", method, "-H", "Authorization: Bearer " + token, server + path]
    if text is not None:
        command += ["-H", "Content-Type: application/yaml", "--data-binary", "@-"]
    return load(subprocess.run(command, input=text, capture_output=True, check=True).stdout)


def by_server(server, token, text):
    """Bytes as they are: the server reads the YAML. What it has stored is read back."""
    made = curl(server, token, "POST", PATH, text)
    if made.get("kind") == "Status":
        return "refused", False
    stored = curl(server, token, "GET", PATH + "/thing")
    curl(server, token, "DELETE", PATH + "/thing")
    return stored.get("data"), True


def main(config, table):
    with open(table, encoding="utf-8") as file:
        rows = load(file.read())["rows"]
    view = load(kubectl(config, "config", "view", "--raw", "-o", "json").stdout)
    server, token = view["clusters"][0]["cluster"]["server"], view["users"][0]["user"]["token"]
    versions = load(kubectl(config, "version", "-o", "json").stdout)
    lines = []
    for row in rows:
        text, answer = manifest(row), {"yaml": row["yaml"]}
        for who, (value, ok) in (("kubectl", by_kubectl(config, text)), ("apiserver", by_server(server, token, text))):
            answer[who] = {"value": value} if ok else {"refused": True}
        answer.update({key: row[key] for key in ("fipsgate", "why") if key in row})
        if answer["apiserver"] == answer["kubectl"]:
            del answer["apiserver"]
        lines.append("  " + dump(answer))
    with open(table + ".new", "w", encoding="utf-8") as file:
        file.write('{"kubectl": %s, "apiserver": %s, "rows": [\n%s\n]}\n' % (
            json.dumps(versions["clientVersion"]["gitVersion"]), json.dumps(versions["serverVersion"]["gitVersion"]),
            ",\n".join(lines)))
    os.replace(table + ".new", table)


if len(sys.argv) not in (2, 3):
    sys.exit(__doc__)
main(sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else os.path.join(os.path.dirname(__file__), "scalars.json"))
