#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# deploy/fips-config.sh where openssl is Red Hat's, which has no `fipsinstall`: the
# module carries its own checksum, so it is activated and no more. Any other
# failure of fipsinstall stays one.
set -euo pipefail

source=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/modules"
touch "$work/modules/fips.so"

# openssl_says 'what fipsinstall says before it fails'
openssl_says() {
	cat >"$work/bin/openssl" <<-SH
		#!/bin/sh
		[ "\$1" != version ] || { echo 'MODULESDIR: "$work/modules"'; exit 0; }
		echo "$1" >&2
		exit 1
	SH
	chmod +x "$work/bin/openssl"
}
config() { PATH=$work/bin:$PATH "$source/deploy/fips-config.sh" "$1" 2>"$work/said"; }

openssl_says "This command is not enabled in the Red Hat Enterprise Linux OpenSSL build, please consult Red Hat documentation to learn how to enable FIPS mode"
config "$work/redhat" || { cat "$work/said"; exit 1; }
diff <(printf '[fips_sect]\nactivate = 1\n') "$work/redhat/fipsmodule.cnf"
grep -qx 'fips = fips_sect' "$work/redhat/openssl.cnf"

openssl_says "INSTALL FAILED"
! config "$work/other" || { echo "a module that does not install is configured"; exit 1; }
grep -q "does not install" "$work/said" && [ ! -e "$work/other/openssl.cnf" ]
