#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A throw-away certificate for a laptop, a test or the quickstart: self-signed,
# one day, for localhost and 127.0.0.1.
#
#   deploy/dev-cert.sh DIR [p-256|p-384|rsa]     writes DIR/tls.crt and DIR/tls.key
#
# Clients trust DIR/tls.crt itself. In TLS 1.2 a client that takes only P-384
# also takes only certificates on P-384, or RSA. Says nothing unless it fails.
set -euo pipefail

usage() { echo "usage: deploy/dev-cert.sh DIR [p-256|p-384|rsa]" >&2; exit 2; }
[ $# -eq 1 ] || [ $# -eq 2 ] || usage
case ${2:-p-256} in
p-256) key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256) ;;
p-384) key=(-newkey ec -pkeyopt ec_paramgen_curve:P-384) ;;
rsa) key=(-newkey rsa:2048) ;;
*) usage ;;
esac
mkdir -p "$1"

umask 077
output=$(openssl req -x509 "${key[@]}" -sha256 -nodes -days 1 \
	-subj /CN=localhost -addext "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1" \
	-keyout "$1/tls.key" -out "$1/tls.crt" 2>&1) || {
	printf 'dev-cert.sh: %s\n' "$output" >&2
	exit 1
}
