"""PostgreSQL alone, by its own tool: the same insert, prepared."""

import re
import statistics

# Ids in order, as those of Rekey are; `k` counts for each client.
INSERT = """
\\set k :k + 1
INSERT INTO mail_queue (id, kind, account_id, epoch, address, locale, data, attempts, due_at, state, created_at)
VALUES ('{clients}-' || :client_id || '-' || :k, 'reset_link', NULL, NULL, 'person' || :k || '@example.com', 'en', NULL, 0,
        '2026-11-24 12:00:00', 'waiting', '2026-11-24 12:00:00');
"""


def insert(database, seconds, clients, first=10**8):
    """Commits a second of so many clients, and the middle one's time. Their ids go on from the first, of as many digits."""
    script = database.folder / "insert.sql"
    script.write_text(INSERT.format(clients=clients))
    for log in database.folder.glob("times.*"):
        log.unlink()
    said = database.tool("pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(seconds), "-D", f"k={first}",
                         "-f", str(script), "--log", "--log-prefix=times", "postgres")
    # The third column: microseconds.
    times = [int(line.split()[2]) for log in database.folder.glob("times.*") for line in log.read_text().splitlines()]
    return {"per_s": float(re.search(r"tps = ([\d.]+)", said)[1]), "p50_ms": statistics.median(times) / 1e3}
