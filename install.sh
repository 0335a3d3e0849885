#!/usr/bin/env bash
# Installs manyjvm's Jupyter kernel for the present user: from a release as it is, from a checkout after building it. See --help.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: ./install.sh [--demo] [--jdk HOME] [--prefix DIR]
       ./install.sh --uninstall [--prefix DIR]
       ./install.sh --help

Installs the Jupyter kernel "Java (manyjvm)" for you. Needs no Jupyter to be there. From a release archive nothing is built
and nothing fetched; in a checkout manyjvm is built first, with Maven. A JDK (17 to 28), and Maven where it is needed, are
installed through the system's package manager when they are missing. What is installed needs neither Maven nor a network.

  --demo        afterwards run notebooks/multiprocessing.ipynb and print its cells (needs no Jupyter)
  --jdk HOME    the JDK to run on; without it that of JAVA_HOME, of the PATH, or the first that is found
  --prefix DIR  install below DIR/share/jupyter instead of your own Jupyter folder
  --uninstall   remove what an installation put there, the archives that pools left in your cache, and, unless there is a
                --prefix, the history of cells
  --help        show this

When the JDK is updated in its place, the kernel goes on with it; when it is gone, with another that fits.
Environment: JAVA_HOME chooses the JDK; JUPYTER_DATA_DIR, XDG_DATA_HOME move your own Jupyter folder.
TEXT
}

say() { printf '%s\n' "$*"; }
die() {
    printf 'install.sh: %s\n' "$*" >&2
    exit 1
}
usage_error() {
    printf 'install.sh: %s (see ./install.sh --help)\n' "$*" >&2
    exit 2
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/launcher/jdk.sh"
demo=no
uninstall=no
prefix=
jdk=

while [ $# -gt 0 ]; do
    case $1 in
        --demo) demo=yes ;;
        --uninstall) uninstall=yes ;;
        --prefix)
            [ $# -ge 2 ] && [ -n "$2" ] || usage_error "--prefix needs a folder"
            prefix=$2
            shift
            ;;
        --prefix=*)
            prefix=${1#--prefix=}
            [ -n "$prefix" ] || usage_error "--prefix needs a folder"
            ;;
        --jdk)
            [ $# -ge 2 ] && [ -n "$2" ] || usage_error "--jdk needs the home of a JDK"
            jdk=$2
            shift
            ;;
        --jdk=*)
            jdk=${1#--jdk=}
            [ -n "$jdk" ] || usage_error "--jdk needs the home of a JDK"
            ;;
        -h | --help)
            usage
            exit 0
            ;;
        *) usage_error "unknown option $1" ;;
    esac
    shift
done
[ "$demo$uninstall" != yesyes ] || usage_error "--demo and --uninstall cannot be used together"

# Where Jupyter looks for a user's kernels (jupyter_core.paths: jupyter_data_dir).
kernels_folder() {
    if [ -n "$prefix" ]; then
        say "$prefix/share/jupyter/kernels"
    elif [ -n "${JUPYTER_DATA_DIR:-}" ]; then
        say "$JUPYTER_DATA_DIR/kernels"
    elif [ "$(uname -s)" = Darwin ]; then
        say "$HOME/Library/Jupyter/kernels"
    else
        say "${XDG_DATA_HOME:-$HOME/.local/share}/jupyter/kernels"
    fi
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1 && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
        sudo "$@"
    else
        return 1
    fi
}

# install_package WHAT APT DNF PACMAN BREW: through the package manager that is there.
install_package() {
    local what=$1 log
    log=$(mktemp)
    say "Installing $what ..."
    if command -v apt-get >/dev/null 2>&1; then
        as_root env DEBIAN_FRONTEND=noninteractive sh -c "apt-get update -qq && apt-get install -y -qq --no-install-recommends $2" >"$log" 2>&1
    elif command -v dnf >/dev/null 2>&1; then
        as_root dnf install -y -q "$3" >"$log" 2>&1
    elif command -v pacman >/dev/null 2>&1; then
        as_root pacman -Sy --noconfirm --needed "$4" >"$log" 2>&1
    elif command -v brew >/dev/null 2>&1; then
        brew install --quiet "$5" >"$log" 2>&1
    else
        rm -f "$log"
        die "$what is missing and there is no known package manager (apt-get, dnf, pacman, brew): install $what, then run install.sh again"
    fi || {
        tail -n 5 "$log" >&2
        rm -f "$log"
        die "$what is missing and could not be installed: install it (Debian, Ubuntu: sudo apt-get install $2), then run install.sh again"
    }
    rm -f "$log"
}

# The folder that holds, or will hold, the kernel must be ours to write.
check_writable() {
    local folder=$1
    while [ ! -e "$folder" ]; do folder=$(dirname "$folder"); done
    [ -d "$folder" ] || die "cannot install below $1: $folder is not a folder"
    [ -w "$folder" ] || die "cannot write to $folder: choose another place with --prefix DIR"
}

