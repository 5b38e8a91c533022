#!/usr/bin/env bash
# Tries the scripts of a release on a doctored copy of this repository: what must pass, and what must be refused.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.com GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.com
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

fail() {
  printf 'release_test: %s\n' "$*" >&2
  cat "$tmp/out" >&2
  exit 1
}

# expect runs a script: expect pass|fail TEXT SCRIPT [ARGUMENT]. The text must be in what it prints.
expect() {
  local want=$1 text=$2 got=pass
  bash ".github/tools/$3.sh" "${@:4}" >"$tmp/out" 2>&1 || got=fail
  [ "$got" = "$want" ] || fail "$3 ${*:4}: $got, want $want"
  grep -qF -- "$text" "$tmp/out" || fail "$3 ${*:4} does not say: $text"
  printf 'ok: %s %s: %s, "%s"\n' "$3" "${*:4}" "$want" "$text"
}

mkdir "$tmp/copy"
git ls-files -z --cached --others --exclude-standard |
  tar --create --null --ignore-failed-read --files-from=- 2>/dev/null | tar --extract --directory "$tmp/copy"
cd "$tmp/copy"
git init --quiet --initial-branch=main
printf '\n## 0.1.0\n\n## 0.1.1\n\n## 0.2.0\n' >>CHANGELOG.md
git add --all
git commit --quiet --message 'A copy'

expect pass 'no tag yet' apicompat
expect fail 'give a version' release 0.1.0
expect fail 'no section' release v0.1.9
expect pass 'upstash/otelupstash/v0.1.0' release v0.1.0
while IFS= read -r folder; do
  [ -z "$folder" ] || git show "$folder/v0.1.0:$folder/go.mod" | grep -q 'seed-9937a0e6/upstash-go v0\.1\.0$' ||
    fail "$folder does not require the version that it is released with"
done < <(bash .github/tools/modules.sh)
git checkout --quiet main
expect fail 'v0.1.0 exists' release v0.1.0
git checkout --quiet main

# What breaks a user's program is tried with two packages that import nothing, in seconds.
git rm --quiet -r . ':!.github' ':!go.mod' ':!go.sum' ':!CHANGELOG.md' ':!cache/superjson' ':!ratelimit/clientip'
git commit --quiet --message 'A small copy'
git tag --list | xargs git tag --delete >/dev/null
expect pass 'v0.1.0' release v0.1.0
git checkout --quiet main

printf 'package clientip\n\n// Added is new.\nfunc Added() {}\n' >ratelimit/clientip/added.go
expect pass 'compatible with v0.1.0' apicompat
sed -i 's/^func TrustedHops(/func trustedHops(/' ratelimit/clientip/source.go
rm -r cache/superjson # which leaves one package to compare
expect fail 'TrustedHops: removed' apicompat
expect fail 'cache/superjson: package removed' apicompat v0.1.1
expect pass 'may do that' apicompat v0.2.0
echo 'func' >>ratelimit/clientip/added.go
expect fail 'added.go' apicompat v0.2.0
expect fail 'not committed' release v0.2.0
