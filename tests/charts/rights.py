# SPDX-License-Identifier: Apache-2.0
"""Who may do what, and who holds which key: exactly what stands here, and nothing more."""

import json

from chart import NAMESPACE, VALUES, Complaints, of_kind, pod_spec, render, title

WEBHOOKS = ["validatingwebhookconfigurations", "mutatingwebhookconfigurations"]


def rights(name):
    """(kind, name) -> rules"""
    return {
        ("Role", f"{name}-certs"): [{"apiGroups": [""], "resources": ["secrets"],
                                     "resourceNames": [f"{name}-tls", f"{name}-ca"], "verbs": ["get", "update"]}],
        ("ClusterRole", f"{name}-certs"): [{"apiGroups": ["admissionregistration.k8s.io"], "resources": WEBHOOKS,
                                            "resourceNames": [name], "verbs": ["get", "patch"]}],
        ("ClusterRole", f"{name}-remove"): [{"apiGroups": ["admissionregistration.k8s.io"], "resources": WEBHOOKS,
                                             "resourceNames": [name], "verbs": ["delete"]}],
    }


wrong = Complaints()


def mounted_secrets(spec):
    """Secret -> its keys, of every volume; None: all of them"""
    found = {}
    for volume in spec.get("volumes", []):
        source = volume.get("secret")
        wrong.unless(set(volume) - {"name"} <= {"secret", "configMap"}, "a volume of another kind", volume)
        if source:
            items = source.get("items")
            found[source["secretName"]] = items and sorted(item["key"] for item in items)
    return found


def check_roles(values, documents, name):
    want = rights(name)
    have = {(d["kind"], d["metadata"]["name"]): d["rules"] for d in of_kind(documents, "Role", "ClusterRole")}
    for key, rules in have.items():
        wrong.equal(rules, want.get(key), values, "rules of", key)
    bindings = of_kind(documents, "RoleBinding", "ClusterRoleBinding")
    wrong.equal(len(bindings), len(have), values, "bindings")
    for binding in bindings:
        wrong.unless((binding["roleRef"]["kind"], binding["roleRef"]["name"]) in have, values, title(binding))
        wrong.equal(binding["subjects"], [{"kind": "ServiceAccount", "name": binding["roleRef"]["name"],
                                           "namespace": NAMESPACE}], values, title(binding))
    rotates = any(d["kind"] == "CronJob" for d in documents)
    wrong.equal((("Role", f"{name}-certs") in have, ("ClusterRole", f"{name}-certs") in have), (rotates, rotates),
                values, "who rotates may, who does not may not")


def check_pods(values, documents, name):
    accounts = {d["metadata"]["name"]: d for d in of_kind(documents, "ServiceAccount")}
    for account in accounts.values():
        wrong.equal(account["automountServiceAccountToken"], False, values, title(account))
    for document in documents:
        spec = pod_spec(document)
        if not spec:
            continue
        account = spec["serviceAccountName"]
        wrong.unless(account in accounts, values, title(document), "has no ServiceAccount", account)
        # Only what calls the API server has a token: not the webhook, not who waits for it, not the test.
        wrong.equal(spec["automountServiceAccountToken"], account != name, values, title(document), "and its token")
        mounted = mounted_secrets(spec)
        wrong.unless(f"{name}-ca" not in mounted, values, title(document), "can read the key of the CA")
        if document["kind"] == "Deployment":
            wrong.equal(list(mounted.values()), [["tls.crt", "tls.key"]], values, "what the webhook mounts")
            wrong.equal(account, name, values, "account of the webhook")
        else:
            wrong.unless(all(keys == ["ca.crt"] for keys in mounted.values()), values, title(document), "mounts", mounted)


def check_keys(values, documents):
    for secret in of_kind(documents, "Secret"):
        # Without data Helm has nothing to set back; another type would ask for some.
        wrong.equal({key for key in secret if key not in ("apiVersion", "kind", "metadata")}, {"type"}, values,
                    title(secret))
        wrong.equal(secret["type"], "Opaque", values, title(secret))
    wrong.unless("PRIVATE KEY" not in json.dumps(documents), values, "renders a private key")


for file in VALUES:
    for more in ((), ("--is-upgrade",)):
        rendered = render(file.stem, *more)
        deployment = of_kind(rendered, "Deployment")[0]["metadata"]["name"]
        check_roles(file.stem, rendered, deployment)
        check_pods(file.stem, rendered, deployment)
        check_keys(file.stem, rendered)
wrong.end()
