#!/usr/bin/env bash
# Runs a command with a private, throw-away PostgreSQL cluster, if PostgreSQL is installed.
# The tests of the store run against it as well as against SQLite (LAMPLIGHTER_TEST_DATABASE_URL).
set -euo pipefail
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
if [ -n "${LAMPLIGHTER_TEST_DATABASE_URL:-}" ] || [ -z "$bin" ]; then
  exec "$@"
fi
dir=$(mktemp -d)
as_owner() { "$@"; }
if [ "$(id -u)" = 0 ]; then # PostgreSQL refuses to run as root
  chown postgres "$dir"
  as_owner() { setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; }
fi
stop() { as_owner "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$dir"; }
trap stop EXIT
as_owner "$bin/initdb" -D "$dir/data" -U lamplighter --auth=trust -E UTF8 --locale=C.UTF-8 >/dev/null
port=$(( 20000 + RANDOM % 20000 ))
as_owner "$bin/pg_ctl" -D "$dir/data" -w -l "$dir/log" \
  -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$dir -c fsync=off -c autovacuum=off" start >/dev/null
export LAMPLIGHTER_TEST_DATABASE_URL="postgresql+psycopg://lamplighter@127.0.0.1:$port/postgres"
"$@"
