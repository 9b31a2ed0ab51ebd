# SPDX-License-Identifier: Apache-2.0
"""`helm lint --strict` has nothing to say, and every value set renders for every Kubernetes that is supported."""

from chart import CHART, NAMESPACE, NEWEST, OLDEST, VALUES, Complaints, helm, template

wrong = Complaints()
for values in VALUES:
    for kube in (OLDEST, NEWEST):
        result = helm("lint", "--strict", CHART, "-f", values, "--namespace", NAMESPACE, "--kube-version", kube)
        wrong.unless(result.returncode == 0, f"helm lint {values.name} {kube}:", result.stdout, result.stderr)
        for more in ((), ("--is-upgrade",)):
            result = template(values, *more, kube=kube)
            wrong.unless(result.returncode == 0 and "<no value>" not in result.stdout,
                         f"helm template {values.name} {kube} {more}:", result.stderr)
wrong.unless(len(VALUES) >= 8, f"there are {len(VALUES)} value sets, eight at least are wanted")
wrong.unless("incompatible" in template(VALUES[0], kube="1.27.9").stderr, "renders for Kubernetes 1.27")
wrong.end()
