import type { SbcChange, WireSbc } from '../../api/sbcs.ts'

/** A device as it stands in the form. */
export type TypedDevice = {
  name: string
  make: string
  mode: 'automatic' | 'manual'
  address: string
  user: string
  password: string
  /** Separated by commas, blanks or lines. */
  trunkFqdns: string
  ipGroupsMax: string
  trust: 'public' | 'ca' | 'fingerprint'
  pem: string
  sha256: string
  hasWindow: boolean
  days: number[]
  from: string
  to: string
  timeZone: string
}

export function beginDevice(sbc: WireSbc | undefined): TypedDevice {
  const window = sbc?.changeWindow
  const trust = sbc?.trust
  return {
    name: sbc?.name ?? '',
    make: sbc?.make ?? 'mediant',
    mode: sbc?.mode ?? 'manual',
    address: sbc?.address ?? '',
    user: sbc?.user ?? '',
    password: '',
    trunkFqdns: sbc?.trunkFqdns.join(', ') ?? '',
    ipGroupsMax: sbc?.ipGroupsMax?.toString() ?? '',
    trust: trust?.kind ?? 'public',
    pem: trust?.kind === 'ca' ? trust.pem : '',
    sha256: trust?.kind === 'fingerprint' ? trust.sha256 : '',
    hasWindow: window !== null && window !== undefined,
    days: window?.days ?? [1, 2, 3, 4, 5],
    from: window?.from ?? '22:00',
    to: window?.to ?? '04:00',
    timeZone: window?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
  }
}

/** As the API takes it. An empty password keeps the one that is stored; wrong values are sent, for the API to name. */
export function readDevice(typed: TypedDevice, sbc: WireSbc | undefined): SbcChange & { name: string } {
  const groups = typed.ipGroupsMax.trim()
  const address = typed.address.trim()
  return {
    name: typed.name.trim(),
    make: typed.make.trim(),
    mode: typed.mode,
    address: address === '' ? null : address,
    user: typed.user.trim(),
    ...(typed.password !== '' && { password: typed.password }),
    trust: trustOf(typed),
    trunkFqdns: typed.trunkFqdns.split(/[\s,;]+/).filter((one) => one !== ''),
    ipGroupsMax: groups === '' ? null : Number(groups),
    changeWindow: typed.hasWindow
      ? { days: typed.days, from: typed.from, to: typed.to, timeZone: typed.timeZone.trim() }
      : null,
    ...(sbc && { timeoutMs: sbc.timeoutMs }),
  }
}

function trustOf({ trust, pem, sha256 }: TypedDevice): NonNullable<SbcChange['trust']> {
  if (trust === 'ca') return { kind: 'ca', pem }
  return trust === 'fingerprint' ? { kind: 'fingerprint', sha256: sha256.trim() } : { kind: 'public' }
}
