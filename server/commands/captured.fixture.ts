import { vi } from 'vitest'

/** Runs a command in this process: its exit code, and what it has said on either stream. */
export async function captured(
  run: (args: string[]) => Promise<number>,
  args: string[],
): Promise<{ code: number; said: string }> {
  let said = ''
  const keep = (chunk: unknown) => {
    said += String(chunk)
    return true
  }
  const spies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockImplementation(keep))
  try {
    return { code: await run(args), said }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}
