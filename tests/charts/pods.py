# SPDX-License-Identifier: Apache-2.0
"""How the pods run: restricted, spread, last to go; and who reaches them."""


from chart import VALUES, Complaints, of_kind, pod_spec, render, render_text, title

wrong = Complaints()

POD = {"runAsNonRoot": True, "runAsUser": 65532, "runAsGroup": 65532, "fsGroup": 65532,
       "seccompProfile": {"type": "RuntimeDefault"}}
CONTAINER = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "privileged": False,
             "runAsNonRoot": True, "capabilities": {"drop": ["ALL"]}, "seccompProfile": {"type": "RuntimeDefault"}}


def check_pod(where, document):
    spec = pod_spec(document)
    wrong.equal(spec["securityContext"], POD, where, "securityContext of the pod")
    wrong.equal(spec["enableServiceLinks"], False, where, "enableServiceLinks")
    wrong.unless(not {"hostPID", "hostIPC", "shareProcessNamespace"} & set(spec), where, "shares a namespace")
    wrong.unless(spec.get("hostNetwork", False) == (document["kind"] == "Deployment" and "issuer" in where), where)
    for container in spec["containers"]:
        wrong.equal(container["securityContext"], CONTAINER, where, "securityContext")
        for kind in ("requests", "limits"):
            wrong.unless({"memory", "ephemeral-storage"} <= set(container["resources"][kind]), where, kind)
        wrong.unless(all(mount["readOnly"] for mount in container.get("volumeMounts", [])), where, "writes to a mount")
        wrong.unless("command" not in container and "env" not in container, where, "is not the image's own program")
        volumes = [volume["name"] for volume in spec.get("volumes", [])]
        wrong.equal(sorted(mount["name"] for mount in container.get("volumeMounts", [])), sorted(volumes), where)


def images_are_one():
    for values in VALUES:
        images = {container["image"] for document in render(values.stem) if pod_spec(document)
                  for container in pod_spec(document)["containers"]}
        wrong.equal(len(images), 1, values.stem, "images", images)
    site = pod_spec(of_kind(render("site"), "Deployment")[0])["containers"][0]["image"]
    wrong.unless("@sha256:" in site and site.count(":") == 1, "the digest does not win:", site)


def defaults_stay_up():
    documents = render("defaults")
    deployment = of_kind(documents, "Deployment")[0]
    spec = pod_spec(deployment)
    wrong.unless(deployment["spec"]["replicas"] >= 2, "one replica")
    wrong.equal(deployment["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"], 0, "one less before one more")
    wrong.equal(spec["priorityClassName"], "system-cluster-critical")
    wrong.equal([c["topologyKey"] for c in spec["topologySpreadConstraints"]],
                ["kubernetes.io/hostname", "topology.kubernetes.io/zone"], "spread")
    wrong.unless("podAntiAffinity" in spec["affinity"], "no anti-affinity")
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    for selector in (deployment["spec"]["selector"], spec["topologySpreadConstraints"][0]["labelSelector"],
                     of_kind(documents, "PodDisruptionBudget")[0]["spec"]["selector"]):
        wrong.unless(selector["matchLabels"].items() <= labels.items(), "selects something else:", selector)
    for service in of_kind(documents, "Service"):
        wrong.unless(service["spec"]["selector"].items() <= labels.items(), title(service), "selects something else")
        wrong.unless(service["spec"]["ports"][0]["targetPort"] in ("webhook", "probe"), title(service))
    budget = of_kind(documents, "PodDisruptionBudget")[0]["spec"]
    wrong.equal((budget["maxUnavailable"], budget["unhealthyPodEvictionPolicy"]), (1, "AlwaysAllow"))
    quota = of_kind(documents, "ResourceQuota")[0]["spec"]["scopeSelector"]["matchExpressions"][0]
    wrong.equal(quota["values"], ["system-cluster-critical"], "quota")
    # A pod that tolerates `unschedulable` would come back to the node that is being drained.
    for toleration in spec["tolerations"]:
        wrong.unless("key" in toleration, "tolerates every taint")
    container = spec["containers"][0]
    wrong.equal([container[p]["httpGet"]["path"] for p in ("startupProbe", "livenessProbe", "readinessProbe")],
                ["/livez", "/livez", "/readyz"], "probes")


