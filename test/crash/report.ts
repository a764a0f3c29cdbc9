import { TARGETS } from './installation.ts'
import type { RoundResult } from './round.ts'

/** Source: design/quality.md R1. */
const RESUME_SECONDS_MAX = 30

/** One line for each target, and what all of them together say. */
export function table(results: RoundResult[], seconds: number): string {
  const head = [
    ...['killed', 'rounds', 'failed', 'resumed p50', 'resumed max', `over ${RESUME_SECONDS_MAX} s`],
    ...['done max', 'exports whole', 'exports cut'],
  ]
  const lines = [head, ...[...TARGETS, null].map((target) => lineOf(results, target))]
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const text = lines.map((line) => line.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ')).join('\n')
  const failed = results.filter(({ problems }) => problems.length > 0)
  const again = failed.map(({ seed }) => `npm run crash -- --seed ${seed} --rounds 1`)
  const changes = results.reduce((sum, { seen }) => sum + seen.lists, 0)
  return [
    text,
    '',
    `${results.length} rounds in ${seconds.toFixed(0)} s, ${failed.length} failed, ${changes} pages read beside them`,
    ...again,
  ].join('\n')
}

function lineOf(all: RoundResult[], target: string | null): string[] {
  const results = target === null ? all : all.filter((result) => result.target === target)
  const resumed = results.map(({ resumedSeconds }) => resumedSeconds).sort((a, b) => a - b)
  const sum = (of: (result: RoundResult) => number) => String(results.reduce((total, result) => total + of(result), 0))
  return [
    target ?? 'together',
    String(results.length),
    String(results.filter(({ problems }) => problems.length > 0).length),
    secondsOf(resumed[Math.floor(resumed.length / 2)]),
    secondsOf(resumed.at(-1)),
    String(resumed.filter((seconds) => seconds > RESUME_SECONDS_MAX).length),
    secondsOf(results.length > 0 ? Math.max(...results.map(({ settledSeconds }) => settledSeconds)) : undefined),
    sum(({ seen }) => seen.wholeExports),
    sum(({ seen }) => seen.cutExports),
  ]
}

function secondsOf(value: number | undefined): string {
  return value === undefined ? '-' : `${value.toFixed(1)} s`
}
