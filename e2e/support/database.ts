import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createDatabase, dropDatabase } from './postgres.ts';

/** The databases that Rekey runs on; each is a Playwright project. */
export type Database = 'sqlite' | 'postgres';

/** Lends the URL of a database that nobody has used, and that is gone afterwards: hundreds of them are gigabytes. */
export async function withFreshDatabase(
  database: Database,
  folder: string,
  use: (url: string) => Promise<void>,
): Promise<void> {
  switch (database) {
    case 'sqlite':
      // It goes with its folder.
      return use(`sqlite://${join(folder, 'rekey.db')}`);
    case 'postgres': {
      const name = `test_${randomUUID().replaceAll('-', '')}`;
      await use(createDatabase(name));
      return dropDatabase(name);
    }
  }
}
