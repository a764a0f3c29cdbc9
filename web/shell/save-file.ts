/** The browser has begun to copy by then; freeing the file at once would break that. */
const KEEP_MS = 60_000
const PART_LENGTH_MAX = 60

/** Puts a file where the browser puts downloads. */
export function saveFile(file: Blob, fileName: string): void {
  const url = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), KEEP_MS)
}

/**
 * "leads-Northwind-Voice-2026-11-22-0801.csv": parts that people may have typed, without what a file system, a shell or a
 * reader could trip over, and the time here.
 */
export function csvFileName(parts: readonly string[], now: Date): string {
  const two = (part: number) => String(part).padStart(2, '0')
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
  const words = parts.map(plainPart).filter((part) => part !== '')
  return `${[...words, day, `${two(now.getHours())}${two(now.getMinutes())}`].join('-')}.csv`
}

function plainPart(text: string): string {
  const plain = text.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
  return [...plain]
    .slice(0, PART_LENGTH_MAX)
    .join('')
    .replace(/^-+|-+$/g, '')
}
