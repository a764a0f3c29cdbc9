import { LOGO_BYTES_MAX } from '../../../contract/channels.ts'
import type { FieldError } from '../../kernel/errors.ts'

export type Logo = { type: string; bytes: Buffer }

const BEGINNINGS: Record<string, (bytes: Buffer) => boolean> = {
  'image/png': (bytes) => bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex')),
  'image/jpeg': (bytes) => bytes.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex')),
  'image/webp': (bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP',
}

/** The image of a data URL; what cannot be used is added to `errors`. No SVG: it can hold scripts. */
export function readLogo(text: string | null, errors: FieldError[]): Logo | null {
  if (text === null) return null
  const [, type = '', base64 = ''] = /^data:([a-z/]+);base64,(.*)$/.exec(text) ?? []
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length > LOGO_BYTES_MAX) {
    const detail = `Has ${bytes.length} bytes: at most ${LOGO_BYTES_MAX} are kept. Make the image smaller.`
    errors.push({ pointer: '/body/logo', detail })
    return null
  }
  if (BEGINNINGS[type]?.(bytes)) return { type, bytes }
  errors.push({ pointer: '/body/logo', detail: 'Is not the PNG, JPEG or WebP image that it says it is.' })
  return null
}

/** As it is shown again. */
export function logoText(logo: Logo | null): string | null {
  return logo === null ? null : `data:${logo.type};base64,${logo.bytes.toString('base64')}`
}
