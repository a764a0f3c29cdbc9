import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pino from 'pino'
import { type Config, type ConfigError, loadConfig } from '../config.ts'
import {
  CHECKOUT,
  type DataDirectory,
  openDataDirectory,
  resolveDataDirectory,
  updateInstallation,
} from '../data-directory.ts'
import { openMasterKeys } from '../master-key-file.ts'
import { Launch, type LaunchFacts } from './start-launch.ts'
import { boundLogFile } from './start-log-file.ts'
import { logDirectory } from './start-programs.ts'
import { Terminal } from './start-terminal.ts'

export const summary = 'Start the database, the web server, the worker and, in the sandbox, the simulator'

const USAGE = `Usage: leadline start

${summary}.
Ctrl-C stops everything in order; a second Ctrl-C at once.

Settings are environment variables; leadline config lists them. The most useful here:
  LEADLINE_HTTP_PORT      port of the web server (8080)
  LEADLINE_SIM_PORT       port of the simulator (8081)
  LEADLINE_DATA_DIR       folder of the data (.leadline)
  LEADLINE_SANDBOX        false makes a production in a new data directory
  LEADLINE_SANDBOX_LEADS  leads of the first sandbox operator (250)
  DATABASE_URL            PostgreSQL 15 or newer instead of the built-in one

Exit codes: 0 stopped, 1 failed, 2 wrong settings or arguments, 3 already running, 130 interrupted twice.`

const SANDBOX_LEADS_DEFAULT = 250

/** `leadline start`: runs until it is stopped. Resolves to the exit code. */
export async function run(args: string[]): Promise<number> {
  const terminal = new Terminal()
  if (args.includes('--help') || args.includes('-h')) {
    terminal.say(USAGE)
    return 0
  }
  if (args.length > 0) {
    terminal.complain(
      `leadline start takes no arguments, but was given: ${args.join(' ')}`,
      'Settings are environment variables: leadline config',
    )
    return 2
  }
  const loaded = loadConfig(process.env)
  if (!loaded.ok) {
    complainAbout(loaded.errors, terminal)
    return 2
  }
  return new Launch(factsOf(loaded.config), terminal).run()
}

function complainAbout(errors: ConfigError[], terminal: Terminal): void {
  const lines = errors.map(({ variable, problem, fix }) => `  ${variable}: ${problem}.\n    ${fix}`)
  const count = errors.length === 1 ? 'One setting is' : `${errors.length} settings are`
  terminal.complain(`Leadline cannot start. ${count} wrong:\n${lines.join('\n')}`)
}

/** Opens the data directory and makes what all processes share in it: the key, and the number of sandbox leads. */
function factsOf(config: Config): LaunchFacts {
  const { version } = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8')) as { version: string }
  const path = resolveDataDirectory(config.dataDirectory)
  const opened = openDataDirectory({ path, sandbox: config.sandbox.enabled, version })
  openMasterKeys(path, config.secrets.masterKeys)
  const { kind, sandboxLeads: before } = opened.installation
  const sandboxLeads = config.sandbox.leads ?? before ?? SANDBOX_LEADS_DEFAULT
  const changed = kind === 'sandbox' && sandboxLeads !== before
  const directory = changed ? updateInstallation(opened, { sandboxLeads }) : opened
  return { config, directory, version, sandboxLeads, logger: launcherLog(config, directory) }
}

function launcherLog(config: Config, directory: DataDirectory) {
  const dest = join(logDirectory(directory), 'launcher.log')
  boundLogFile(dest)
  return pino({ level: config.logs.level }, pino.destination({ dest, sync: true, mode: 0o640 }))
}
