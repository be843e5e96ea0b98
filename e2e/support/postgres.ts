import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';

const IS_ROOT = process.getuid?.() === 0;

/** PostgreSQL refuses to run as root; then it runs as the user that Debian's package made. */
function unprivileged(program: string, words: string[]): [string, string[]] {
  return IS_ROOT ? ['runuser', ['-u', 'postgres', '--', program, ...words]] : [program, words];
}

/** Where the workers learn of the cluster that the run's beginning has started. */
const FOLDER = 'REKEY_E2E_POSTGRES';

/**
 * Ends by itself when whoever started it is gone: then its standard input closes. What a new database writes to the log is
 * kept to the gigabyte by default.
 */
const CLUSTER = `
  set -e
  export PATH="$(ls -d /usr/lib/postgresql/*/bin | tail -1):$PATH" LC_ALL=C
  folder=$(mktemp -d /tmp/rekey-e2e-postgres.XXXXXX)
  cd "$folder"
  initdb -D data -U postgres -A trust -E UTF8 --locale=C --no-sync >initdb.log 2>&1
  postgres -D data -k "$folder" -c listen_addresses= -c max_connections=200 -c fsync=off -c max_wal_size=128MB -c min_wal_size=32MB >server.log 2>&1 &
  server=$!
  until pg_isready -q -h "$folder" -U postgres; do kill -0 $server; sleep 0.05; done
  echo "$folder"
  read -r _ || true
  kill -INT $server
  wait $server || true
  cd / && rm -rf "$folder"
`;

/** Starts a private cluster for the whole run, and returns what stops it. */
export async function startPostgres(): Promise<() => Promise<void>> {
  const [program, words] = unprivileged('bash', ['-c', CLUSTER]);
  // Whoever interrupts the tests by Ctrl-C interrupts a group of processes, and this is the one that tidies up.
  const cluster = spawn(program, words, { cwd: '/tmp', stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const ended = once(cluster, 'close');
  const [said] = (await Promise.race([once(cluster.stdout, 'data'), ended.then(() => [''])])) as [Buffer | string];
  const folder = said.toString().trim();
  if (!folder) throw new Error('PostgreSQL did not start: is the package postgresql installed?');
  process.env[FOLDER] = folder;
  return async () => {
    cluster.stdin.end();
    await ended;
  };
}

/** A new, empty database in the cluster. */
export function createDatabase(name: string): string {
  const folder = run('createdb', name);
  return `postgresql://postgres@/${name}?host=${folder}`;
}

/** Whoever is still connected is turned out. */
export function dropDatabase(name: string): void {
  run('dropdb', '--force', name);
}

/** Runs one of PostgreSQL's programs on the cluster, and returns where that is. */
function run(program: string, ...words: string[]): string {
  const folder = process.env[FOLDER];
  if (!folder) throw new Error('no PostgreSQL was started for this run');
  const [command, all] = unprivileged(program, ['-h', folder, '-U', 'postgres', ...words]);
  execFileSync(command, all, { cwd: '/tmp', stdio: 'pipe' });
  return folder;
}
