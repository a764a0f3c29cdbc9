import { type Spread, spreadOf } from './statistics.ts'

/** A bound of design/quality.md; `aim` where there is one. */
export type Bound = { floor: number; aim?: number; better: 'lower' | 'higher' }

/** One line of the table. `judged` is what is compared with the bound: a ratio where the figure is one. */
export type Result = {
  figure: string
  what: string
  unit: string
  reached: Spread
  limit?: { name: string; reached: Spread }
  ratio?: Spread
  bound?: Bound
  verdict: 'aim' | 'floor' | 'missed' | 'shown'
  note?: string
}

type Given = Omit<Result, 'reached' | 'ratio' | 'verdict' | 'limit'> & {
  values: readonly number[]
  /** Measured in turn with the values, round by round: the ratio is that of each pair. */
  limit?: { name: string; values: readonly number[] }
  /** Judge the ratio, not the value. */
  judgeRatio?: boolean
}

export function result({ values, limit, judgeRatio, ...given }: Given): Result {
  const reached = spreadOf(values)
  const pairs = limit && {
    limit: { name: limit.name, reached: spreadOf(limit.values) },
    ratio: spreadOf(values.map((value, round) => value / (limit.values[round] ?? Number.NaN))),
  }
  const judged = judgeRatio ? (pairs?.ratio.median ?? Number.NaN) : reached.median
  return { ...given, reached, ...pairs, verdict: given.bound ? judge(judged, given.bound) : 'shown' }
}

function judge(value: number, { floor, aim, better }: Bound): Result['verdict'] {
  const holds = (bound: number) => (better === 'lower' ? value <= bound : value >= bound)
  if (!holds(floor)) return 'missed'
  return aim === undefined || holds(aim) ? 'aim' : 'floor'
}

const COLUMNS = ['figure', 'what', 'floor', 'aim', 'reached (min - max)', 'ratio', 'verdict'] as const

/** The table people read. */
export function table(results: readonly Result[]): string {
  const rows = results.map((one) => [
    one.figure,
    one.what,
    boundText(one, 'floor'),
    boundText(one, 'aim'),
    `${number(one.reached.median)} ${one.unit} (${number(one.reached.min)} - ${number(one.reached.max)})`,
    one.ratio && one.limit
      ? `${number(one.ratio.median)}x of ${one.limit.name} ${number(one.limit.reached.median)}`
      : '',
    one.verdict,
  ])
  const widths = COLUMNS.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  const notes = results.filter((one) => one.note).map((one) => `${one.figure} ${one.what}: ${one.note}`)
  return [line(COLUMNS), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line), '', ...notes].join('\n')
}

function boundText({ bound }: Result, which: 'floor' | 'aim'): string {
  const value = bound?.[which]
  if (bound === undefined || value === undefined) return ''
  return `${bound.better === 'lower' ? '<=' : '>='} ${number(value)}`
}

function number(value: number): string {
  if (Number.isNaN(value)) return '?'
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, digits === 0 ? ' ' : '')
}
