import type { Exchange, Reply } from './http-exchange.ts'
import type { Simulation } from './simulator.ts'

export async function answerControl(_s: Simulation, _e: Exchange): Promise<Reply | undefined> {
  return undefined
}
