# SPDX-License-Identifier: Apache-2.0
"""What deploy/static says in several files is one thing: webhooks, credentials, static pod and unit. The webhooks are
the chart's with a URL.

    static.py FIPSGATE
"""

import re
import subprocess
import sys

import yaml

from chart import HERE as CHARTS
from chart import NAMESPACE, Complaints, of_kind
from manifests import STATIC, build, by_title, chart

PROGRAM = sys.argv[1]
URL = "https://127.0.0.1:9443"
SUFFIX = ".static.k8s.io"
CONFIGURATIONS = ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration")
BY_URL = ("--set", f"webhooks.url={URL},certificates.mode=provided,certificates.provided.secretName=any")

wrong = Complaints()


def load(name):
    return yaml.safe_load((STATIC / name).read_text())


def for_comparison(documents, suffix=""):
    """The CA is the node's, and there is no namespace of its own to be left out."""
    found = by_title(documents)
    for document in found.values():
        document["metadata"]["name"] = document["metadata"]["name"].removesuffix(suffix)
        for entry in document["webhooks"]:
            wrong.equal(entry["clientConfig"].pop("caBundle", None), "CA_BUNDLE" if documents is not CHART else None)
            names = entry["namespaceSelector"]["matchExpressions"][0]["values"]
            entry["namespaceSelector"]["matchExpressions"][0]["values"] = [name for name in names if name != NAMESPACE]
    return {document["kind"]: document for document in found.values()}


CHART = of_kind(chart(CHARTS / "values" / "defaults.yaml", *BY_URL), *CONFIGURATIONS)


def webhooks_are_those_of_the_chart():
    theirs = for_comparison(CHART)
    wrong.equal(sorted(theirs), sorted(CONFIGURATIONS), "the chart's")
    wrong.equal(for_comparison(build(STATIC / "webhooks")), theirs, "webhooks")
    for folder, kind in zip(("validating", "mutating"), CONFIGURATIONS):
        documents = build(STATIC / folder)
        # The plug-in reads its own kind alone, under names that the API keeps free for it.
        wrong.equal([(d["kind"], d["metadata"]["name"]) for d in documents], [(kind, f"fipsgate{SUFFIX}")], folder)
        wrong.equal(for_comparison(documents, SUFFIX), {kind: theirs[kind]}, folder)


def admission_fits():
    plain, with_manifests = load("admission.yaml"), load("admission-with-manifests.yaml")
    folders = {plugin["name"]: plugin["configuration"].pop("staticManifestsDir") for plugin in with_manifests["plugins"]}
    wrong.equal(plain, with_manifests, "the two differ in more than the directories")
    wrong.equal(folders, {"ValidatingAdmissionWebhook": "/etc/kubernetes/admission/validating",
                          "MutatingAdmissionWebhook": "/etc/kubernetes/admission/mutating"})
    wrong.equal({plugin["configuration"]["kubeConfigFile"] for plugin in plain["plugins"]},
                {"/etc/kubernetes/admission/credentials.yaml"})
    # By this name the API server looks for what to show: a host, and the port unless it is 443.
    wrong.equal([user["name"] for user in load("credentials.yaml")["users"]], [URL.removeprefix("https://")])


def unit_arguments():
    text = (STATIC / "fipsgate.service").read_text()
    command = re.search(r"^ExecStart=\S+ ((?:.*\\\n)*.*)", text, re.M).group(1)
    return command.replace("\\\n", " ").split(), dict(re.findall(r"^(\w+)=(.*[^\\])$", text, re.M))


def pod_and_unit_are_one():
    spec = load("fipsgate.yaml")["spec"]
    container, = spec["containers"]
    mount, = container["volumeMounts"]
    arguments, unit = unit_arguments()
    there = spec["volumes"][0]["hostPath"]["path"]
    wrong.equal([word.replace(mount["mountPath"], there) for word in container["args"]], arguments, "arguments")
    wrong.equal(f"{spec['terminationGracePeriodSeconds']}", unit["TimeoutStopSec"], "time to end")
    wrong.equal(container["resources"]["limits"]["memory"], unit["MemoryMax"] + "i", "memory")
    known = set(re.findall(r"^ +(--[a-z][a-z-]*)", subprocess.run(
        [PROGRAM, "serve", "--help"], capture_output=True, text=True, check=True).stdout, re.M))
    for word in container["args"][1:]:
        wrong.unless(word.partition("=")[0] in known, f"serve has no {word}")


def pod_needs_nothing_of_the_api():
    spec = load("fipsgate.yaml")["spec"]
    container = spec["containers"][0]
    wrong.equal([set(volume) - {"name"} for volume in spec["volumes"]], [{"hostPath"}], "volumes")
    wrong.unless(not {"serviceAccountName", "imagePullSecrets", "nodeSelector"} & set(spec), "refers to the API")
    wrong.unless("env" not in container and "envFrom" not in container, "refers to the API")
    given = dict(word.split("=", 1) for word in container["args"][1:])
    wrong.equal(given["--listen"], URL.removeprefix("https://"), "where it listens and where it is called")
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        get = container[probe]["httpGet"]
        wrong.equal(f"{get['host']}:{get['port']}", given["--probe-listen"], probe)


webhooks_are_those_of_the_chart()
admission_fits()
pod_and_unit_are_one()
pod_needs_nothing_of_the_api()
wrong.end()
