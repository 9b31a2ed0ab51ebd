# SPDX-License-Identifier: Apache-2.0
"""What the API server is told to ask, of whom, and what it is told never to ask."""

import json
import re

import yaml

from chart import (CHART, HERE, NAMESPACE, SOURCE, VALUES, Complaints, annotations, hooks, of_kind, render, render_text,
                   template)

KINDS = ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration")
# name: path, failurePolicy
ENTRIES = {
    "enforce.fipsgate.io": ("/validate/enforce", "Fail"),
    "audit.fipsgate.io": ("/validate/audit", "Ignore"),
    "mutate.fipsgate.io": ("/mutate", "Ignore"),
}
# Whether anybody's policies name them or not: never.
NEVER = ("leases", "events", "nodes", "endpointslices", "endpoints", "secrets", "configmaps", "namespaces",
         "tokenreviews", "subjectaccessreviews")
TABLE = yaml.safe_load((CHART / "files" / "rules.yaml").read_text())

wrong = Complaints()


def entries(documents):
    return {entry["name"]: entry for document in of_kind(documents, *KINDS) for entry in document.get("webhooks", [])}


def kinds_of_the_program():
    """(group, kind) -> (versions, whether it is cluster-scoped), as src/kube/kind.c has them."""
    source = (SOURCE / "src" / "kube" / "kind.c").read_text()
    source = source[source.index("static const struct kind kinds[]"):]
    found = {}
    for macro, row in re.findall(r"\b(WORKLOAD|TEMPLATE|OTHER)\(([^;]*?)\),\n", source):
        words = re.findall(r'"([^"]*)"', row)
        found[words[0], words[1]] = (words[2].split(), macro == "OTHER" and row.rstrip().endswith("true"))
    for kind in re.findall(r'KUBEFLOW\("(\w+)", "', source):
        found["kubeflow.org", kind] = (["v1"], False)
    plain = re.findall(r'\.group = SV_INIT\("([^"]*)"\),\s*\.kind = SV_INIT\("(\w+)"\),\s*\.versions = SV_INIT\("(.*?)"\)', source)
    found.update({(group, kind): (versions.split(), False) for group, kind, versions in plain})
    return found


def table_is_that_of_the_program():
    known = kinds_of_the_program()
    wrong.unless(len(known) > 40, f"only {len(known)} kinds were found in src/kube/kind.c")
    ours = {}
    for row in TABLE["kinds"]:
        for resource, kind in row["resources"].items():
            wrong.unless("*" not in resource, f"{resource} is no name")
            ours[row["group"], kind] = (row.get("versions"), row["scope"] == "Cluster")
    wrong.equal(sorted(ours), sorted(known), "files/rules.yaml and src/kube/kind.c know different kinds:",
                sorted(set(ours) ^ set(known)))
    for key in sorted(set(ours) & set(known)):
        built_in = "." not in key[0] or key[0] in ("networking.k8s.io", "storage.k8s.io")
        wrong.equal(ours[key], (known[key][0] if built_in else None, known[key][1]), f"versions and scope of {key}")


def sets_are_those_of_the_policies():
    for folder in sorted((SOURCE / "policies").iterdir()):
        if not folder.is_dir() or folder.name == "facts":
            continue
        named = {(kind.get("group", ""), kind["kind"])
                 for file in folder.glob("*.yaml") for policy in yaml.safe_load_all(file.read_text())
                 for rule in policy["spec"]["rules"] for kind in rule.get("kinds", [])}
        ours = {(row["group"], kind) for row in TABLE["sets"][folder.name] for kind in row["resources"].values()}
        wrong.equal(ours, named, f"kinds that the policies of {folder.name} name")
        asked = render_text("defaults", "--is-upgrade", "--set", f"policies.set={folder.name}")
        for row in TABLE["sets"][folder.name]:
            wrong.unless(json.dumps(sorted(row["resources"]), separators=(",", ":")) in asked,
                         f"{folder.name}: nobody asks about {row['resources']}")


