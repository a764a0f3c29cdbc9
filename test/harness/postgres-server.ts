import type { TestProject } from 'vitest/node'
import { migrateDatabase } from '../../server/platform/db/migrate.ts'
import { startTemporaryPostgres } from '../../server/platform/embedded-postgres/index.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection strings with `DATABASE` where the name of the database goes. */
    postgres: { appUrl: string; ownerUrl: string; superUrl: string }
  }
}

export const TEMPLATE = 'leadline_template'

/** One server for all test files of a project, with one migrated database that each file copies. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const binaries = project.config.env.LEADLINE_TEST_POSTGRES
  const server = await startTemporaryPostgres(binaries ? { binaries } : {})
  await server.createDatabase(TEMPLATE)
  const named = (url: string) => url.replace('/leadline?', '/DATABASE?')
  await migrateDatabase(named(server.ownerUrl).replace('DATABASE', TEMPLATE))
  project.provide('postgres', {
    appUrl: named(server.appUrl),
    ownerUrl: named(server.ownerUrl),
    superUrl: named(server.superUrl),
  })
  return async () => {
    await server.stop()
  }
}
