{{- define "ferry.labels" -}}
app.kubernetes.io/name: ferry
{{- end -}}
