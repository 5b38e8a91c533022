#!/usr/bin/env bash
# Makes the commit and the tags of a release, here and not anywhere else: who starts it pushes the tags.
#
#   bash .github/tools/release.sh v0.2.0
#
# All modules get the same version at the same commit. That commit differs from the one it is made on in one thing: the
# nested modules require the root module in this version, because the replace lines that connect them inside of the
# repository are ignored in the modules of users. It is on no branch.
set -euo pipefail
tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$(git rev-parse --show-toplevel)"
version=${1:-}

fail() {
  printf 'release: %s\n' "$*" >&2
  exit 1
}

[[ $version =~ ^v(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$ ]] || fail 'give a version like v0.2.0'
[[ $version =~ ^v[01]\. ]] || fail "from v2 on the module paths end in the major version: change them first"
[ -z "$(git status --porcelain)" ] || fail 'there are changes that are not committed'
grep -q "^## ${version#v}\( \|\$\)" CHANGELOG.md || fail "CHANGELOG.md has no section ## ${version#v}"
root=$(go list -m)
highest=$(git tag --list 'v[0-9]*' --sort=-v:refname | head -n 1)
if [ -n "$highest" ] && [ "$(printf '%s\n' "$highest" "$version" | sort -V | tail -n 1)" != "$version" ]; then
  fail "$highest is newer than $version"
fi

tags=()
git checkout --quiet --detach
while IFS= read -r folder; do
  tag=${folder:+$folder/}$version
  ! git rev-parse --quiet --verify "refs/tags/$tag" >/dev/null || fail "$tag exists"
  tags+=("$tag")
  [ -z "$folder" ] || (
    cd "$folder"
    for module in $(go mod edit -json | sed -n 's/.*"Path": "\(.*\)",*/\1/p' | sort -u | grep -x "$root\(/.*\)\?"); do
      [ "$module" = "$(go list -m)" ] || go mod edit -require="$module@$version"
    done
    go mod tidy -diff # with the replace lines nothing is fetched for it
  )
done < <(bash "$tools/modules.sh")
git commit --quiet --allow-empty --all --message "Release $version"
for tag in "${tags[@]}"; do
  git tag --annotate --message "$tag" "$tag"
done
printf '%s\n' "${tags[@]}"
