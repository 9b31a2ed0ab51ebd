# SPDX-License-Identifier: Apache-2.0
"""Values that are wrong, by schema or by guard, are refused in words that name them."""

from chart import HERE, Complaints, template

DEFAULTS = HERE / "values" / "defaults.yaml"
AUDIT_ONLY = HERE / "values" / "audit-only.yaml"

# values (--set, or --set-json where it begins with a key and `=` and JSON), and what the refusal must say
SCHEMA = [
    ("replcas=3", "'replcas' not allowed"),
    ("image.repo=x", "'repo' not allowed"),
    ("image.repository=UPPER/case", "/image/repository"),
    ("image.repository=registry.example.gov/fipsgate:0.1.0", "/image/repository"),
    ("image.digest=latest", "/image/digest"),
    ("image.pullPolicy=Sometimes", "/image/pullPolicy"),
    ("replicas=0", "/replicas"),
    ('replicas="2"', "/replicas"),
    ("policies.set=basline", "/policies/set"),
    ("policies.maxMode=off", "/policies/maxMode"),
    ('policies.files={"../x.yaml":"y"}', "'../x.yaml' does not match"),
    ('policies.files={"x.txt":"y"}', "'x.txt' does not match"),
    ('site.registries=[{"verdict":"allow"}]', "/site/registries"),
    ('site.registries=[{"value":"x","verdict":"maybe"}]', "/site/registries"),
    ("site.asOf=yesterday", "/site/asOf"),
    ("server.fips=on", "/server/fips"),
    ("server.options.listen=0.0.0.0:1", "'listen' not allowed"),
    ("server.options.never-deny-namespaces=payments", "not allowed"),
    ('server.neverDenyNamespaces=["*"]', "/server/neverDenyNamespaces"),
    ("webhooks.enforce.failurePolicy=fail", "/webhooks/enforce/failurePolicy"),
    ("webhooks.audit.failurePolicy=Fail", "'failurePolicy' not allowed"),
    ("webhooks.mutate.failurePolicy=Fail", "'failurePolicy' not allowed"),
    ("webhooks.enforce.timeoutSeconds=30", "/webhooks/enforce/timeoutSeconds"),
    ("webhooks.namespaceSelector=null", "'namespaceSelector' not allowed"),
    ("webhooks.objectSelector.matchLabels.x=y", "'objectSelector' not allowed"),
    ('webhooks.excludeNamespaces=["*"]', "/webhooks/excludeNamespaces"),
    ('webhooks.extraRules=[{"apiGroups":[""],"apiVersions":["v1"],"operations":["CREATE"],"resources":["*"]}]',
     "/webhooks/extraRules"),
    ('webhooks.extraRules=[{"apiGroups":["*"],"apiVersions":["v1"],"operations":["CREATE"],"resources":["keys"]}]',
     "/webhooks/extraRules"),
    ('webhooks.extraRules=[{"apiGroups":[""],"apiVersions":["v1"],"operations":["CREATE"],"resources":["pods/*"]}]',
     "/webhooks/extraRules"),
    ('webhooks.extraRules=[{"apiGroups":[""],"apiVersions":["v1"],"operations":["*"],"resources":["pods"]}]',
     "/webhooks/extraRules"),
    ("webhooks.caBundle=LS0t", "'caBundle' not allowed"),
    ("webhooks.url=http://example.gov", "/webhooks/url"),
    ("certificates.mode=self-signed", "/certificates/mode"),
    ("certificates.selfManaged.leafLife=30d", "/certificates/selfManaged/leafLife"),
    ("certificates.selfManaged.renewAt=0.66", "/certificates/selfManaged/renewAt"),
    ("resources.limits.memory=lots", "/resources/limits/memory"),
    ("podDisruptionBudget.maxUnavailable=0", "/podDisruptionBudget/maxUnavailable"),
    ("networkPolicy.apiServerPorts={}", "/networkPolicy/apiServerPorts"),
    ('networkPolicy.metricsFrom=[{}]', "/networkPolicy/metricsFrom"),
    ("tests.denied.kind=pod", "/tests/denied/kind"),
]
GUARDS = [
    ("image.repository=", "image.repository is empty"),
    ("replicas=1", "Fail with one replica"),
    ("autoscaling.enabled=true,autoscaling.minReplicas=1", "Fail with one replica"),
    ("autoscaling.enabled=true,autoscaling.maxReplicas=1", "less than"),
    ("podDisruptionBudget.enabled=false", "without a PodDisruptionBudget"),
    ("podDisruptionBudget.maxUnavailable=2", "all replicas go at once"),
    ("policies.set=", "there are no policies"),
    ('policies={"files":{"x.yaml":"y"},"configMap":"x"}', "exclude each other"),
    ('facts={"files":{"x.yaml":"y"},"configMap":"x"}', "exclude each other"),
    ('site.classes=["gp3"]', "site.asOf is empty"),
    ("site.mirror=registry.example.gov", "site.asOf is empty"),
    ("certificates.mode=provided", "does not say which Secret"),
    ("certificates.provided.secretName=x", "mode is not provided"),
    ("webhooks.url=https://example.gov", "for the Service's name only"),
]


def set_option(values):
    key, _, value = values.partition("=")
    as_json = value[:1] in ('"', "[", "{") and value != "{}"
    return ("--set-json" if as_json else "--set", values)


wrong = Complaints()
for values, want in SCHEMA + GUARDS:
    result = template(DEFAULTS, *set_option(values))
    wrong.unless(result.returncode != 0 and want in result.stderr, f"{values}: not refused with `{want}`:",
                 result.stderr)
for values, want in SCHEMA:
    stderr = template(DEFAULTS, *set_option(values)).stderr if "not allowed" not in want else "schema"
    wrong.unless("schema" in stderr, f"{values}: refused, but not by the schema")
for namespace in ("kube-system", "kube-public", "kube-node-lease"):
    result = template(DEFAULTS, namespace=namespace)
    wrong.unless(result.returncode != 0 and f"not installed into {namespace}" in result.stderr,
                 f"installs into {namespace}")

# What would be refused next to Fail is fine without it.
for more in ((), ("--set", "webhooks.enforce.enabled=true,webhooks.enforce.failurePolicy=Ignore")):
    wrong.equal(template(AUDIT_ONLY, *more).returncode, 0, f"one replica without Fail {more}")
result = template(HERE / "values" / "watch.yaml", "--set", "policies.maxMode=enforce")
wrong.unless("Fail with one replica" in result.stderr, "from watching to enforcing with one replica")
wrong.end()
