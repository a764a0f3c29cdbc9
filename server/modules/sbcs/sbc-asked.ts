import { X509Certificate } from 'node:crypto'
import type { SbcChange } from '../../../contract/sbcs.ts'
import type { FieldError } from '../../kernel/errors.ts'
import { isTimeZone } from '../../kernel/time-zone.ts'

const FQDN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/

/** Names of Microsoft's trunks as they are compared: in small letters, without a dot at the end. */
export function foldFqdn(name: string): string {
  return name.trim().toLowerCase().replace(/\.$/, '')
}

/** All that is wrong with what is asked for a device, but its address, which depends on the installation. */
export function sbcProblems(asked: SbcChange, drivenMakes: readonly string[]): FieldError[] {
  const problems: FieldError[] = []
  const say = (field: string, detail: string) => problems.push({ pointer: `/body/${field}`, detail })
  const { changeWindow, trust, trunkFqdns = [], make, mode, user, password } = asked
  if (changeWindow && !isTimeZone(changeWindow.timeZone)) {
    say('changeWindow/timeZone', 'No such time zone: give one of the IANA list, such as Europe/Berlin.')
  }
  if (changeWindow && changeWindow.from === changeWindow.to) say('changeWindow/to', 'The window never opens.')
  if (trust?.kind === 'ca' && !isCertificate(trust.pem)) {
    say('trust/pem', 'Not a certificate in PEM form (-----BEGIN CERTIFICATE-----).')
  }
  for (const [at, fqdn] of trunkFqdns.entries()) {
    if (!FQDN.test(foldFqdn(fqdn))) say(`trunkFqdns/${at}`, 'Not a full host name, such as sbc1.example.com.')
  }
  if (mode === 'automatic' && make !== undefined && !drivenMakes.includes(make.trim().toLowerCase())) {
    say('mode', `There is no driver for ${make}: choose the mode manual.`)
  }
  if (user !== undefined && /[:\p{Cc}]/u.test(user)) say('user', 'No colon and no control characters.')
  if (password !== undefined && /\p{Cc}/u.test(password)) say('password', 'No control characters.')
  return problems
}

/** An address as it is stored: scheme, host and port, nothing else. Null with a path, a query, or another scheme. */
export function originOf(address: string): string | null {
  const url = URL.parse(address.trim())
  if (url?.protocol !== 'https:' || !['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '')
    return null
  return url.username === '' && url.password === '' ? url.origin : null
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined
  } catch {
    // What cannot be read is none.
    return false
  }
}
