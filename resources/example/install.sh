#!/bin/sh
# The node runs this once at every start. The example needs nothing but Python's standard library, so this
# only makes sure of that, and says what it found.
set -eu

if ! command -v python3 >/dev/null; then
    echo "install.sh: there is no python3; on Debian: apt-get install python3" >&2
    exit 1
fi
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))'; then
    echo "install.sh: $(python3 --version) is too old; the example needs Python 3.9 or later" >&2
    exit 1
fi
if [ ! -r iris.csv ]; then
    echo "install.sh: iris.csv is not in $(pwd); run this in the example's folder" >&2
    exit 1
fi
echo "$(python3 --version) is there; the example needs nothing else, so nothing was installed."
