import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The tests look at what is shipped, as it is in the sources now. In a process of its own: this one is a test's. */
export function setup(): void {
  const checkout = fileURLToPath(new URL('../../..', import.meta.url))
  const vite = fileURLToPath(new URL('../../../node_modules/vite/bin/vite.js', import.meta.url))
  const env = { ...process.env, NODE_ENV: 'production' }
  execFileSync(process.execPath, [vite, 'build', '--logLevel', 'error'], { cwd: checkout, env, timeout: 120_000 })
}
