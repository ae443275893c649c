# shellcheck shell=bash
#
# lib.sh - what the scripts of this directory share: which PostgreSQL to use,
# and a private, throw-away cluster.
#
# The cluster lives in one temporary directory of its own, listens on a unix
# socket in that directory alone, and never runs as root.  netstate is not
# installed into the system: PostgreSQL finds its files relative to its own
# binaries, so the directory holds a tree with copies of these, links to the
# rest of the installation, and our files among them.

MIN_MAJOR=15
MIN_VERSION_NUM=150018

# Nothing here may reach a cluster that was here before.
for ns_variable in ${!PG@}; do
	case $ns_variable in
		PG_CONFIG) ;;
		*) unset "$ns_variable" ;;
	esac
done
unset ns_variable MAKEFLAGS MAKELEVEL MFLAGS
PG_CONFIG_GIVEN=${PG_CONFIG:-}
export LC_ALL=C.UTF-8
umask 022

say() { printf '%s\n' "$*"; }
warn() { printf '%s\n' "$*" >&2; }

die()
{
	printf 'netstate: %s\n' "$*" >&2
	exit 1
}

# Chooses the server: PG_CONFIG if given, else the one in the path, else the
# newest of Debian's.  Sets PG_CONFIG and what else the scripts ask about it.
find_postgres()
{
	local candidate

	for candidate in "${PG_CONFIG_GIVEN:-pg_config}" \
		$([ -n "$PG_CONFIG_GIVEN" ] || ls -1vr /usr/lib/postgresql/*/bin/pg_config 2>/dev/null); do
		command -v "$candidate" >/dev/null || continue
		PG_CONFIG=$candidate
		PG_BIN=$("$PG_CONFIG" --bindir)
		PG_LIB=$("$PG_CONFIG" --pkglibdir)
		PG_SHARE=$("$PG_CONFIG" --sharedir)
		PGXS_DIR=$(dirname "$("$PG_CONFIG" --pgxs)")/../..
		if [ -x "$PG_BIN/postgres" ] && [ -d "$PGXS_DIR/src/test" ] &&
			[ -e "$("$PG_CONFIG" --includedir-server)/postgres.h" ]; then
			PG_VERSION_NUM=$("$PG_BIN/postgres" -V |
				sed -E 's/^[^0-9]*([0-9]+)(\.([0-9]+))?.*/\1 \3/' |
				awk '{ print $1 * 10000 + $2 }')
			PG_MAJOR=$((PG_VERSION_NUM / 10000))
			export PG_CONFIG
			return 0
		fi
	done
	PG_CONFIG=$PG_CONFIG_GIVEN
	return 1
}