kernels=$(kernels_folder)
case $kernels in /*) ;; *) kernels=$PWD/$kernels ;; esac
target=$kernels/manyjvm

# What pools have left in the user's cache folder: archives with which workers start sooner. Made anew where still used.
remove_archives() {
    local cache=${XDG_CACHE_HOME:-$HOME/.cache}/manyjvm
    [ -d "$cache" ] || return 0
    rm -f "$cache"/worker-* 2>/dev/null || die "cannot remove $cache: permission denied"
    rmdir "$cache" 2>/dev/null || true # something that is not ours is in it
    say "Removed the archives in $cache"
}

# What kernels have kept of the cells that were run, for later sessions: those of all installations of this user.
remove_history() {
    local state=${XDG_STATE_HOME:-}
    case $state in /*) ;; *) state=$HOME/.local/state ;; esac # a relative one counts as none, for the kernel, too
    state=$state/manyjvm
    [ -d "$state" ] || return 0
    if [ -n "$prefix" ]; then
        say "Left the history of cells in $state: your other installations have it, too"
        return 0
    fi
    rm -f "$state"/history.jsonl "$state"/history.jsonl.* 2>/dev/null || die "cannot remove $state: permission denied"
    rmdir "$state" 2>/dev/null || true # something that is not ours is in it
    say "Removed the history of cells in $state"
}

if [ "$uninstall" = yes ]; then
    remove_archives
    remove_history
    if [ ! -e "$target" ]; then
        say "Nothing to remove: there is no $target"
        exit 0
    fi
    [ -f "$target/kernel.json" ] && [ -d "$target/lib" ] || die "$target does not look like an installation of manyjvm: remove it by hand"
    rm -rf "$target" 2>/dev/null || die "cannot remove $target: permission denied"
    say "Removed $target"
    exit 0
fi

check_writable "$target"

if [ -n "$jdk" ]; then
    case $jdk in /*) ;; *) jdk=$PWD/$jdk ;; esac
    version=$(jdk_version "$jdk")
    fits "$version" || die "cannot use --jdk $jdk: $(why_not "$jdk" "$version")"
else
    jdk=$(find_jdk)
    if [ -z "$jdk" ]; then
        install_package "a JDK ($oldest_jdk to $newest_jdk)" "openjdk-17-jdk-headless || apt-get install -y -qq --no-install-recommends default-jdk-headless" java-latest-openjdk-devel jdk-openjdk openjdk
        jdk=$(find_jdk)
        [ -n "$jdk" ] || die "a JDK was installed, but none that fits was found: set JAVA_HOME to a JDK from $oldest_jdk to $newest_jdk, then run install.sh again"
    fi
    version=$(jdk_version "$jdk")
fi
case $jdk in /*) ;; *) jdk=$PWD/$jdk ;; esac # the launcher runs in other folders

log=$(mktemp)
staging=
cleanup() {
    rm -f "$log"
    [ -z "$staging" ] || rm -rf "$staging"
}
trap cleanup EXIT

# A release has its jars beside this script; a checkout has them when it is built.
if [ -f "$here/pom.xml" ]; then
    command -v mvn >/dev/null 2>&1 || install_package Maven maven maven maven maven
    command -v mvn >/dev/null 2>&1 || die "Maven was installed, but there is no mvn on the PATH: open a new terminal and run install.sh again"
    say "Building with JDK $version ($jdk) ..."
    # What an earlier build left there, of another version maybe, would be installed, too.
    for module in magics maven; do
        rm -rf "$here/$module"/target/lib "$here/$module"/target/*.jar || die "cannot remove the earlier build in $here/$module/target"
    done
    # Checks of the sources are for those who change them: a compiler newer than this manyjvm keeps nobody from installing.
    if ! (cd "$here" && JAVA_HOME=$jdk mvn -B -q -DskipTests -Dmaven.compiler.failOnWarning=false -P '!error-prone' -pl magics,maven -am package </dev/null) >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        die "the build failed; the last lines of Maven are above"
    fi
elif [ ! -d "$here/lib/maven" ]; then
    die "there are no jars in $here/lib: this is neither a whole release nor a checkout of manyjvm"
fi

# Laid out beside the target and moved there in one go: a running installation is never half replaced.
mkdir -p "$kernels" 2>/dev/null || die "cannot make $kernels: choose another place with --prefix DIR"
staging=$(mktemp -d "$kernels/.manyjvm-XXXXXX") || die "cannot write to $kernels: choose another place with --prefix DIR"
chmod 755 "$staging"
mkdir "$staging/bin"
if [ -f "$here/pom.xml" ]; then
    mkdir -p "$staging/lib/maven"
    cp "$here"/magics/target/lib/*.jar "$here"/magics/target/manyjvm-magics-*.jar "$staging/lib/"
    # What the first %maven loads, by a class loader of its own: "lib/*" on the class path does not mean these.
    cp "$here"/maven/target/lib/*.jar "$here"/maven/target/manyjvm-maven-*.jar "$staging/lib/maven/"
else
    cp -R "$here/lib" "$staging/lib"
fi
cp "$here/launcher/manyjvm" "$here/launcher/jdk.sh" "$staging/bin/"
chmod 755 "$staging/bin/manyjvm"
cp "$here/LICENSE" "$here/THIRD-PARTY.md" "$staging/"
printf '%s\n' "$jdk" >"$staging/jdk"
launcher=$(printf '%s' "$target/bin/manyjvm" | sed 's/\\/\\\\/g; s/"/\\"/g' | sed 's/[\\&|]/\\&/g')
sed "s|@LAUNCHER@|$launcher|" "$here/kernel.json" >"$staging/kernel.json"

rm -rf "$target" 2>/dev/null || die "cannot replace $target: permission denied"
mv "$staging" "$target"
staging=

# Made where it will be used, since it fits these paths alone. The kernel works without it.
if ! "$target/bin/manyjvm" archive "$target/kernel.jsa" >"$log" 2>&1 </dev/null; then
    say "The kernel will start a little slower: $(tail -n 1 "$log")"
fi
say "Installed the kernel \"Java (manyjvm)\" in $target"

if [ "$demo" = yes ]; then
    say
    "$target/bin/manyjvm" run "$here/notebooks/multiprocessing.ipynb"
elif command -v jupyter >/dev/null 2>&1; then
    say "Start Jupyter (jupyter notebook, jupyter lab) and choose \"Java (manyjvm)\"."
else
    say "Run a notebook without Jupyter: '$target/bin/manyjvm' run NOTEBOOK.ipynb"
fi
