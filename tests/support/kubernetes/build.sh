#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Prints the directory with kube-apiserver, kube-controller-manager and kubectl of
# the version in go.mod, built once a machine from the Go module proxy (minutes);
# 77 and "skipped: ..." where that cannot be. etcd, which an API server needs, is
# a package (deploy/packages.sh test).
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
version=$(sed -n 's|^require k8s.io/kubernetes ||p' "$here/go.mod")
cache=${XDG_CACHE_HOME:-$HOME/.cache}/fipsgate-tests/kubernetes-$version
programs=(kube-apiserver kube-controller-manager kubectl)

command -v etcd >/dev/null || { echo "skipped: no etcd for a kube-apiserver"; exit 77; }
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9 # tests run side by side, and one of them builds

if [ ! -d "$cache/bin" ]; then
	command -v go >/dev/null || { echo "skipped: no Go for a kube-apiserver"; exit 77; }
	# They say by their version what they are, as release builds do; -s -w: a test needs no symbols.
	minor=${version#v1.}
	named="-X k8s.io/component-base/version.gitVersion=$version -X k8s.io/component-base/version.gitMajor=1"
	named="$named -X k8s.io/component-base/version.gitMinor=${minor%%.*}"
	mkdir -p "$cache/new"
	if ! (cd "$here" && GOFLAGS='' GOWORK=off GOTOOLCHAIN=local CGO_ENABLED=0 go build -trimpath -ldflags "-s -w $named" \
		-o "$cache/new/" "${programs[@]/#/k8s.io/kubernetes/cmd/}") >"$cache/log" 2>&1; then
		echo "skipped: no kube-apiserver: $(tail -n 1 "$cache/log")"
		exit 77
	fi
	mv "$cache/new" "$cache/bin"
fi
echo "$cache/bin"