# The temporary directory, and the user who owns it: never root.
work_open()
{
	NS_WORK=$(mktemp -d "${TMPDIR:-/tmp}/netstate.XXXXXX")
	# A socket's path has room for 107 bytes.
	if [ ${#NS_WORK} -gt 70 ]; then
		rmdir "$NS_WORK"
		NS_WORK=$(mktemp -d /tmp/netstate.XXXXXX)
	fi
	NS_AS=()
	if [ "$(id -u)" = 0 ]; then
		NS_AS=(setpriv "--reuid=$(id -u nobody)" "--regid=$(id -g nobody)" --clear-groups --)
		chown "$(id -u nobody):$(id -g nobody)" "$NS_WORK"
	fi
	NS_SOCKET=$NS_WORK
	NS_TREE=$NS_WORK/tree
	NS_BIN=$NS_TREE$PG_BIN
	NS_LOG=$NS_WORK/log
	trap work_close EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	trap 'exit 129' HUP
}

# Runs a command as the cluster's owner, inside the temporary directory.
run_as()
{
	(cd "$NS_WORK" && exec "${NS_AS[@]}" env HOME="$NS_WORK" PATH="$NS_BIN:$PATH" "$@")
}

# Stops every server whose data are below a directory of ours.
servers_stop()
{
	local pidfile

	while read -r pidfile; do
		run_as "$NS_BIN/pg_ctl" -D "$(dirname "$pidfile")" -m immediate -w stop >/dev/null 2>&1
	done < <(find "$1" -name postmaster.pid 2>/dev/null)
}

# Also stops what a test left behind.
work_close()
{
	local status=$?

	trap '' INT TERM HUP
	trap - EXIT
	if [ -n "${NS_WORK:-}" ] && [ -z "${NS_KEEP:-}" ]; then
		servers_stop "$NS_WORK"
		rm -rf "$NS_WORK"
	fi
	exit "$status"
}

# Builds netstate and lays out the tree; the status says whether it could.
tree_make()
{
	local path

	make -s -j"$(nproc)" all PG_CONFIG="$PG_CONFIG" || return
	make -s install DESTDIR="$NS_TREE" PG_CONFIG="$PG_CONFIG" || return
	mkdir -p "$NS_TREE$PG_BIN" "$NS_TREE$PG_SHARE/extension" || return
	cp -L "$PG_BIN"/* "$NS_TREE$PG_BIN/" || return
	for path in "$PG_LIB"/* "$PG_SHARE"/* "$PG_SHARE"/extension/*; do
		# A netstate that is installed is another one, and not to be written to.
		case ${path##*/} in
			netstate*) continue ;;
		esac
		[ -e "$NS_TREE$path" ] || ln -s "$path" "$NS_TREE$path" || return
	done
}

# NS_CONF has further lines for its configuration, as for a preloaded library.
cluster_start()
{
	run_as "$NS_BIN/initdb" -D "$NS_WORK/data" -U postgres -A trust -E UTF8 \
		--locale=C.UTF-8 --no-sync >"$NS_LOG.initdb" 2>&1 ||
		{ cat "$NS_LOG.initdb" >&2; die "initdb failed"; }
	run_as sh -c "cat >>data/postgresql.conf" <<-END
		listen_addresses = ''
		unix_socket_directories = '$NS_SOCKET'
		unix_socket_permissions = 0700
		fsync = off
		synchronous_commit = off
		full_page_writes = off
		max_prepared_transactions = 10
		jit = off
		log_min_messages = warning
		${NS_CONF:-}
	END
	run_as "$NS_BIN/pg_ctl" -D "$NS_WORK/data" -l "$NS_LOG" -w -s start ||
		{ cat "$NS_LOG" >&2; die "the private server did not start"; }
}

# Client programs, connected to the private cluster.
client()
{
	local program=$1

	shift
	run_as env PGHOST="$NS_SOCKET" PGPORT=5432 PGUSER=postgres "$program" "$@"
}

psql_quiet()
{
	client psql -X -q -v ON_ERROR_STOP=1 "$@"
}

# The checkout may be readable by nobody but its owner, so what the cluster's
# owner reads is copied.
source_copy()
{
	local path paths=()

	NS_SOURCE=$NS_WORK/source
	mkdir "$NS_SOURCE"
	for path in sql expected test extension docs tools src Makefile README.md; do
		[ ! -e $path ] || paths+=($path)
	done
	tar -cf - "${paths[@]}" | tar -xf - -C "$NS_SOURCE"
	[ ${#NS_AS[@]} -eq 0 ] || chown -R --reference="$NS_WORK" "$NS_SOURCE"
}

# The sample network, all of it or nothing.
load_sample()
{
	psql_quiet -d "$1" -1 -f "$NS_SOURCE/extension/sample/netstate_sample.sql"
}

run_demo()
{
	client psql -X -q -v ON_ERROR_STOP=1 -P pager=off -d "$1" \
		<"$NS_SOURCE/extension/sample/demo.sql"
}

control_version()
{
	sed -n "s/^default_version *= *'\(.*\)'/\1/p" extension/netstate.control
}

# The first "version" of META.json is the distribution's own.
meta_version()
{
	sed -n 's/^ *"version": *"\(.*\)",\{0,1\}$/\1/p' META.json | head -n 1
}
