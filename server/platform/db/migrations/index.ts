import type { Migration } from 'kysely/migration'
import * as foundation from './0001-foundation.ts'
import * as audit from './0003-audit.ts'
import * as events from './0004-events.ts'
import * as jobs from './0005-jobs.ts'

/** Every migration in order; forward only, never edited once released. */
export const migrations: Record<string, Migration> = {
  '0001-foundation': foundation,
  '0003-audit': audit,
  '0004-events': events,
  '0005-jobs': jobs,
}
