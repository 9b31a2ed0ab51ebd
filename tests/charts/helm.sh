#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Prints where helm is, in the one version that the chart is tested with, built
# once a machine by `go install`; 77 and "skipped: no helm" where that cannot be.
set -euo pipefail

version=v3.20.2
cache=${XDG_CACHE_HOME:-$HOME/.cache}/fipsgate-tests/helm-$version
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9 # tests run side by side, and one of them builds

if [ ! -x "$cache/helm" ]; then
	command -v go >/dev/null || { echo "skipped: no helm, and no Go to build it"; exit 77; }
	# -s -w: a test needs no symbols.
	if ! GOBIN=$cache/new GOTOOLCHAIN=local CGO_ENABLED=0 go install -trimpath -ldflags='-s -w' \
		"helm.sh/helm/v3/cmd/helm@$version" >"$cache/log" 2>&1; then
		echo "skipped: no helm: $(tail -n 1 "$cache/log")"
		exit 77
	fi
	mv "$cache/new/helm" "$cache/helm"
fi
echo "$cache/helm"
