{{/* SPDX-License-Identifier: Apache-2.0 */}}
{{/* The two webhook configurations. caBundle is never here: it is written, and kept, by others. */}}

{{- define "fipsgate.rule" -}}
- apiGroups: [{{ .group | quote }}]
  apiVersions: {{ default (list "*") .versions | toJson }}
  operations: {{ default (list "CREATE" "UPDATE") .operations | toJson }}
  resources: {{ keys .resources | sortAlpha | toJson }}
  scope: {{ .scope | quote }}
{{- end -}}

{{/* Of the webhook that denies: what only watches must not refuse because nobody answers. */}}
{{- define "fipsgate.failurePolicy" -}}
{{- ternary .Values.webhooks.enforce.failurePolicy "Ignore" (eq .Values.policies.maxMode "enforce") -}}
{{- end -}}

{{/* One entry; input: dict root, name, path, policy, timeout, rules, extra, reinvocation */}}
{{- define "fipsgate.webhook" -}}
- name: {{ .name }}.fipsgate.io
  admissionReviewVersions: [v1]
  matchPolicy: Equivalent
  sideEffects: None
  failurePolicy: {{ .policy }}
  timeoutSeconds: {{ .timeout }}
  {{- if .reinvocation }}
  reinvocationPolicy: IfNeeded
  {{- end }}
  clientConfig:
    {{- if .root.Values.webhooks.url }}
    url: {{ printf "%s%s" (trimSuffix "/" .root.Values.webhooks.url) .path | quote }}
    {{- else }}
    service:
      name: {{ include "fipsgate.fullname" .root }}
      namespace: {{ .root.Release.Namespace }}
      path: {{ .path }}
      port: {{ .root.Values.service.port }}
    {{- end }}
  namespaceSelector:
    matchExpressions:
      - key: kubernetes.io/metadata.name
        operator: NotIn
        values: {{ concat (list "kube-system" .root.Release.Namespace) .root.Values.webhooks.excludeNamespaces | uniq | toJson }}
      {{- if .root.Values.webhooks.breakGlass }}
      - { key: fipsgate.io/break-glass, operator: DoesNotExist }
      {{- end }}
  {{- if or .root.Values.webhooks.matchConditions.standard .root.Values.webhooks.matchConditions.extra }}
  matchConditions:
    {{- if .root.Values.webhooks.matchConditions.standard }}
    - name: not-a-lease
      expression: '!(request.resource.group == "coordination.k8s.io" && request.resource.resource == "leases")'
    - name: not-an-event
      expression: '!(request.resource.resource == "events" && (request.resource.group == "" || request.resource.group == "events.k8s.io"))'
    - name: not-a-kubelet
      expression: '!(request.userInfo.username.startsWith("system:node:") && has(request.userInfo.groups) && request.userInfo.groups.exists(g, g == "system:nodes"))'
    {{- end }}
    {{- with .root.Values.webhooks.matchConditions.extra }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- end }}
  rules:
    {{- range .rules }}
    {{- include "fipsgate.rule" . | nindent 4 }}
    {{- end }}
    {{- with .extra }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}

{{/* Input: dict root, kind, hook (annotations of a hook), shell (no entries yet) */}}
{{- define "fipsgate.configuration" -}}
{{- $annotations := merge (dict "admissions.enforcer/disabled" "true") (default dict .hook) .root.Values.webhooks.annotations -}}
{{- $w := .root.Values.webhooks -}}
{{- $certificate := printf "%s/%s" .root.Release.Namespace (include "fipsgate.fullname" .root) -}}
{{- if eq .root.Values.certificates.mode "certManager" -}}
{{- $annotations = merge (dict "cert-manager.io/inject-ca-from" $certificate) $annotations -}}
{{- end -}}
apiVersion: admissionregistration.k8s.io/v1
kind: {{ .kind }}
metadata:
  {{- include "fipsgate.metadata" (dict "root" .root "suffix" "" "component" "webhook" "cluster" true "annotations" $annotations) | nindent 2 }}
{{- $table := .root.Files.Get "files/rules.yaml" | fromYaml }}
{{- $set := list }}
{{- with .root.Values.policies.set }}{{ $set = get $table.sets . }}{{ end }}
{{- if .shell }}
# Filled in when the Service answers (the hook of the same name), and part of the
# release from now on, so that it is deleted with it whatever else happens.
{{- else }}
{{- $entries := list }}
{{- if eq .kind "MutatingWebhookConfiguration" }}
{{- if $w.mutate.enabled }}
{{- $entries = append $entries (dict "root" .root "name" "mutate" "path" "/mutate" "policy" "Ignore" "timeout" $w.mutate.timeoutSeconds "rules" $table.repaired "extra" $w.extraRules "reinvocation" true) }}
{{- end }}
{{- else }}
{{- if $w.enforce.enabled }}
{{- $entries = append $entries (dict "root" .root "name" "enforce" "path" "/validate/enforce" "policy" (include "fipsgate.failurePolicy" .root) "timeout" $w.enforce.timeoutSeconds "rules" $table.kinds "extra" $w.extraRules) }}
{{- end }}
{{- if $w.audit.enabled }}
{{- $entries = append $entries (dict "root" .root "name" "audit" "path" "/validate/audit" "policy" "Ignore" "timeout" $w.audit.timeoutSeconds "rules" (concat $table.kinds $set) "extra" $w.extraRules) }}
{{- end }}
{{- end }}
{{- with $entries }}
webhooks:
  {{- range . }}
  {{- include "fipsgate.webhook" . | nindent 2 }}
  {{- end }}
{{- end }}
{{- end }}
{{- end -}}
