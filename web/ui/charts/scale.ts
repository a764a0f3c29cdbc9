/** Where the lines of a chart stand: from 0 to a round number at or above `max`, few of them. */
export function ticksUpTo(max: number, wanted = 4): number[] {
  return linesUpTo(max, stepOf(max / wanted, [1, 2, 2.5, 5, 10]))
}

/** As `ticksUpTo`, for what comes in whole numbers only: no line stands between two of them. */
export function wholeTicksUpTo(max: number, wanted = 4): number[] {
  return linesUpTo(max, Math.max(1, stepOf(max / wanted, max > 50 ? [1, 2, 2.5, 5, 10] : [1, 2, 5, 10])))
}

function stepOf(rough: number, rounds: readonly number[]): number {
  const power = 10 ** Math.floor(Math.log10(rough))
  return (rounds.find((one) => one * power >= rough) ?? 10) * power
}

function linesUpTo(max: number, step: number): number[] {
  if (!(max > 0)) return [0]
  const lines = Math.ceil(max / step - 1e-9)
  return Array.from({ length: lines + 1 }, (_, index) => Number((index * step).toPrecision(12)))
}
