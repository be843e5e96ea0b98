import { join } from 'node:path';

/** The databases that Rekey runs on; each is a Playwright project. */
export type Database = 'sqlite';

/** The URL of a database that nobody has used: Rekey makes it when it first opens it. */
export function freshDatabase(database: Database, folder: string): string {
  switch (database) {
    case 'sqlite':
      return `sqlite://${join(folder, 'rekey.db')}`;
  }
}