def check_entry(name, entry, where):
    path, policy = ENTRIES[name]
    wrong.equal(entry["matchPolicy"], "Equivalent", where, "matchPolicy")
    wrong.equal(entry["sideEffects"], "None", where, "sideEffects")
    wrong.equal(entry["admissionReviewVersions"], ["v1"], where, "admissionReviewVersions")
    wrong.equal(entry["timeoutSeconds"], 3, where, "timeoutSeconds")
    wrong.equal(entry.get("reinvocationPolicy"), "IfNeeded" if path == "/mutate" else None, where, "reinvocationPolicy")
    wrong.unless(entry["failurePolicy"] == policy or name.startswith("enforce"), where, "failurePolicy")
    wrong.unless("caBundle" not in entry["clientConfig"], where, "has a caBundle")
    at = entry["clientConfig"].get("url") or entry["clientConfig"]["service"]["path"]
    wrong.unless(at.endswith(path), where, "asks at", at)
    wrong.unless("objectSelector" not in entry, where, "lets objects opt out")
    for rule in entry["rules"]:
        for resource in rule["resources"]:
            wrong.unless("*" not in resource and resource.split("/")[0] not in NEVER, where, "asks about", resource)
        wrong.unless("*" not in rule["operations"] and "*" not in rule["apiGroups"], where, rule)
        wrong.unless("DELETE" not in rule["operations"], where, "asks about a DELETE")


def check_selector(entry, where, also=(), break_glass=False):
    """By name and not by a label that anybody could set; and nothing empties it."""
    by_name, *rest = entry["namespaceSelector"]["matchExpressions"]
    wrong.equal(by_name, {"key": "kubernetes.io/metadata.name", "operator": "NotIn",
                          "values": ["kube-system", NAMESPACE, *also]}, where, "namespaceSelector")
    wrong.equal(rest, [{"key": "fipsgate.io/break-glass", "operator": "DoesNotExist"}] if break_glass else [], where,
                "namespaceSelector")
    wrong.equal(set(entry["namespaceSelector"]), {"matchExpressions"}, where, "namespaceSelector")


def all_entries_are_as_designed():
    for values in VALUES:
        given = yaml.safe_load(values.read_text()).get("webhooks", {})
        documents = render(values.stem, "--is-upgrade")
        for document in of_kind(documents, *KINDS):
            wrong.equal(annotations(document).get("admissions.enforcer/disabled"), "true", values.name)
        found = entries(documents)
        want = {name for name in ENTRIES if given.get(name.split(".")[0], {}).get("enabled", True)}
        wrong.equal(set(found), want, values.name, "webhooks")
        for name, entry in found.items():
            check_entry(name, entry, f"{values.name} {name}:")
            check_selector(entry, f"{values.name} {name}:", given.get("excludeNamespaces", []),
                           given.get("breakGlass", False))
        wrong.unless("caBundle:" not in render_text(values.stem), values.name, "renders a caBundle")
    wrong.equal(entries(render("defaults", "--is-upgrade"))["enforce.fipsgate.io"]["failurePolicy"], "Fail")


def what_only_watches_never_fails_closed():
    for mode in ("warn", "audit"):
        documents = render("watch", "--is-upgrade", "--set", f"policies.maxMode={mode}")
        found = entries(documents)
        # All of them: an upgrade that enforces then changes a policy, and keeps each caBundle.
        wrong.equal(set(found), set(ENTRIES), mode, "webhooks")
        wrong.equal({entry["failurePolicy"] for entry in found.values()}, {"Ignore"}, mode, "failurePolicy")
        arguments = of_kind(documents, "Deployment")[0]["spec"]["template"]["spec"]["containers"][0]["args"]
        wrong.unless(f"--max-mode={mode}" in arguments, mode, "is not given to the server")
        tested = [c["args"] for d in of_kind(documents, "Pod") for c in d["spec"]["containers"]]
        wrong.equal([args[3] for args in tested], ["--expect=allowed"] * 2, mode, "helm test expects a denial")
    wrong.unless("--max-mode" not in render_text("defaults"), "the default lowers something")


