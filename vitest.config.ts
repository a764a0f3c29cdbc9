import { defineConfig } from 'vitest/config'
import { findInstalledPostgres } from './server/platform/embedded-postgres/index.ts'

const database = ['**/*.db.test.ts']
const fresh = 'test/fresh-machine.test.ts'
const excluded = ['**/node_modules/**', '.leadline/**', '.setup-*/**', 'web/dist/**']

/** Nothing but a guard against standing still: a machine that others slow down to a tenth must not fail by them. */
const patience = { testTimeout: 120_000, hookTimeout: 180_000, expect: { poll: { timeout: 60_000 } } }

/** Tests that need a database run once on each PostgreSQL that is to be had: 18 from npm always, an installed one if any. */
function databaseProject(name: string, binaries: string) {
  return {
    test: {
      name,
      include: database,
      exclude: excluded,
      env: { LEADLINE_TEST_POSTGRES: binaries },
      globalSetup: ['test/harness/postgres-server.ts'],
      ...patience,
      // Concurrent tests start processes of their own.
      maxConcurrency: 3,
    },
  }
}

/** Installs everything anew, which takes minutes: only on demand (npm run test:fresh). */
const freshProject = { test: { name: 'fresh', include: [fresh], testTimeout: 600_000, hookTimeout: 120_000 } }

const installed = findInstalledPostgres()

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...excluded, ...database, fresh],
          ...patience,
        },
      },
      databaseProject('postgres-18', ''),
      ...(installed ? [databaseProject(`postgres-${installed.major}`, installed.binaries)] : []),
      ...(process.env.LEADLINE_TEST_FRESH ? [freshProject] : []),
    ],
    maxWorkers: 3,
  },
})
