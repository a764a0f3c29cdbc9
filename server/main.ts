import { readFileSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { pino } from 'pino'
import { type Config, loadConfig } from './config.ts'
import { type Context, type ContextOptions, createContext } from './context.ts'
import { CHECKOUT, DataDirectoryError, readInstallation, resolveDataDirectory } from './data-directory.ts'
import { messageOf } from './kernel/errors.ts'
import { ArchiveError } from './platform/archive/index.ts'
import { prepareDatabase } from './prepare-database.ts'
import { startWeb, startWorkerService } from './web-role.ts'
import { startWorker } from './worker-role.ts'

// One process of the server: `node server/main.ts` starts the roles of LEADLINE_ROLES, `--migrate` only prepares the
// database, `--first-administrator` prints the link for the first one. The launcher (`leadline start`) calls it; on several machines each runs its own, with DATABASE_URL.

const { version } = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8')) as { version: string }

/** The launcher does not try again after this one. */
const WRONG_SETTINGS = 2

const config = readConfig()
const logger = pino({ level: config.logs.level, base: { roles: config.roles.join('+') } })
const databaseUrl = config.database.url?.reveal()
if (!databaseUrl)
  fail('DATABASE_URL is not set. Start Leadline with `leadline start`, which brings a database of its own.')
const dataDirectory = resolveDataDirectory(config.dataDirectory)

if (process.argv.includes('--migrate')) {
  try {
    await prepareDatabase({
      config,
      databaseUrl,
      dataDirectory,
      version,
      logger,
      installation: readInstallation(dataDirectory),
    })
    process.exit(0)
  } catch (error) {
    failWith(error)
  }
}

const context = build({ config, databaseUrl, dataDirectory, version, logger })

if (process.argv.includes('--first-administrator')) {
  const link = await context.people.invitations.inviteFirstAdministrator()
  if (link !== null) process.stdout.write(`${link}\n`)
  await context.close()
  process.exit(0)
}

const roles: { stop(): Promise<void> }[] = []
try {
  if (config.roles.includes('worker')) roles.push(startWorker(context))
  // A worker beside the web role is part of its figures already.
  if (config.roles.includes('web')) roles.push(await startWeb(context))
  else roles.push(await startWorkerService(context))
} catch (error) {
  failWith(error)
}

// Written now, so that it is there for the next start should this process be killed.
flushCompileCache()

let stopping = false
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal))

async function stop(signal: string): Promise<void> {
  if (stopping) return
  stopping = true
  logger.info({ signal }, 'stopping')
  try {
    await Promise.all(roles.map((role) => role.stop()))
    await context.close()
    logger.info('stopped')
    process.exit(0)
  } catch (error) {
    logger.error({ err: error }, 'stopping failed')
    process.exit(1)
  }
}

function build(options: ContextOptions): Context {
  try {
    return createContext(options)
  } catch (error) {
    return failWith(error)
  }
}

function readConfig(): Config {
  const loaded = loadConfig(process.env)
  if (loaded.ok) return loaded.config
  return fail(
    loaded.errors.map(({ variable, problem, fix }) => `${variable}: ${problem}. ${fix}`).join('\n'),
    WRONG_SETTINGS,
  )
}

/** What failed, in words, with what to do where that is known. */
function failWith(error: unknown): never {
  if (error instanceof DataDirectoryError || error instanceof ArchiveError)
    return fail(`${error.message} ${error.remedy}`)
  return fail(messageOf(error))
}

function fail(message: string, exitCode = 1): never {
  process.stderr.write(`${message}\n`)
  process.exit(exitCode)
}
