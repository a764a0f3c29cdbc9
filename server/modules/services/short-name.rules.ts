import { SHORT_NAME_MAX, SHORT_NAME_MIN, type ShortNameFlaw } from '../../../contract/licenses.ts'

export type NameFlaw = { code: ShortNameFlaw; detail: string }

/** One rule of a short name: whether the name keeps it, and what to say where it does not. */
type ShortNameRule = { code: ShortNameFlaw; keeps: (name: string) => boolean; detail: string }

const FORBIDDEN = /[\\/:*?"<>|]/
const RESERVED = 'audit'

/** Source: seed 004; portal.md 4: the wide set of the seeds; rest-api.md X30. */
const RULES: readonly ShortNameRule[] = [
  {
    code: 'too-short',
    keeps: (name) => [...name].length >= SHORT_NAME_MIN,
    detail: `It has fewer than ${SHORT_NAME_MIN} characters.`,
  },
  {
    code: 'too-long',
    keeps: (name) => [...name].length <= SHORT_NAME_MAX,
    detail: `It has more than ${SHORT_NAME_MAX} characters.`,
  },
  {
    code: 'not-ascii',
    keeps: (name) => /^[\x20-\x7e]*$/.test(name),
    detail: 'It has characters beyond printable ASCII: use letters without accents, digits and signs.',
  },
  {
    code: 'forbidden-character',
    keeps: (name) => !FORBIDDEN.test(name),
    detail: 'It has one of \\ / : * ? " < > | in it.',
  },
  { code: 'dot', keeps: (name) => !name.includes('.'), detail: 'It has a dot in it.' },
  { code: 'blank', keeps: (name) => !/\s/.test(name), detail: 'It has a blank in it.' },
  {
    code: 'reserved',
    keeps: (name) => foldShortName(name) !== RESERVED,
    detail: `The name ${RESERVED} is reserved, in any letter case.`,
  },
]

/** Every rule that the name breaks, in a fixed order; whether another service has it is for the store to say. */
export function shortNameFlaws(name: string): NameFlaw[] {
  return RULES.filter((rule) => !rule.keeps(name)).map(({ code, detail }) => ({ code, detail }))
}

export const NAME_IN_USE: NameFlaw = {
  code: 'in-use',
  detail: 'Another service of the operator has it, in this or another letter case.',
}

/** As names are compared: without regard to letter case. */
export function foldShortName(name: string): string {
  return name.toLowerCase()
}

/** Legal forms that say nothing of who a company is. */
const LEGAL_FORMS = new Set(
  'ab ag as asa bv co corp corporation gmbh inc incorporated kg limited llc llp ltd nv oy plc pte pty sa sarl se spa srl'.split(
    ' ',
  ),
)

/**
 * What a short name for the company could be, then others like it, each good by the rules; the caller takes the first one
 * that is free. Empty where nothing of the name can be used.
 */
export function shortNameProposals(companyName: string, count = 50): string[] {
  const words = companyName
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replaceAll('ß', 'ss')
    .replace(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .split(' ')
    .filter((word) => word !== '')
  const telling = words.filter((word) => !LEGAL_FORMS.has(word.toLowerCase()))
  let stem = ''
  for (const word of telling.length > 0 ? telling : words) {
    // Whole words as long as they fit; the first one is cut where it must be.
    if (stem === '') stem = capitalized(word).slice(0, SHORT_NAME_MAX)
    else if (stem.length + word.length <= SHORT_NAME_MAX) stem += capitalized(word)
    else break
  }
  if (stem === '') return []
  if (stem.length < SHORT_NAME_MIN) stem = `${stem}-OC`
  const numbered = Array.from({ length: count - 1 }, (_, i) => {
    const number = String(i + 2)
    return stem.slice(0, SHORT_NAME_MAX - number.length) + number
  })
  return [stem, ...numbered].filter((name) => shortNameFlaws(name).length === 0)
}

function capitalized(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`
}
