{{/* SPDX-License-Identifier: Apache-2.0 */}}
{{/* What the jobs of certificates are told. */}}

{{- define "fipsgate.rotateArgs" -}}
{{- $name := include "fipsgate.fullname" . -}}
{{- $c := .Values.certificates.selfManaged -}}
{{- list "certs" "rotate" "--kubeconfig=in-cluster"
  (printf "--namespace=%s" .Release.Namespace)
  (printf "--service=%s" $name)
  (printf "--secret=%s-tls" $name)
  (printf "--ca-secret=%s-ca" $name)
  (printf "--webhooks=%s" $name)
  (printf "--renew-at=%s" $c.renewAt)
  (printf "--leaf-life=%s" $c.leafLife)
  (printf "--ca-life=%s" $c.caLife) | toJson -}}
{{- end -}}

{{/* The CA alone, for who dials the Service. */}}
{{- define "fipsgate.caVolume" -}}
name: ca
secret:
  secretName: {{ include "fipsgate.tlsSecret" . }}
  defaultMode: 0444
  items: [{ key: ca.crt, path: ca.crt }]
{{- end -}}

{{/* The pod that makes, renews and publishes; input: root */}}
{{- define "fipsgate.rotatePod" -}}
{{- $container := dict "name" "rotate" "args" (include "fipsgate.rotateArgs" . | fromJsonArray) -}}
{{- include "fipsgate.jobPod" (dict "root" . "component" "certificates" "account" "-certs" "containers" (list $container)) -}}
{{- end -}}

{{/* Until the Service answers, over TLS that the CA vouches for. */}}
{{- define "fipsgate.waitArgs" -}}
{{- list "certs" "wait" (printf "--service=https://%s:%v" (include "fipsgate.dnsName" .) .Values.service.port) "--ca=/etc/fipsgate/ca/ca.crt" (printf "--patience=%ds" (sub .Values.hooks.deadlineSeconds 20)) | toJson -}}
{{- end -}}
