import type { Exchange } from './http-exchange.ts'
import type { Simulation } from './simulation.ts'

/** One call of the control API, taken apart. */
export interface ControlCall {
  simulation: Simulation
  exchange: Exchange
  query: URLSearchParams
  /** First id in the path, '' when it has none. */
  subject: string
  /** Second id in the path, '' when it has none. */
  detail: string
}
