import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

export type RunningBrowser = { browser: Browser; close(): Promise<void> }

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

/** A Chromium that is there (CHROMIUM_PATH, the system's), else the one that comes with npm, unpacked for this run. */
export async function startBrowser(): Promise<RunningBrowser> {
  const folder = mkdtempSync(join(tmpdir(), 'leadline-browser-'))
  const installed = [process.env.CHROMIUM_PATH, '/usr/bin/chromium'].find((path) => path && existsSync(path))
  const { executablePath, env } = installed ? { executablePath: installed, env: {} } : await unpack(folder)
  const browser = await chromium.launch({
    executablePath,
    args: QUIET,
    env: { ...(process.env as Record<string, string>), ...env, TMPDIR: folder },
  })
  return {
    browser,
    close: async () => {
      await browser.close()
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

/** The package unpacks into the temporary folder of the process; its libraries stand in for those the system may lack. */
async function unpack(folder: string): Promise<{ executablePath: string; env: Record<string, string> }> {
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
        FONTCONFIG_PATH: process.env.FONTCONFIG_PATH ?? join(folder, 'fonts'),
      },
    }
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
}
