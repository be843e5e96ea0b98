import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createDatabase } from './postgres.ts';

/** The databases that Rekey runs on; each is a Playwright project. */
export type Database = 'sqlite' | 'postgres';

/** The URL of a database that nobody has used. */
export function freshDatabase(database: Database, folder: string): string {
  switch (database) {
    case 'sqlite':
      return `sqlite://${join(folder, 'rekey.db')}`;
    case 'postgres':
      return createDatabase(`test_${randomUUID().replaceAll('-', '')}`);
  }
}
