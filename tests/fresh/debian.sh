#!/usr/bin/env bash
# Builds lessons in a Debian that has nothing but its own base, by the commands of README.md and docs/ci.md alone.
#
#   tests/fresh/debian.sh [root|user|make]…     all three, one after the other
#
# root   an author's project on a build server: the wheel is made and installed, doctor --fix runs as root
# user   the same as a user who may install nothing; what doctor names is installed as an administrator would
# make   this repository: make lesson EXEC=never
#
# Needs root, debootstrap and a network. These variables change what it does:
#   FRESH         folder for the systems that it makes (default /tmp/deckcast-fresh); each is removed when it ends well,
#                 but for FRESH/base, from which the next run begins
#   FRESH_SUITE   Debian's release (default bookworm)
#   FRESH_MIRROR  where Debian is (default http://deb.debian.org/debian)
#   FRESH_BINDS   files and folders of this machine to be seen in there at the same place, read-only, between spaces:
#                 certificates, pip.conf, sources.list.d of a network that needs them
#   FRESH_ENV     names of environment variables to be handed on, between spaces: https_proxy, PIP_INDEX_URL
set -euo pipefail

here=$(cd "$(dirname "$0")/../.." && pwd)
FRESH=${FRESH:-/tmp/deckcast-fresh} FRESH_SUITE=${FRESH_SUITE:-bookworm}
FRESH_MIRROR=${FRESH_MIRROR:-http://deb.debian.org/debian}
[ "$(id -u)" = 0 ] || { echo "making a system takes root: sudo $0 $*"; exit 3; }
command -v debootstrap >/dev/null || { echo "debootstrap is missing: apt-get install -y debootstrap"; exit 3; }

# What is mounted is so for this process alone, and goes with it, so that nothing of the machine can be removed.
[ -n "${FRESH_INSIDE:-}" ] || exec env FRESH_INSIDE=1 unshare --mount --propagation private "$0" "$@"

deckcast='/srv/deckcast-*.whl'
minutes() { printf '%d:%02d' $(($1 / 60)) $(($1 % 60)); }

# base: the system before anybody has installed anything, once for all.
base() {
  [ -e "$FRESH/base/.made" ] && return
  mkdir -p "$FRESH"
  rm -rf "$FRESH/base"
  echo "== $FRESH_SUITE from $FRESH_MIRROR"
  debootstrap --variant=minbase --include=ca-certificates "$FRESH_SUITE" "$FRESH/base" "$FRESH_MIRROR" >"$FRESH/base.log"
  touch "$FRESH/base/.made"
}

# system NAME: a copy of the base, with this checkout's files in /home/author/deckcast, made the one that `step` works in.
system() {
  system=$FRESH/$1
  if [ -e "$system" ]; then rm -rf --one-file-system "$system"; fi
  cp -a "$FRESH/base" "$system"
  chroot "$system" useradd --create-home author
  mkdir "$system/home/author/deckcast"
  git -C "$here" -c safe.directory="$here" ls-files -z |
    tar -C "$here" --null --files-from=- --create | tar -x --no-same-owner -C "$system/home/author/deckcast"
  chroot "$system" chown -R author: /home/author
  mount -t proc proc "$system/proc"
  mount --rbind /dev "$system/dev"
  cp /etc/resolv.conf /etc/hosts "$system/etc/"
  for place in ${FRESH_BINDS:-}; do
    if [ -d "$place" ]; then mkdir -p "$system$place"; else mkdir -p "$system${place%/*}"; touch "$system$place"; fi
    mount --bind "$place" "$system$place"
    mount -o remount,bind,ro "$system$place"
  done
}

# step WHO FOLDER COMMAND: says what it does, does it with an environment of nothing, and says how long that took.
step() {
  local begun=$SECONDS handed=() name
  for name in ${FRESH_ENV:-}; do handed+=("$name=${!name}"); done
  echo "-- $1: ${3%%$'\n'*}"
  chroot "$system" /usr/sbin/runuser -u "$1" -- env -i PATH="/tmp/venv/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
    HOME="$(chroot "$system" sh -c "echo ~$1")" "${handed[@]}" bash -euo pipefail -c "cd $2; $3" || {
    echo "failed after $(minutes $((SECONDS - begun))); the system is left in $system"
    return 1
  }
  echo "   $(minutes $((SECONDS - begun)))"
}

# project WHO: an author's project from nothing to the second build. This is docs/ci.md, line by line.
project() {
  local who=$1 home
  home=$(chroot "$system" sh -c "echo ~$who")
  step root / 'apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv >/dev/null'
  step "$who" / 'python3 -m venv /tmp/venv'
  # what a release would have put into an index
  step root /home/author/deckcast '/tmp/venv/bin/pip wheel --quiet --no-deps --wheel-dir /srv .'
  step "$who" "$home" "pip install --quiet $deckcast"
  if [ "$who" = root ]; then
    step root "$home" 'deckcast doctor --fix'
  else
    mend
  fi
  step "$who" "$home" 'deckcast init lessons'
  step "$who" "$home/lessons" 'deckcast new second-lesson'
  # the cells run once, where the author works; their record is what is committed
  step "$who" "$home/lessons" 'deckcast run chapters/01-first-lesson; deckcast run chapters/second-lesson'
  step "$who" "$home/lessons" 'deckcast check'
  step "$who" "$home/lessons" 'deckcast check --output-format=github'
  step "$who" "$home/lessons" 'deckcast build --exec=never'
  step "$who" "$home/lessons" 'deckcast clean --most 2GB'
  step "$who" "$home/lessons" 'sha256sum output/*/manifest.json > /tmp/manifests'
  step "$who" "$home/lessons" 'deckcast build --exec=never --json > /tmp/again.json'
  step "$who" "$home/lessons" "$(made)"
  # a build server's next run: a new checkout, and of what was built the store alone
  step "$who" "$home/lessons" 'find output -mindepth 1 -maxdepth 1 ! -name .deckcast -exec rm -r {} +; find . -exec touch {} +'
  step "$who" "$home/lessons" 'deckcast build --exec=never --json > /tmp/again.json'
  # the lessons' own files are put together of what is kept
  step "$who" "$home/lessons" "$(made encode=1 publish=1)"
  step "$who" "$home/lessons" 'sha256sum --check --quiet /tmp/manifests'
}

# made STAGE=PIECES…: a program that fails unless the last build made this of each lesson, and nothing else.
made() {
  cat <<END
python - $* <<'PY'
import json, sys
wanted = dict(one.split("=") for one in sys.argv[1:])
for one in json.load(open("/tmp/again.json"))["lessons"]:
    made = {stage["name"]: str(stage["made"]) for stage in one["stages"] if stage["made"]}
    print(one["name"], "made", made or "nothing")
    assert made == wanted, f"{wanted} was expected"
PY
END
}

# mend: what doctor names to a user who may install nothing is done as it says, by root.
mend() {
  step author /home/author 'deckcast doctor --fix || test $? = 3'
  step author /home/author 'deckcast doctor --json > /tmp/doctor.json || test $? = 3'
  step author /home/author "$named"
  step root / 'sh -eux /tmp/mend.sh'
  step author /home/author 'deckcast doctor'
}

named='python - <<END
import json
mends = [one["mend"] for one in json.load(open("/tmp/doctor.json"))["checks"] if one["mark"] == "missing"]
assert all(mend.startswith("sudo apt-get ") for mend in mends), mends
open("/tmp/mend.sh", "w").write("".join(mend.removeprefix("sudo ") + "\n" for mend in mends))
END'

one() {
  local begun=$SECONDS
  echo "== $1"
  system "$1"
  case $1 in
    root) project root ;;
    user) project author ;;
    make)
      step root / 'apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv make git >/dev/null'
      step root /home/author/deckcast 'make lesson EXEC=never'
      step root /home/author/deckcast 'make lesson EXEC=never'
      ;;
    *) echo "there is no $1: root, user or make"; exit 2 ;;
  esac
  umount -R "$system/proc" "$system/dev"
  for place in ${FRESH_BINDS:-}; do umount "$system$place"; done
  echo "== $1 in $(minutes $((SECONDS - begun))), $(du -sh "$system" | cut -f1)"
  du -sh "$system"/tmp/venv "$system"/*/lessons/output/.deckcast "$system"/home/author/{lessons,deckcast}/output/.deckcast 2>/dev/null || true
  rm -rf --one-file-system "$system"
}

base
[ $# -gt 0 ] || set -- root user make
for each in "$@"; do one "$each"; done
