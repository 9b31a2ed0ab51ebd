{{/* SPDX-License-Identifier: Apache-2.0 */}}
{{/* An AdmissionReview that asks whether an object may be created; input: dict answer, object */}}

{{- define "fipsgate.review" -}}
{{- $parts := splitList "/" .object.apiVersion -}}
{{- $kind := dict "group" (ternary (first $parts) "" (eq (len $parts) 2)) "version" (last $parts) -}}
{{- $resource := merge (dict "resource" (printf "%s%s" (lower .object.kind) (ternary "es" "s" (hasSuffix "s" .object.kind)))) $kind -}}
{{- $request := dict "uid" (printf "helm-test-%s" .answer) "operation" "CREATE" "dryRun" true "object" .object
  "kind" (merge (dict "kind" .object.kind) $kind) "resource" $resource
  "name" .object.metadata.name "userInfo" (dict "username" "helm-test") -}}
{{- with .object.metadata.namespace -}}
{{- $_ := set $request "namespace" . -}}
{{- end -}}
{{- dict "apiVersion" "admission.k8s.io/v1" "kind" "AdmissionReview" "request" $request | toPrettyJson -}}
{{- end -}}
