import type { FullConfig } from '@playwright/test';
import { startPostgres } from './support/postgres.ts';

/** What the whole run needs once. A run of one project, or of few tests, starts it all the same: it takes a second. */
export default async function start(_: FullConfig): Promise<() => Promise<void>> {
  return startPostgres();
}