def large_scales():
    documents = render("large")
    autoscaler = of_kind(documents, "HorizontalPodAutoscaler")[0]["spec"]
    deployment = of_kind(documents, "Deployment")[0]
    wrong.unless("replicas" not in deployment["spec"], "the Deployment and the autoscaler both say how many")
    wrong.equal(autoscaler["scaleTargetRef"]["name"], deployment["metadata"]["name"])
    wrong.equal(deployment["metadata"]["name"], "fips-admission")
    wrong.equal(deployment["metadata"]["labels"]["team"], "platform")


def network_is_closed():
    documents = render("large")
    server, jobs = sorted(of_kind(documents, "NetworkPolicy"), key=lambda d: d["metadata"]["name"])
    for policy in (server, jobs):
        wrong.equal(policy["spec"]["policyTypes"], ["Ingress", "Egress"], title(policy))
    wrong.equal(server["spec"]["egress"], [], "the webhook may call somebody")
    wrong.equal(jobs["spec"]["ingress"], [], "jobs may be called")
    calls = server["spec"]["ingress"][0]
    wrong.equal([peer["ipBlock"]["cidr"] for peer in calls["from"] if "ipBlock" in peer], ["10.0.0.0/28", "2001:db8::/64"])
    selected = jobs["spec"]["podSelector"]["matchExpressions"][0]["values"]
    for document in documents:
        if not pod_spec(document) or document["kind"] == "Deployment":
            continue
        labels = document["metadata"]["labels"] if document["kind"] == "Pod" else None
        template = document["spec"].get("jobTemplate", document).get("spec", {}).get("template")
        component = (labels or template["metadata"]["labels"])["app.kubernetes.io/component"]
        wrong.unless(component in selected, title(document), "is reached by no NetworkPolicy")


def development_is_so_in_all_pods():
    for document in render("development"):
        for container in (pod_spec(document) or {}).get("containers", []):
            wrong.unless("--fips=off" in container["args"], title(document), "insists on FIPS where the webhook does not")
    for document in render("defaults"):
        for container in (pod_spec(document) or {}).get("containers", []):
            wrong.unless("--fips=off" not in container["args"], title(document), "runs without FIPS")


def jobs_follow_from_what_they_are():
    """A Job cannot be changed: one that would differ has another name, one that would not has the same."""
    def name(*more):
        jobs = [d for d in of_kind(render("defaults", *more), "Job") if "-certs-" in d["metadata"]["name"]]
        return jobs[0]["metadata"]["name"]
    wrong.equal(name(), name("--is-upgrade"), "an upgrade that changes nothing runs the job again")
    for change in ("image.tag=9.9.9", "certificates.selfManaged.leafLife=48h", "webhooks.mutate.enabled=false",
                   "webhooks.breakGlass=true", "jobResources.limits.memory=64Mi", "nodeSelector.x=y"):
        wrong.unless(name("--set", change) != name(), change, "changes the job and not its name")


def alerts_know_the_mode():
    rotates, issued = render_text("large"), render_text("cert-manager")
    for text, days in ((rotates, ("9", "4")), (issued, ("30", "7"))):
        for day in days:
            wrong.unless(f"< {day} * 86400" in text, "no alert", day, "days before the certificate's end")
    wrong.unless("inject-ca-from: fipsgate-system/fipsgate-tls" not in issued, "injects from the Secret")
    wrong.unless("cert-manager.io/inject-ca-from: fipsgate-system/fipsgate" in issued, "cert-manager injects no caBundle")
    certificates = of_kind(render("cert-manager"), "Certificate")
    wrong.unless(all(d["spec"]["privateKey"]["algorithm"] == "ECDSA" for d in certificates), "not ECDSA")
    wrong.equal(certificates[-1]["spec"]["dnsNames"][0], "fipsgate.fipsgate-system.svc")


for file in VALUES:
    for doc in render(file.stem):
        if pod_spec(doc):
            check_pod(f"{file.stem}, {title(doc)}:", doc)
images_are_one()
defaults_stay_up()
large_scales()
network_is_closed()
development_is_so_in_all_pods()
jobs_follow_from_what_they_are()
alerts_know_the_mode()
wrong.end()
