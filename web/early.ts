// Runs by itself, before the portal's code has even come: what the page is going to ask for first is under way meanwhile.

const answers = new Map<string, Promise<Response>>()
/** An answer that nobody has wanted by then is out of date. */
const KEPT_MS = 10_000
/** As in api/viewed-channel.ts: then what is seen is narrower than what would be asked for here. */
const VIEWED_CHANNEL = 'leadline.viewed-channel'

/** The answer to a plain GET that was asked for early, once. It went out with `accept` and the operator as its only headers. */
export function takeEarly(address: string, operatorId: number | undefined): Promise<Response> | undefined {
  const key = keyOf(address, operatorId)
  const answer = answers.get(key)
  answers.delete(key)
  return answer
}

function ask(address: string, operatorId?: number): void {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (operatorId !== undefined) headers['x-leadline-operator'] = String(operatorId)
  const answer = fetch(address, { headers, credentials: 'same-origin', redirect: 'error' })
  // Whoever takes it sees the failure; nobody else need.
  answer.catch(() => undefined)
  answers.set(keyOf(address, operatorId), answer)
  setTimeout(() => answers.delete(keyOf(address, operatorId)), KEPT_MS)
}

function keyOf(address: string, operatorId: number | undefined): string {
  return `${operatorId ?? ''} ${address}`
}

function isSomebodyViewed(): boolean {
  try {
    return sessionStorage.getItem(VIEWED_CHANNEL) !== null
  } catch {
    return false
  }
}

const place = /^\/operators(?:\/(\d+)(?:\/(leads|tenants)\/?)?)?/.exec(location.pathname)
if (place) {
  ask('/api/v4/me')
  const [whole, operatorId, list] = place
  // The list as it is without any filter; a test sees to it that this is what the page asks for.
  if (list && whole === location.pathname && location.search === '' && !isSomebodyViewed()) {
    ask(`/api/v4/leads?licensed=${list === 'tenants'}&sort=-consentedOn&pageSize=100`, Number(operatorId))
  }
}
