#!/usr/bin/env bash
# Compares the exported API of every released module with its last tag.
#
#   bash .github/tools/apicompat.sh           fails on every change that breaks a user's program
#   bash .github/tools/apicompat.sh v2.0.0    the same for a release: where that version may break, it only lists
#
# Without a tag there is nothing to compare with, and it says so. It looks at the repository it is started in.
set -euo pipefail
shopt -s inherit_errexit
tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$(git rev-parse --show-toplevel)"
release=${1:-}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

apidiff=$(go tool -n -modfile="$tools/go.mod" apidiff)
# What is compiled in one folder need not be compiled again in another.
export GOFLAGS="${GOFLAGS:+$GOFLAGS }-trimpath"

# What is not a library is left out: nobody imports it.
strip() {
  rm -rf "$1/examples" "$1/upstash/cmd"
}

mkdir "$tmp/new"
git ls-files -z --cached --others --exclude-standard |
  tar --create --null --ignore-failed-read --files-from=- 2>/dev/null | tar --extract --directory "$tmp/new"
strip "$tmp/new"

# may_break tells whether SemVer lets a version break what the one before it had: another major, or before v1 another
# minor.
may_break() {
  local old=${1#v} new=${2#v}
  [ "${old%%.*}" != "${new%%.*}" ] || { [ "${old%%.*}" = 0 ] && [ "${old%.*}" != "${new%.*}" ]; }
}

# packages lists what users can import in the module of a folder.
packages() {
  (cd "$1" && go list -f '{{if ne .Name "main"}}{{.ImportPath}}{{end}}' ./... | grep -Ev '/internal(/|$)' | sort)
}

# compare prints what the packages of the first folder lack, or have otherwise, in the second one.
compare() {
  local package changes
  packages "$1" >"$tmp/old.packages"
  packages "$2" >"$tmp/new.packages"
  comm -23 "$tmp/old.packages" "$tmp/new.packages" | sed 's/$/: package removed/'
  while IFS= read -r package; do
    (cd "$1" && "$apidiff" -w "$tmp/old.api" "$package") >&2
    (cd "$2" && "$apidiff" -w "$tmp/new.api" "$package") >&2
    changes=$("$apidiff" -incompatible "$tmp/old.api" "$tmp/new.api")
    [ -z "$changes" ] || printf '%s\n%s\n' "$package" "$changes"
  done < <(comm -12 "$tmp/old.packages" "$tmp/new.packages")
}

failed=0
while IFS= read -r folder; do
  prefix=${folder:+$folder/}
  module=$(cd "./$folder" && go list -m)
  # Releases are made beside the main branch, so the last tag is the highest one.
  tag=$(git tag --list "${prefix}v[0-9]*" --sort=-v:refname | head -n 1)
  if [ -z "$tag" ]; then
    echo "$module: no tag yet, nothing to compare with"
    continue
  fi
  old=$tmp/old/$tag
  mkdir -p "$old"
  git archive "$tag" | tar --extract --directory "$old"
  strip "$old"
  changes=$(compare "$old/$folder" "$tmp/new/$folder")
  if [ -z "$changes" ]; then
    echo "$module: compatible with $tag"
    continue
  fi
  printf '%s: breaks programs written for %s\n%s\n' "$module" "$tag" "$changes"
  if [ -n "$release" ] && may_break "${tag##*/}" "$release"; then
    echo "$release may do that; CHANGELOG.md says what to write instead"
  else
    failed=1
  fi
done < <(bash "$tools/modules.sh")
exit "$failed"
