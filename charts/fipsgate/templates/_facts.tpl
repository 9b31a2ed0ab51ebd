{{/* SPDX-License-Identifier: Apache-2.0 */}}
{{/* The rows of `site` as FipsFacts documents. */}}

{{- define "fipsgate.siteSet" -}}
apiVersion: fipsgate.io/v1alpha1
kind: FipsFacts
metadata: { name: {{ .name }} }
spec:
  layer: {{ .layer }}
  rows:
    {{- range .rows }}
    {{- $row := . }}
    {{- if kindIs "string" . }}{{ $row = dict "value" . }}{{ end }}
    - {{ merge $row (dict "verdict" "strict" "sure" "A" "source" $.site.source "asOf" $.site.asOf) | toJson }}
    {{- end }}
{{- end -}}

{{- define "fipsgate.siteFacts" -}}
{{- $s := .Values.site -}}
{{- $sets := list
  (dict "name" "site-registries" "layer" "container-registry" "rows" $s.registries)
  (dict "name" "site-mirror" "layer" "container-registry" "rows" (compact (list $s.mirror)))
  (dict "name" "site-sidecar" "layer" "service-to-service" "rows" (compact (list $s.sidecar)))
  (dict "name" "site-classes" "layer" "storage" "rows" $s.classes)
  (dict "name" "site-node-labels" "layer" "node-os" "rows" $s.nodeLabels)
  (dict "name" "site-scans" "layer" "application-dependencies" "rows" $s.scans)
  (dict "name" "site-tls-names" "layer" "load-balancer" "rows" $s.tlsNames)
  (dict "name" "site-ssl-policies" "layer" "load-balancer" "rows" $s.sslPolicies) -}}
{{- $documents := list -}}
{{- range $sets -}}
{{- if .rows -}}
{{- $documents = append $documents (include "fipsgate.siteSet" (merge (dict "site" $s) .)) -}}
{{- end -}}
{{- end -}}
{{- join "\n---\n" $documents -}}
{{- end -}}

{{/* data of the ConfigMap of facts; empty where there are none */}}
{{- define "fipsgate.factsFiles" -}}
{{- $files := deepCopy .Values.facts.files -}}
{{- with include "fipsgate.siteFacts" . -}}
{{- $_ := set $files "site.yaml" (printf "%s\n" .) -}}
{{- end -}}
{{- if $files -}}
{{- toYaml $files -}}
{{- end -}}
{{- end -}}
