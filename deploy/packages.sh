#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian packages fipsgate is built from (bookworm and trixie).
#
#   deploy/packages.sh [run|test|full|image|proxy]
#                                         run: build and serve (default)
#                                         test: and what tests/run.sh needs
#                                         full: and what tests/run.sh --full and tests/bench need
#                                         image: what deploy/image is built with, and nothing else
#                                         proxy: what deploy/sidecar runs on, and nothing else
#   deploy/packages.sh mirror             prints where this machine has Debian's packages from
#
# Bookworm lacks libyyjson-dev and openssl-provider-fips. They come from a
# trixie source whose pin lets nothing else through; it uses the mirror that
# this machine already trusts. Does nothing where everything is installed.
set -euo pipefail

run="gcc libc6-dev cmake ninja-build pkg-config openssl curl ca-certificates jq
     libssl-dev libcurl4-openssl-dev libmicrohttpd-dev libjansson-dev libyaml-dev libyyjson-dev openssl-provider-fips"
test="libcmocka-dev clang-format haproxy python3 python3-jsonpatch python3-jsonschema python3-junitparser
      python3-pip python3-selenium python3-venv python3-yaml chromium chromium-driver universal-ctags git
      zsh fish mandoc man-db pre-commit buildah mmdebstrap"
full="clang clang-tidy libclang-rt-dev valgrind wrk strace time gcovr"
image="gcc libc6-dev make cmake pkg-config dpkg-dev openssl ca-certificates
       libssl-dev libjansson-dev libyaml-dev libyyjson-dev openssl-provider-fips"
proxy="haproxy openssl openssl-provider-fips ca-certificates"

missing() {
	local package
	for package in "$@"; do
		dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || echo "$package"
	done
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# The first Debian archive URI of this machine, and the key file that signs it.
mirror() {
	cat /etc/apt/sources.list.d/*.sources 2>/dev/null | sed -n 's/^URIs: *\([^ ]*\).*/\1/p' | grep -m 1 '/debian/\?$' && return
	cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
		sed -n 's/^deb \(\[[^]]*\] \)\?\([^ ]*\) .*/\2/p' | grep -m 1 '/debian/\?$'
}

add_pinned_trixie() {
	local uri
	uri=$(mirror) || { echo "packages.sh: no Debian mirror found in /etc/apt; add trixie's libyyjson-dev and openssl-provider-fips by hand" >&2; exit 1; }
	as_root tee /etc/apt/preferences.d/fipsgate >/dev/null <<-PIN
		Explanation: fipsgate takes two packages from trixie (and the library one of them links), and nothing else.
		Package: *
		Pin: release n=trixie
		Pin-Priority: -1

		Package: libyyjson-dev libyyjson0 openssl-provider-fips
		Pin: release n=trixie
		Pin-Priority: 500
	PIN
	as_root tee /etc/apt/sources.list.d/fipsgate-trixie.sources >/dev/null <<-SOURCE
		Types: deb
		URIs: $uri
		Suites: trixie
		Components: main
		Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
	SOURCE
}

# program PACKAGE NAME: of a package whose installation would start a server, only /usr/bin/NAME
program() {
	local dir
	dir=$(mktemp -d)
	(cd "$dir" && apt-get -o APT::Sandbox::User=root download -qq "$1" && dpkg-deb --fsys-tarfile "$1"_*.deb | tar -x "./usr/bin/$2")
	as_root install -m 755 "$dir/usr/bin/$2" "/usr/local/bin/$2"
	rm -r "$dir"
}

tier=${1:-run}
case $tier in
run) want=$run ;;
test) want="$run $test" ;;
full) want="$run $test $full" ;;
image) want=$image ;;
proxy) want=$proxy ;;
mirror) mirror && exit 0 || exit 1 ;;
*) echo "usage: deploy/packages.sh [run|test|full|image|proxy|mirror]" >&2; exit 2 ;;
esac

# shellcheck disable=SC2086 # lists of words
want=$(missing $want)
tools=
case $tier in
test | full)
	command -v promtool >/dev/null || tools="prometheus/promtool"
	command -v etcd >/dev/null || tools="$tools etcd-server/etcd"
	;;
esac
[ -n "$want$tools" ] || exit 0

# shellcheck source=/dev/null
. /etc/os-release
case ${VERSION_CODENAME:-} in
bookworm) add_pinned_trixie ;;
trixie | forky | sid) ;;
*) echo "packages.sh: made for Debian 12 (bookworm) and later; this is ${PRETTY_NAME:-unknown}" >&2; exit 1 ;;
esac

echo "installing: $(echo $want $tools)"
as_root apt-get update -qq
# shellcheck disable=SC2086
[ -z "$want" ] || DEBIAN_FRONTEND=noninteractive as_root apt-get install -qq -y --no-install-recommends $want >/dev/null
for tool in $tools; do program "${tool%/*}" "${tool#*/}"; done
