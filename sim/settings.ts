/** What the simulator is told by its environment. */
export interface SimulatorSettings {
  host: string
  port: number
  leads: number
  /** Undefined: not set, so a state file may decide. */
  seed: number | undefined
  /** Undefined: not set, so a state file may decide, else the start of today in UTC. */
  epochMs: number | undefined
  stateFile: string | undefined
  basePath: string
  publicUrl: string | undefined
}

const MAX_LEADS = 1_000_000

/** Reads the environment. @throws Error listing every wrong variable with its remedy */
export function readSettings(env: NodeJS.ProcessEnv): SimulatorSettings {
  const problems: string[] = []
  const whole = (name: string, low: number, high: number): number | undefined => {
    const text = env[name]
    if (text === undefined || text === '') return undefined
    const value = Number(text)
    if (Number.isInteger(value) && value >= low && value <= high) return value
    problems.push(`${name} is "${text}": give a whole number from ${low} to ${high}.`)
    return undefined
  }
  const settings: SimulatorSettings = {
    host: env.LEADLINE_SIM_HOST || '127.0.0.1',
    port: whole('LEADLINE_SIM_PORT', 0, 65_535) ?? 8081,
    leads: whole('LEADLINE_SANDBOX_LEADS', 0, MAX_LEADS) ?? 250,
    seed: whole('LEADLINE_SIM_SEED', 0, 0xffff_ffff),
    epochMs: undefined,
    stateFile: env.LEADLINE_SIM_STATE_FILE || undefined,
    basePath: env.LEADLINE_SIM_BASE_PATH ?? '/api',
    publicUrl: env.LEADLINE_SIM_PUBLIC_URL?.replace(/\/+$/, '') || undefined,
  }
  const epoch = env.LEADLINE_SIM_EPOCH
  if (epoch) {
    settings.epochMs = Date.parse(epoch)
    if (Number.isNaN(settings.epochMs)) problems.push(`LEADLINE_SIM_EPOCH is "${epoch}": give a date, e.g. 2026-03-01.`)
  }
  if (!/^(\/[A-Za-z0-9._~-]+)*$/.test(settings.basePath)) {
    problems.push(
      `LEADLINE_SIM_BASE_PATH is "${settings.basePath}": give a path such as /api, without a slash at its end.`,
    )
  }
  if (problems.length > 0) throw new Error(problems.join('\n'))
  return settings
}
