import { readSettings } from './settings.ts'
import { startSimulator } from './simulator.ts'

/** Runs the outside world until it is told to stop. Exit code 1 when it cannot start. */
async function main(): Promise<void> {
  const startedAtMs = performance.now()
  const settings = readSettings(process.env)
  const simulator = await startSimulator(settings)
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1)
  process.stdout.write(`simulator ready in ${seconds} s: ${simulator.url} (${settings.leads} leads)\n`)
  const { applied, skipped } = simulator.replayed
  if (applied + skipped > 0) process.stdout.write(`state file: ${applied} changes applied, ${skipped} skipped\n`)
  const stop = () => {
    void simulator.close().then(() => process.exit(0))
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

main().catch((error: unknown) => {
  process.stderr.write(`The simulator cannot start:\n${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
