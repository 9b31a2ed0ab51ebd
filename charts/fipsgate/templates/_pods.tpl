{{/* SPDX-License-Identifier: Apache-2.0 */}}
{{/* What all pods have in common: the restricted Pod Security Standard, and nothing of the cluster's. */}}

{{- define "fipsgate.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "fipsgate.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
privileged: false
runAsNonRoot: true
capabilities: { drop: [ALL] }
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{/* Where it runs, and with what. */}}
{{- define "fipsgate.placement" -}}
{{- with .Values.priorityClass.name }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* The pod of a job; input: dict root, component, account (its token is mounted; "": none), args, ca (the CA is mounted), reviews */}}
{{- define "fipsgate.jobPod" -}}
metadata:
  labels:
    {{- include "fipsgate.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .component }}
spec:
  {{- include "fipsgate.jobSpec" . | nindent 2 }}
{{- end -}}

{{- define "fipsgate.jobSpec" -}}
serviceAccountName: {{ include "fipsgate.fullname" .root }}{{ .account }}
automountServiceAccountToken: {{ ne .account "" }}
enableServiceLinks: false
restartPolicy: {{ default "OnFailure" .restartPolicy }}
securityContext:
  {{- include "fipsgate.podSecurity" .root | nindent 2 }}
{{- include "fipsgate.placement" .root }}
containers:
  {{- range .containers }}
  - name: {{ .name }}
    image: {{ include "fipsgate.image" $.root }}
    imagePullPolicy: {{ $.root.Values.image.pullPolicy }}
    args:
      {{- range .args }}
      - {{ . | quote }}
      {{- end }}
      {{- if ne $.root.Values.server.fips "required" }}
      - --fips={{ $.root.Values.server.fips }}
      {{- end }}
    securityContext:
      {{- include "fipsgate.containerSecurity" $.root | nindent 6 }}
    resources:
      {{- toYaml $.root.Values.jobResources | nindent 6 }}
    {{- with $.volumes }}
    volumeMounts:
      {{- range . }}
      - { name: {{ .name }}, mountPath: {{ printf "/etc/fipsgate/%s" .name }}, readOnly: true }
      {{- end }}
    {{- end }}
  {{- end }}
{{- with .volumes }}
volumes:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