def conditions_drop_what_nobody_judges():
    for name, entry in entries(render("defaults", "--is-upgrade")).items():
        conditions = {condition["name"]: condition["expression"] for condition in entry["matchConditions"]}
        wrong.equal(list(conditions), ["not-a-lease", "not-an-event", "not-a-kubelet"], name)
        for word in ('"coordination.k8s.io"', '"events"', '"system:node:"', '"system:nodes"'):
            wrong.unless(any(word in expression for expression in conditions.values()), name, "does not mention", word)
        # A user without groups is no error, which would be judged by failurePolicy.
        wrong.unless("has(request.userInfo.groups)" in conditions["not-a-kubelet"], name, "trusts that there are groups")
    extra = entries(render("own-policies", "--is-upgrade"))["enforce.fipsgate.io"]
    wrong.equal([c["name"] for c in extra["matchConditions"]][-1], "not-a-dry-run")
    wrong.unless(any("keys" in rule["resources"] for rule in extra["rules"]), "an extra rule got lost")
    old = template(VALUES[0], "--set", "webhooks.matchConditions.standard=false")
    wrong.unless(old.returncode == 0 and "matchConditions" not in old.stdout, "matchConditions cannot be left out")


def own_namespace_is_that_of_the_release():
    text = template(HERE / "values" / "defaults.yaml", "--is-upgrade", namespace="security").stdout
    wrong.equal(text.count('values: ["kube-system","security"]'), 3, "its own namespace is judged")
    wrong.unless("--never-deny-namespaces=kube-system,kube-node-lease,security" in text, "its own namespace is denied")


def weight(document):
    return int(annotations(document)["helm.sh/hook-weight"])


def first_installation_registers_last():
    for values in VALUES:
        documents = render(values.stem)
        if values.stem == "development":
            wrong.unless(not any(hooks(document) for document in documents), "hooks.enabled=false leaves a hook")
            wrong.unless(entries(documents), "without hooks nothing is registered")
            continue
        shells = [d for d in of_kind(documents, *KINDS) if not hooks(d)]
        whole = [d for d in of_kind(documents, *KINDS) if hooks(d)]
        wrong.equal((len(shells), len(whole)), (2, 2), values.name, "shells, and hooks that fill them")
        # Part of the release from the first revision on: `helm uninstall --no-hooks` deletes them.
        wrong.equal([d["metadata"]["name"] for d in shells], [d["metadata"]["name"] for d in whole], values.name)
        wrong.unless(not any("webhooks" in d for d in shells), values.name, "a shell asks somebody")
        waiting = [d for d in of_kind(documents, "Job") if "post-install" in hooks(d) and "wait" in json.dumps(d)]
        wrong.unless(waiting and all(weight(w) < weight(d) for w in waiting for d in whole), values.name,
                     "registers before the Service answers")
        for document in whole:
            wrong.equal(annotations(document)["helm.sh/hook-delete-policy"], "before-hook-creation", values.name)
        for document in documents:
            if not {"post-install", "pre-install"} & set(hooks(document)):
                continue
            wrong.unless("pre-install" not in hooks(document), "with --wait, what comes first waits for what comes after")
            wrong.unless("post-rollback" in hooks(document), document["metadata"]["name"],
                         "is missing after a rollback to the first revision")


def upgrades_and_uninstall():
    for values in VALUES:
        documents = render(values.stem, "--is-upgrade")
        wrong.equal([d["metadata"]["name"] for d in of_kind(documents, *KINDS) if hooks(d)], [], values.name,
                    "an upgrade makes the webhooks anew, and loses their caBundle")
        # What an emergency deleted has been made again, and must be told whom to trust.
        after = [d["metadata"]["name"] for d in documents if "post-upgrade" in hooks(d)]
        rotates = any(d["kind"] == "CronJob" for d in documents) and values.stem != "development"
        wrong.equal([name.rpartition("-")[2] for name in after], ["trust"] if rotates else [], values.stem,
                    "hooks of an upgrade")
        removing = [d for d in of_kind(documents, "Job") if hooks(d) == ["pre-delete"]]
        wrong.equal(len(removing), 0 if values.stem == "development" else 1, values.name, "pre-delete hooks")
        for document in removing:
            container = document["spec"]["template"]["spec"]["containers"][0]
            wrong.equal(container["args"][:2], ["certs", "remove"], values.name)
            wrong.equal(container["image"],
                        of_kind(documents, "Deployment")[0]["spec"]["template"]["spec"]["containers"][0]["image"],
                        values.name, "the hook has another image")


table_is_that_of_the_program()
sets_are_those_of_the_policies()
all_entries_are_as_designed()
what_only_watches_never_fails_closed()
conditions_drop_what_nobody_judges()
own_namespace_is_that_of_the_release()
first_installation_registers_last()
upgrades_and_uninstall()
wrong.end()
