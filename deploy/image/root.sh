#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the root file system of an image: what is named, the shared libraries it
# links, and nothing that could be run besides: no shell, no package manager.
#
#   deploy/image/root.sh ROOT FILE|DIR...    each at its own path below ROOT
#
# Of each Debian package that gave a file, /var/lib/dpkg/status.d/ has its record,
# which is where scanners look in an image without dpkg, and /usr/share/doc/ its
# licence; so too of what libraries.sh built. Fails where two versions of a
# library of OpenSSL, or another cryptographic library, would come along.
# SOURCE_DATE_EPOCH becomes the time of every file.
set -euo pipefail

[ $# -ge 2 ] || { echo "usage: deploy/image/root.sh ROOT FILE|DIR..." >&2; exit 2; }
root=$1
user=65532
# Libraries with cryptography that is not OpenSSL's, by the beginning of their names.
other_cryptography='libgnutls|libgcrypt|libnettle|libhogweed|libnss3|libnssutil3|libsoftokn3|libfreebl|libmbed|libwolfssl|libsodium|libbotan|libcryptopp|libk5crypto|libgssapi|libssh|libldap|librtmp'

is_elf() { [ "$(head -c 4 "$1" | tail -c 3)" = ELF ]; }

# needs FILE: the libraries, and the loader, that it is run with
needs() {
	local found
	found=$(ldd "$1" 2>/dev/null) || return 0 # static
	! grep 'not found' <<<"$found" >&2 || return 1
	sed -nE 's|^[^/]*(/[^ ]+) \(0x.*|\1|p' <<<"$found"
}

# The path that a file really has: /lib is a link. The name of a library stays, be it a link or not.
place() { echo "$(readlink -f "$(dirname "$1")")/$(basename "$1")"; }

closure() {
	local file
	find "$@" -type f | sort | while read -r file; do
		place "$file"
		! is_elf "$file" || needs "$file" | while read -r library; do place "$library"; done
	done | sort -u
}

copy() {
	local file
	while read -r file; do
		mkdir -p "$root$(dirname "$file")"
		cp --preserve=mode --dereference "$file" "$root$file"
	done
}

# The Debian packages that the files come from; the list of CAs is written when its package is installed.
owners() {
	local file
	while read -r file; do
		case $file in
		/etc/ssl/certs/ca-certificates.crt) echo "ca-certificates: $file" ;;
		*) dpkg-query --search "$(readlink -f "$file")" 2>/dev/null || true ;;
		esac
	done | sed -nE 's/^([^ :,]+)(:[a-z0-9]+)?: .*/\1/p' | sort -u
}

document_packages() {
	local package
	while read -r package; do
		dpkg-query --status "$package" >"$root/var/lib/dpkg/status.d/$package"
		install -D -m 644 "/usr/share/doc/$package/copyright" "$root/usr/share/doc/$package/copyright"
	done
}

# What libraries.sh built, under the name of the source package, by which advisories go.
document_libraries() {
	local doc name
	for doc in /usr/local/share/doc/*/; do
		name=$(basename "$doc")
		[ -f "$doc/version" ] || continue
		printf '%s\n' "Package: $name" "Source: $name" "Version: $(cat "$doc/version")" "Architecture: $(dpkg --print-architecture)" \
			"Status: install ok installed" "Maintainer: fipsgate" "Description: $name, built with less (deploy/image/libraries.sh)" \
			>"$root/var/lib/dpkg/status.d/$name"
		install -D -m 644 "$doc/copyright" "$root/usr/share/doc/$name/copyright"
	done
}

skeleton() {
	mkdir -p "$root"/{etc,usr/lib,usr/lib64,var/lib/dpkg/status.d}
	install -d -m 1777 "$root/tmp"
	ln -sfn usr/lib "$root/lib"
	ln -sfn usr/lib64 "$root/lib64"
	printf 'root:x:0:0:root:/:/nonexistent\nnonroot:x:%s:%s:nonroot:/:/nonexistent\n' $user $user >"$root/etc/passwd"
	printf 'root:x:0:\nnonroot:x:%s:\n' $user >"$root/etc/group"
	cp /etc/os-release "$root/etc/os-release"
}

# One libcrypto, one fips.so, one libssl at most, and no other cryptography.
prove() {
	local names
	names=$(find "$root" -name '*.so*' -type f -printf '%f\n' | sort)
	! grep -E "^($other_cryptography)" <<<"$names" >&2 || { echo "root.sh: cryptography that is not OpenSSL's" >&2; exit 1; }
	[ "$(grep -c '^libcrypto\.so' <<<"$names")" = 1 ] && [ "$(grep -c '^fips\.so$' <<<"$names")" = 1 ] &&
		[ "$(grep -c '^libssl\.so' <<<"$names")" -le 1 ] || { echo "root.sh: not one OpenSSL: $names" >&2; exit 1; }
}

skeleton
files=$(closure "${@:2}")
copy <<<"$files"
document_libraries
owners <<<"$files" | document_packages
prove
find "$root" -exec touch --no-dereference --date "@${SOURCE_DATE_EPOCH:-0}" {} +
