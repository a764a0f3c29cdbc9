import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { loadConfig } from '../../server/config.ts'
import { createContext } from '../../server/context.ts'
import { jobPrincipal } from '../../server/kernel/principal.ts'
import type { RunningPostgres } from '../../server/platform/embedded-postgres/index.ts'
import { prepareDatabase } from '../../server/prepare-database.ts'
import { startWorker } from '../../server/worker-role.ts'
import { eventually } from '../harness/client.ts'
import { SYNC_LEADS } from '../harness/runs.ts'
import { serverEnvironment } from './installation.ts'
import { isQuiet } from './quiet.ts'

/** A worker in this process that nobody disturbs, on a database of its own: what the other one is compared with. */
export type CleanRun = {
  owner: pg.Pool
  /** One sync of the leads and what follows from it, to the end. */
  sync(): Promise<void>
  /** Resolves when nothing is left to do. */
  quiet(): Promise<void>
  close(): Promise<void>
}

export async function startCleanRun(server: RunningPostgres, name: string, simulatorPort: number): Promise<CleanRun> {
  await server.createDatabase(name)
  const { appUrl, ownerUrl } = server.urlsFor(name)
  const loaded = loadConfig({
    ...serverEnvironment(simulatorPort),
    DATABASE_URL: appUrl,
    LEADLINE_DATABASE_OWNER_URL: ownerUrl,
  })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors))
  const dataDirectory = mkdtempSync(join(tmpdir(), `leadline-crash-clean-${process.pid}-`))
  const logger = pino({ level: 'error' })
  const options = { config: loaded.config, databaseUrl: appUrl, dataDirectory, version: '0.0.0', logger }
  await prepareDatabase({ ...options, installation: null })
  const context = createContext(options)
  const worker = startWorker(context)
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 2 })
  owner.on('error', () => {})
  const quiet = async () => {
    await eventually(
      () => isQuiet(owner),
      (unfinished) => unfinished.length === 0,
      300,
    )
  }
  return {
    owner,
    quiet,
    async sync() {
      const principal = jobPrincipal('crash', 868, 'clean run')
      await context.registry.requestRun(principal, { job: SYNC_LEADS, operatorId: 868, trigger: 'cli' })
      await quiet()
    },
    async close() {
      await worker.stop()
      await context.close()
      await owner.end()
      await server.dropDatabase(name)
      rmSync(dataDirectory, { recursive: true, force: true })
    },
  }
}
