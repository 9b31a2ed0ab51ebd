#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Prints where kustomize is, in one version, built once a machine by `go install`;
# 77 and "skipped: no kustomize" where that cannot be.
set -euo pipefail

version=v5.8.1
cache=${XDG_CACHE_HOME:-$HOME/.cache}/fipsgate-tests/kustomize-$version
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9 # tests run side by side, and one of them builds

if [ ! -x "$cache/kustomize" ]; then
	command -v go >/dev/null || { echo "skipped: no kustomize, and no Go to build it"; exit 77; }
	# -s -w: a test needs no symbols.
	if ! GOBIN=$cache/new GOTOOLCHAIN=local CGO_ENABLED=0 go install -trimpath -ldflags='-s -w' \
		"sigs.k8s.io/kustomize/kustomize/v5@$version" >"$cache/log" 2>&1; then
		echo "skipped: no kustomize: $(tail -n 1 "$cache/log")"
		exit 77
	fi
	mv "$cache/new/kustomize" "$cache/kustomize"
fi
echo "$cache/kustomize"
