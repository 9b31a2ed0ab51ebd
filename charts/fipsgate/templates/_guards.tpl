{{/* SPDX-License-Identifier: Apache-2.0 */}}
{{/* What the schema cannot say: values that are fine each and wrong together. */}}

{{- define "fipsgate.guards" -}}
{{- $v := .Values -}}
{{- if has .Release.Namespace (list "kube-system" "kube-public" "kube-node-lease") -}}
{{- fail (printf "fipsgate is not installed into %s: that namespace is never judged, and what protects a cluster does not share one with it. Use one of its own: --namespace fipsgate-system --create-namespace" .Release.Namespace) -}}
{{- end -}}
{{- if not $v.image.repository -}}
{{- fail "image.repository is empty: name the image that you built (deploy/image) and pushed to your registry, such as registry.example.gov/platform/fipsgate, and best its image.digest too" -}}
{{- end -}}
{{- $fail := and $v.webhooks.enforce.enabled (eq (include "fipsgate.failurePolicy" .) "Fail") -}}
{{- $replicas := int $v.replicas -}}
{{- if $v.autoscaling.enabled -}}
{{- $replicas = int $v.autoscaling.minReplicas -}}
{{- if lt (int $v.autoscaling.maxReplicas) $replicas -}}
{{- fail "autoscaling.maxReplicas is less than autoscaling.minReplicas" -}}
{{- end -}}
{{- end -}}
{{- if and $fail (lt $replicas 2) -}}
{{- fail "webhooks.enforce.failurePolicy is Fail with one replica: while that one restarts, no pod could start in the cluster. Set replicas (or autoscaling.minReplicas) to 2 at least, or failurePolicy to Ignore" -}}
{{- end -}}
{{- if and $fail (not $v.podDisruptionBudget.enabled) -}}
{{- fail "webhooks.enforce.failurePolicy is Fail without a PodDisruptionBudget: a drain could evict all replicas at once. Set podDisruptionBudget.enabled to true, or failurePolicy to Ignore" -}}
{{- end -}}
{{- if and $fail (ge (int $v.podDisruptionBudget.maxUnavailable) $replicas) -}}
{{- fail "webhooks.enforce.failurePolicy is Fail and podDisruptionBudget.maxUnavailable lets all replicas go at once: set it below the number of replicas" -}}
{{- end -}}
{{- if and (not $v.policies.set) (not $v.policies.files) (not $v.policies.configMap) -}}
{{- fail "there are no policies: name a shipped set (policies.set), or give your own (policies.files or policies.configMap)" -}}
{{- end -}}
{{- range list (dict "name" "policies" "of" $v.policies) (dict "name" "facts" "of" $v.facts) -}}
{{- if and .of.files .of.configMap -}}
{{- fail (printf "%s.files and %s.configMap exclude each other" .name .name) -}}
{{- end -}}
{{- end -}}
{{- $rows := concat $v.site.registries $v.site.classes $v.site.nodeLabels $v.site.scans $v.site.tlsNames $v.site.sslPolicies (compact (list $v.site.mirror $v.site.sidecar)) -}}
{{- if and $rows (not $v.site.asOf) -}}
{{- fail "site.asOf is empty: say on which day (YYYY-MM-DD) somebody last looked at the rows of `site`; facts grow old, and fipsgate tells when" -}}
{{- end -}}
{{- if and (eq $v.certificates.mode "provided") (not $v.certificates.provided.secretName) -}}
{{- fail "certificates.mode is provided, and certificates.provided.secretName does not say which Secret holds tls.crt and tls.key" -}}
{{- end -}}
{{- if and (ne $v.certificates.mode "provided") $v.certificates.provided.secretName -}}
{{- fail "certificates.provided.secretName is set, but certificates.mode is not provided" -}}
{{- end -}}
{{- if and $v.webhooks.url (eq $v.certificates.mode "selfManaged") -}}
{{- fail "webhooks.url is set, and the self-managed certificate is for the Service's name only: use certificates.mode certManager or provided" -}}
{{- end -}}
{{- end -}}
