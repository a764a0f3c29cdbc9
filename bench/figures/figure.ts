import type { FetchAnswer, FetchQuestion, LoadAnswer, LoadQuestion } from '../load-generator.ts'
import type { Result } from '../report.ts'
import type { World } from '../world.ts'

/** How much is measured: `rounds` of each, fewer where a figure has taken `figureMs` before; loads of `loadMs`. */
export type Extent = { rounds: number; figureMs: number; loadMs: number; pageSize: number; slowReadMs: number }

/** Counts the rounds of a figure: at least one, and no further one when its time is over. */
export function* roundsOf({ rounds, figureMs }: Extent): Generator<number> {
  const end = performance.now() + figureMs
  for (let round = 0; round < rounds && (round === 0 || performance.now() < end); round++) yield round
}

/** Measures one figure of design/quality.md, in turn with its limit. */
export type Figure = { name: string; measure: (world: World, extent: Extent) => Promise<Result[]> }

export const LEADS_PATH = '/api/v2/oc/lead'

/** Fetches the large page from the web server as it ships. */
export function fetchPage(world: World, extent: Extent, more: Partial<FetchQuestion> = {}): Promise<FetchAnswer> {
  const { headers = {}, ...rest } = more
  return world.generator.ask<FetchAnswer>({
    kind: 'fetch',
    origin: world.web.origin,
    path: `${LEADS_PATH}?PageSize=${extent.pageSize}`,
    headers: { ...world.authorization, ...headers },
    copies: 1,
    records: headers['accept-encoding'] ? undefined : Math.min(extent.pageSize, world.leadCount),
    ...rest,
  } as FetchQuestion)
}

export function load(
  world: World,
  question: Omit<LoadQuestion, 'kind' | 'headers'> & { headers?: object },
): Promise<LoadAnswer> {
  const headers = { ...world.authorization, ...question.headers }
  return world.generator.ask<LoadAnswer>({ ...question, kind: 'load', headers })
}
