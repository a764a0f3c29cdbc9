import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { pino } from 'pino'
import { allPermissions } from '../../contract/permissions.ts'
import { type Config, loadConfig } from '../config.ts'
import { type Context, createContext } from '../context.ts'
import {
  CHECKOUT,
  DataDirectoryError,
  type Installation,
  readInstallation,
  resolveDataDirectory,
} from '../data-directory.ts'
import { AppError } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import type { OperatorPrincipal, Principal } from '../kernel/principal.ts'
import { operatorNames } from '../modules/operators/index.ts'
import { ArchiveError } from '../platform/archive/index.ts'
import { startEmbeddedPostgres } from '../platform/embedded-postgres/index.ts'
import { isUsageError, UsageError } from './arguments.ts'
import { Terminal } from './start-terminal.ts'

/** What a command needs of the installation it was called for. */
export type OpenInstallation = {
  context: Context
  config: Config
  installation: Installation | null
  terminal: Terminal
  /** The login that owns the tables. */
  ownerUrl: string
}

/**
 * Opens the installation of this data directory (its database is joined, or started for as long as the command runs) and
 * does the work. Refusals and wrong arguments are told in words. Resolves to the exit code.
 */
export async function withInstallation(
  usage: string,
  work: (open: OpenInstallation) => Promise<number | undefined>,
): Promise<number> {
  const terminal = new Terminal()
  const dataDirectory = resolveDataDirectory(givenDirectory())
  return await inWords(usage, terminal, () => openAndWork({ dataDirectory, terminal, work }))
}

type Opening = {
  dataDirectory: string
  terminal: Terminal
  work: (open: OpenInstallation) => Promise<number | undefined>
}

async function openAndWork({ dataDirectory, terminal, work }: Opening): Promise<number> {
  const installation = readInstallation(dataDirectory)
  // What the installation is decides defaults, as it does for the processes of the server.
  const kind = installation ? { LEADLINE_SANDBOX: String(installation.kind === 'sandbox') } : {}
  const loaded = loadConfig({ ...process.env, ...kind })
  if (!loaded.ok) {
    for (const { variable, problem, fix } of loaded.errors) terminal.complain(`${variable}: ${problem}.`, fix)
    return 2
  }
  if (installation === null && !loaded.config.database.url) {
    terminal.complain('There is no Leadline in this data directory yet.', 'Run leadline start first.')
    return 1
  }
  const { config } = loaded
  const database = await joinDatabase(config, dataDirectory)
  try {
    const version = programVersion()
    const logger = pino({ level: 'silent' })
    const context = createContext({ config, databaseUrl: database.url, dataDirectory, version, logger })
    try {
      return (await work({ context, config, installation, terminal, ownerUrl: database.ownerUrl })) ?? 0
    } finally {
      await context.close()
    }
  } finally {
    await database.leave()
  }
}

/** As in package.json. */
export function programVersion(): string {
  return (JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8')) as { version: string }).version
}

function givenDirectory(): string | null {
  const given = process.env.LEADLINE_DATA_DIR?.trim()
  return given ? resolve(given) : null
}

/** Runs the work; what it throws for people is said in its own words. */
async function inWords(usage: string, terminal: Terminal, work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    if (isUsageError(error)) {
      terminal.complain(error.message, usage)
      return 2
    }
    if (error instanceof DataDirectoryError || error instanceof ArchiveError) {
      terminal.complain(error.message, error.remedy)
      return 1
    }
    if (!(error instanceof AppError)) throw error
    terminal.complain(
      error.message,
      (error.errors ?? []).map(({ pointer, detail }) => `${pointer}: ${detail}`).join('\n  '),
    )
    return 1
  }
}

type JoinedDatabase = { url: string; ownerUrl: string; leave(): Promise<void> }

async function joinDatabase(config: Config, dataDirectory: string): Promise<JoinedDatabase> {
  const given = config.database.url?.reveal()
  if (given) return { url: given, ownerUrl: config.database.ownerUrl?.reveal() ?? given, leave: async () => {} }
  const server = await startEmbeddedPostgres({ dataDirectory, logger: pino({ level: 'silent' }) })
  return {
    url: server.appUrl,
    ownerUrl: server.ownerUrl,
    leave: async () => {
      await server.stop()
    },
  }
}

/** The person at the terminal, who may do everything: whoever can read the data directory could anyway. */
export function terminalPrincipal(operatorId: number | null): Principal {
  const { username } = userInfo()
  return {
    kind: operatorId === null ? 'installation' : 'person',
    id: `terminal/${username}`,
    name: `${username} (terminal)`,
    operatorId,
    channelId: null,
    permissions: new Set(allPermissions),
    requestId: newId(),
    sourceIp: null,
  }
}

/** The operator named by `--operator`, or the only one there is. */
export async function chooseOperator(context: Context, given: string | undefined): Promise<OperatorPrincipal> {
  const operators = await operatorNames(context.transact)
  const known = operators.map(({ operatorId, name }) => `${operatorId} (${name})`).join(', ')
  if (given === undefined && operators.length === 1 && operators[0]) return asOperator(operators[0].operatorId)
  if (given === undefined)
    throw new UsageError(`Say for which operator with --operator ID: ${known || 'there is none yet'}.`)
  const id = Number(given)
  if (operators.some((operator) => operator.operatorId === id)) return asOperator(id)
  throw new UsageError(`There is no operator ${given}. Known: ${known || 'none'}.`)
}

function asOperator(operatorId: number): OperatorPrincipal {
  return { ...terminalPrincipal(operatorId), operatorId }
}
