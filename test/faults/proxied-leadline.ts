import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { type Context, createContext } from '../../server/context.ts'
import { prepareDatabase } from '../../server/prepare-database.ts'
import { createWebServer } from '../../server/web-role.ts'
import { startWorker } from '../../server/worker-role.ts'
import { ask, type Client, createClient, eventually } from '../harness/client.ts'
import { type FreshDatabase, freshDatabase } from '../harness/database.ts'
import { configOf, databaseEnvironment, freePort } from '../harness/leadline.ts'
import { type Outside, startOutside } from '../harness/outside.ts'
import { startTcpProxy, type TcpProxy } from '../harness/tcp-proxy.ts'

/** A sandbox whose database and whose Microsoft are reached through proxies that can be made to fail. */
export type ProxiedLeadline = {
  db: FreshDatabase
  outside: Outside
  context: Context
  baseUrl: string
  toDatabase: TcpProxy
  toMicrosoft: TcpProxy
  /** With a token of an API client, already asked for. */
  northwind: Client
  warnings: Record<string, unknown>[]
  /** Connections of ours that the database knows. */
  connections(): Promise<number>
  close(): Promise<void>
}

const ENVIRONMENT = {
  LEADLINE_SANDBOX: 'true',
  LEADLINE_SYNC_INTERVAL_SECONDS: '86400',
  LEADLINE_RATE_LIMIT_PER_MINUTE: '1000000',
  // Civic addresses are not what is looked at: one call, then a pause.
  LEADLINE_ADDRESS_CALLS_PER_MINUTE: '1',
  LEADLINE_DATABASE_STATEMENT_TIMEOUT_SECONDS: '2',
}

export async function startProxiedLeadline(leads: number, env: Record<string, string> = {}): Promise<ProxiedLeadline> {
  const db = await freshDatabase()
  const outside = await startOutside({ leads })
  const direct = new URL(db.appUrl.replace('@/', '@socket/'))
  const socket = `${direct.searchParams.get('host')}/.s.PGSQL.${direct.searchParams.get('port')}`
  const toDatabase = await startTcpProxy({ path: socket })
  const toMicrosoft = await startTcpProxy({ host: '127.0.0.1', port: Number(new URL(outside.simulator.url).port) })
  const databaseUrl = `postgres://${direct.username}@127.0.0.1:${toDatabase.port}${direct.pathname}`
  const dataDirectory = mkdtempSync(join(tmpdir(), 'leadline-test-'))
  const port = await freePort()
  const simulator = { LEADLINE_SIM_PORT: String(toMicrosoft.port) }
  const config = configOf({ ...databaseEnvironment(db), ...simulator, ...ENVIRONMENT, ...env }, port)
  const warnings: Record<string, unknown>[] = []
  const logger = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(JSON.parse(line)) })
  const options = { config, dataDirectory, version: '0.0.0', logger }
  await prepareDatabase({ ...options, databaseUrl: db.appUrl, installation: null })

  const context = createContext({ ...options, databaseUrl })
  const web = createWebServer(context, { checkAnswers: true })
  const baseUrl = await web.listen({ host: '127.0.0.1', port })
  // A process of its own in life: own pools, and own client of Microsoft.
  const workerContext = createContext({ ...options, databaseUrl })
  const worker = startWorker(workerContext)
  await eventually(
    () => ask(`${baseUrl}/health/ready`),
    ({ status }) => status === 200,
    60,
  )
  return {
    ...{ db, outside, context, baseUrl, toDatabase, toMicrosoft, warnings },
    northwind: await createClient(baseUrl, 'northwind-api'),
    async connections() {
      const { rows } = await db.asOwner.query(
        `select count(*)::int from pg_stat_activity
         where datname = current_database() and application_name like 'leadline %'`,
      )
      return rows[0].count
    },
    async close() {
      await web.close(0)
      await worker.stop()
      await Promise.all([workerContext.close(), context.close()])
      await Promise.all([toDatabase.close(), toMicrosoft.close()])
      await outside.close()
      await db.close()
      rmSync(dataDirectory, { recursive: true, force: true })
    },
  }
}
