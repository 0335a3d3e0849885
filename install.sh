#!/usr/bin/env bash
# Builds manyjvm and installs its Jupyter kernel for the present user. See --help.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: ./install.sh [--demo] [--prefix DIR]
       ./install.sh --uninstall [--prefix DIR]
       ./install.sh --help

Builds manyjvm and installs the Jupyter kernel "Java (manyjvm)" for you. Needs no Jupyter to be there.
A JDK (17 to 28) and Maven are installed through the system's package manager when they are missing.

  --demo        afterwards run notebooks/multiprocessing.ipynb and print its cells (needs no Jupyter)
  --prefix DIR  install below DIR/share/jupyter instead of your own Jupyter folder
  --uninstall   remove what an installation put there, the archives that pools left in your cache, and the history of cells
  --help        show this

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

oldest_jdk=17
newest_jdk=28
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
demo=no
uninstall=no
prefix=

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

# A JDK's major version, from its own mouth; empty when it is no JDK that can run the kernel (no compiler, no JShell).
jdk_version() {
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 0
    case $("$1/bin/java" --list-modules 2>/dev/null) in *jdk.jshell*) ;; *) return 0 ;; esac
    "$1/bin/java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.specification\.version = \([0-9]*\).*/\1/p'
}

# Where a JDK may be, one home a line: JAVA_HOME, the java on the PATH, then the usual places.
jdk_candidates() {
    local candidate
    [ -z "${JAVA_HOME:-}" ] || say "$JAVA_HOME"
    if command -v java >/dev/null 2>&1; then
        java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p' || true
    fi
    [ ! -x /usr/libexec/java_home ] || /usr/libexec/java_home -v "$oldest_jdk+" 2>/dev/null || true
    for candidate in /usr/lib/jvm/* /opt/homebrew/opt/openjdk* /usr/local/opt/openjdk* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        [ ! -d "$candidate" ] || say "$candidate"
    done
}

# Why JAVA_HOME, which users set to choose the JDK, is passed over; a JDK that is too new is named with all others.
explain_java_home() {
    local version=$1 why
    if [ ! -x "$JAVA_HOME/bin/java" ]; then
        why="there is no bin/java in it"
    elif [ -z "$version" ]; then
        why="it has no javac or no jshell: it is a JRE, or a part of a JDK"
    else
        why="it is JDK $version, and manyjvm needs JDK $oldest_jdk to $newest_jdk"
    fi
    say "Not using JAVA_HOME=$JAVA_HOME: $why" >&2
}

# The home of the first JDK that fits, or nothing. Names those that are too new, and JAVA_HOME when it does not fit.
find_jdk() {
    local candidates candidate version
    candidates=$(jdk_candidates | awk '!seen[$0]++')
    while IFS= read -r candidate; do
        version=$(jdk_version "$candidate")
        if [ -z "$version" ] || [ "$version" -lt "$oldest_jdk" ]; then
            [ -z "${JAVA_HOME:-}" ] || [ "$candidate" != "$JAVA_HOME" ] || explain_java_home "$version"
        elif [ "$version" -gt "$newest_jdk" ]; then
            say "Not using JDK $version ($candidate): this manyjvm knows JDK $oldest_jdk to $newest_jdk" >&2
        else
            say "$candidate"
            return
        fi
    done <<<"$candidates"
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

# What kernels have kept of the cells that were run, for later sessions.
remove_history() {
    local state=${XDG_STATE_HOME:-$HOME/.local/state}/manyjvm
    [ -d "$state" ] || return 0
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

jdk=$(find_jdk)
if [ -z "$jdk" ]; then
    install_package "a JDK ($oldest_jdk to $newest_jdk)" "openjdk-17-jdk-headless || apt-get install -y -qq --no-install-recommends default-jdk-headless" java-latest-openjdk-devel jdk-openjdk openjdk
    jdk=$(find_jdk)
    [ -n "$jdk" ] || die "a JDK was installed, but none that fits was found: set JAVA_HOME to a JDK from $oldest_jdk to $newest_jdk, then run install.sh again"
fi
command -v mvn >/dev/null 2>&1 || install_package Maven maven maven maven maven
command -v mvn >/dev/null 2>&1 || die "Maven was installed, but there is no mvn on the PATH: open a new terminal and run install.sh again"
version=$(jdk_version "$jdk")

say "Building with JDK $version ($jdk) ..."
log=$(mktemp)
staging=
cleanup() {
    rm -f "$log"
    [ -z "$staging" ] || rm -rf "$staging"
}
trap cleanup EXIT
# What an earlier build left there, of another version maybe, would be installed, too.
for module in magics maven; do
    rm -rf "$here/$module"/target/lib "$here/$module"/target/*.jar || die "cannot remove the earlier build in $here/$module/target"
done
# Checks of the sources are for those who change them: a compiler newer than this manyjvm keeps nobody from installing.
if ! (cd "$here" && JAVA_HOME=$jdk mvn -B -q -DskipTests -Dmaven.compiler.failOnWarning=false -P '!error-prone' -pl magics,maven -am package </dev/null) >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    die "the build failed; the last lines of Maven are above"
fi

# Laid out beside the target and moved there in one go: a running installation is never half replaced.
mkdir -p "$kernels" 2>/dev/null || die "cannot make $kernels: choose another place with --prefix DIR"
staging=$(mktemp -d "$kernels/.manyjvm-XXXXXX") || die "cannot write to $kernels: choose another place with --prefix DIR"
chmod 755 "$staging"
mkdir -p "$staging/lib/maven"
cp "$here"/magics/target/lib/*.jar "$here"/magics/target/manyjvm-magics-*.jar "$staging/lib/"
# What the first %maven loads, by a class loader of its own: "lib/*" on the class path does not mean these.
cp "$here"/maven/target/lib/*.jar "$here"/maven/target/manyjvm-maven-*.jar "$staging/lib/maven/"
cp "$here/LICENSE" "$here/THIRD-PARTY.md" "$staging/"

# write_kernel_json FOLDER OPTIONS: OPTIONS are further JVM options, as JSON strings with a comma behind each.
write_kernel_json() {
    local options='"-Xshare:auto", "-XX:-UsePerfData", "-XX:TieredStopAtLevel=4",' java
    if [ "$version" -ge 24 ]; then
        options="$options \"--sun-misc-unsafe-memory-access=allow\", \"--enable-native-access=ALL-UNNAMED\","
    fi
    java=$(printf '%s' "$jdk/bin/java" | sed 's/\\/\\\\/g; s/"/\\"/g; s/[&|]/\\&/g')
    sed -e "s|@JAVA@|$java|" -e "s|@JVM_OPTIONS@|$options $2|" "$here/kernel.json" >"$1/kernel.json.new"
    mv "$1/kernel.json.new" "$1/kernel.json"
}
write_kernel_json "$staging" ""

rm -rf "$target" 2>/dev/null || die "cannot replace $target: permission denied"
mv "$staging" "$target"
staging=

# Made where it will be used, since it fits these paths alone. The kernel works without it.
if "$jdk/bin/java" -cp "$target/lib/*" manyjvm.kernel.Main archive "$target/kernel.jsa" >"$log" 2>&1 </dev/null; then
    write_kernel_json "$target" '"-XX:SharedArchiveFile={resource_dir}/kernel.jsa", "-Xlog:cds*=off",'
else
    say "The kernel will start a little slower: $(tail -n 1 "$log")"
fi
say "Installed the kernel \"Java (manyjvm)\" in $target"

if [ "$demo" = yes ]; then
    say
    "$jdk/bin/java" -cp "$target/lib/*" manyjvm.kernel.Main run "$here/notebooks/multiprocessing.ipynb"
elif command -v jupyter >/dev/null 2>&1; then
    say "Start Jupyter (jupyter notebook, jupyter lab) and choose \"Java (manyjvm)\"."
else
    say "Run a notebook without Jupyter: $jdk/bin/java -cp '$target/lib/*' manyjvm.kernel.Main run NOTEBOOK.ipynb"
fi
