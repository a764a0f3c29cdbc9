/** A secret somebody could find, with its name for the report; never itself in a message. */
export type Planted = { name: string; value: string | Buffer }
export type Haystack = { name: string; text: string }
export type Trace = { secret: string; form: string; where: string }

/**
 * Where any of the secrets can be read, in any of the forms a program writes: plain, JSON, URL-encoded, hex, base64 and
 * base64url. Base64 is looked for inside of longer base64 too, where the secret begins at any of its three offsets.
 * Haystacks are bytes read as latin1, so that nothing is lost in decoding.
 */
export function findTraces(planted: readonly Planted[], haystacks: readonly Haystack[]): Trace[] {
  const needles = needlesOf(planted)
  const traces = new Map<string, Trace>()
  for (const { name: where, text } of haystacks)
    for (const { secret, form } of needles.in(text)) traces.set(`${secret} ${form} ${where}`, { secret, form, where })
  return [...traces.values()]
}

type Needle = { secret: string; form: string; text: string }

/** Looks for all needles in one pass: a whole data directory is long, and there are hundreds of them. */
function needlesOf(planted: readonly Planted[]) {
  const byBeginning = new Map<number, Needle[]>()
  // Says no for nearly every place, without the map.
  const perhaps = new Uint8Array(65_536)
  for (const { name: secret, value } of planted)
    for (const [form, text] of formsOf(value)) {
      const beginning = beginningAt(text, 0)
      byBeginning.set(beginning, [...(byBeginning.get(beginning) ?? []), { secret, form, text }])
      perhaps[folded(beginning)] = 1
    }
  return {
    *in(text: string): Generator<Needle> {
      for (let at = 0; at + 4 <= text.length; at++) {
        const beginning = beginningAt(text, at)
        if (perhaps[folded(beginning)] === 0) continue
        for (const needle of byBeginning.get(beginning) ?? []) if (text.startsWith(needle.text, at)) yield needle
      }
    },
  }
}

function beginningAt(text: string, at: number): number {
  const [second, third, fourth] = [text.charCodeAt(at + 1), text.charCodeAt(at + 2), text.charCodeAt(at + 3)]
  return (text.charCodeAt(at) | (second << 8) | (third << 16) | (fourth << 24)) >>> 0
}

function folded(beginning: number): number {
  return (beginning ^ (beginning >>> 16)) & 0xffff
}

/** The forms without repetition: of a plain ASCII secret several read the same. */
export function formsOf(value: string | Buffer): Map<string, string> {
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value, 'utf8')
  if (bytes.length < 8) throw new Error('A secret this short is found by chance.')
  const forms: [string, string][] = [['plain', bytes.toString('latin1')]]
  if (typeof value === 'string') {
    forms.push(['JSON', Buffer.from(JSON.stringify(value).slice(1, -1)).toString('latin1')])
    forms.push(['URL', encodeURIComponent(value)], ['form', new URLSearchParams({ v: value }).toString().slice(2)])
  }
  forms.push(['URL, every byte', `%${bytes.toString('hex').match(/../g)?.join('%')}`])
  forms.push(['hex', bytes.toString('hex')], ['HEX', bytes.toString('hex').toUpperCase()])
  for (const offset of [0, 1, 2]) {
    const base64 = alignedBase64(bytes, offset)
    forms.push([`base64 +${offset}`, base64])
    forms.push([`base64url +${offset}`, base64.replaceAll('+', '-').replaceAll('/', '_')])
  }
  const unique = new Map<string, string>()
  for (const [form, needle] of forms) if (![...unique.values()].includes(needle)) unique.set(form, needle)
  return unique
}

/** The middle of the base64 of something longer: without the characters that depend on the neighbours. */
function alignedBase64(bytes: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
  const first = offset === 0 ? 0 : offset + 1
  const usable = Math.floor(((offset + bytes.length) * 8) / 6)
  return encoded.slice(first, usable)
}
