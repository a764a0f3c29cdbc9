import { defineConfig } from 'vitest/config'
import { findInstalledPostgres } from './server/platform/embedded-postgres/index.ts'

const database = ['**/*.db.test.ts']
const fresh = 'test/fresh-machine.test.ts'
const excluded = ['**/node_modules/**', '.leadline/**', '.setup-*/**', 'web/dist/**']

/** Tests that need a database run once on each PostgreSQL that is to be had: 18 from npm always, an installed one if any. */
function databaseProject(name: string, binaries: string) {
  return {
    test: {
      name,
      include: database,
      exclude: excluded,
      env: { LEADLINE_TEST_POSTGRES: binaries },
      globalSetup: ['test/harness/postgres-server.ts'],
      testTimeout: 30_000,
      hookTimeout: 60_000,
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
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      databaseProject('postgres-18', ''),
      ...(installed ? [databaseProject(`postgres-${installed.major}`, installed.binaries)] : []),
      ...(process.env.LEADLINE_TEST_FRESH ? [freshProject] : []),
    ],
    maxWorkers: 2,
  },
})
