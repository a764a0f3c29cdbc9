import { isGuid } from '../kernel/ids.ts'
import { createApiCaller } from './api-caller.ts'
import { checkConnection } from './connection-check.ts'
import { envelopeFacts, listIn, readConsentPage } from './consent-page.ts'
import { decodeJson } from './decode-json.ts'
import type { Answer } from './exchange.ts'
import { MicrosoftError, type MicrosoftOperation } from './microsoft-error.ts'
import { type Dialect, nativeDialect } from './native-dialect.ts'
import {
  type ConsentRange,
  MAX_PAGE_SIZE,
  type OperatorConnectClient,
  type OperatorConnectClientOptions,
} from './operator-connect-port.ts'
import { malformed } from './refusal.ts'
import { checkSettings, type OperatorConnectSettings } from './settings.ts'
import { tenantOfDomain } from './tenant-of-domain.ts'
import { isWebPage } from './upstream-words.ts'
import { followSignals } from './waiting.ts'

/** A person waits for the outcome of a test, so it gives up sooner than a job. */
const TEST_RETRY = { maxAttempts: 2, budgetMs: 20_000, maxRetryAfterMs: 5_000 }

/** One client serves one operator. Throws MicrosoftError `settings`, naming every problem, when the settings cannot work. */
export function createOperatorConnectClient(
  settings: OperatorConnectSettings,
  options: OperatorConnectClientOptions = {},
): OperatorConnectClient {
  const problems = checkSettings(settings)
  if (problems.length > 0) {
    throw new MicrosoftError({
      kind: 'settings',
      detail: 'The connection to Microsoft cannot be made from its settings.',
      remedy: problems.map((problem) => `${problem.field}: ${problem.detail}`).join(' '),
    })
  }
  const dialect = options.dialect ?? nativeDialect
  const caller = createApiCaller(settings, options)
  /** A member of a body in the letter case that the connection writes. */
  const named = (name: string) =>
    settings.casing === 'camel' ? `${name.charAt(0).toLowerCase()}${name.slice(1)}` : name

  return {
    async listConsents(range, call = {}) {
      const operation = 'listConsents'
      const read = (answer: Answer) =>
        orMalformed(operation, answer, () => readConsentPage(answer.text, dialect, range.recall))
      return await caller.send({ operation, url: rangeUrl(settings, dialect, range), read }, call)
    },

    async consentByTenant(tenantId, call = {}) {
      const operation = 'consentByTenant'
      const url = dialect.consentByTenantUrl(settings, tenantGuid(operation, tenantId))
      const read = (answer: Answer) =>
        answer.status === 200 ? orMalformed(operation, answer, () => consentIn(answer.text)) : null
      // A 404 that is a web page speaks of a wrong path; taking it for "no consent" could confirm removals that never were.
      const accepts = (answer: Answer) => answer.status === 204 || (answer.status === 404 && !isWebPage(answer))
      return await caller.send({ operation, url, read, accepts }, call)
    },

    async civicAddresses(tenantId, call = {}) {
      const operation = 'civicAddresses'
      const url = dialect.civicAddressesUrl(settings, tenantGuid(operation, tenantId))
      const read = (answer: Answer) =>
        answer.status === 204 ? [] : orMalformed(operation, answer, () => addressesIn(answer.text, dialect))
      return await caller.send({ operation, url, read, accepts: (answer) => answer.status === 204 }, call)
    },

    async createDirectConsent(tenantId, companyName, call = {}) {
      const operation = 'createDirectConsent'
      const url = dialect.consentByTenantUrl(settings, tenantGuid(operation, tenantId))
      const body = { [named('CompanyName')]: companyName }
      const read = (answer: Answer) => orMalformed(operation, answer, () => consentIn(answer.text))
      const accepts = (answer: Answer) => answer.status === 201
      return await caller.send({ operation, method: 'PATCH', url, body, read, accepts }, call)
    },

    async deleteDirectConsent(tenantId, call = {}) {
      const operation = 'deleteDirectConsent'
      const url = dialect.consentByTenantUrl(settings, tenantGuid(operation, tenantId))
      const read = () => undefined
      const accepts = (answer: Answer) => answer.status === 204 || (answer.status === 404 && !isWebPage(answer))
      await caller.send({ operation, method: 'DELETE', url, read, accepts }, call)
    },

    async setRelationship(tenantId, { status, comment }, call = {}) {
      const operation = 'setRelationship'
      const url = dialect.relationshipUrl(settings, tenantGuid(operation, tenantId))
      const body = { [named('Status')]: status, [named('Comment')]: comment }
      const read = (answer: Answer) => orMalformed(operation, answer, () => consentIn(answer.text))
      return await caller.send({ operation, method: 'PUT', url, body, read }, call)
    },

    async callingProfiles(call = {}) {
      const operation = 'callingProfiles'
      const url = dialect.callingProfilesUrl(settings)
      const read = (answer: Answer) => orMalformed(operation, answer, () => profilesIn(answer.text, dialect))
      return await caller.send({ operation, url, read }, call)
    },

    async acquiredNumberCount(tenantId, call = {}) {
      const operation = 'acquiredNumbers'
      const url = dialect.acquiredNumbersUrl(settings, tenantGuid(operation, tenantId), { skip: 0, top: 1 })
      const read = (answer: Answer) => {
        if (answer.status === 404) return null
        return answer.status === 204 ? 0 : orMalformed(operation, answer, () => numbersIn(answer.text, dialect))
      }
      const accepts = (answer: Answer) => answer.status === 204 || (answer.status === 404 && !isWebPage(answer))
      return await caller.send({ operation, url, read, accepts }, call)
    },

    tenantOfDomain: (domain, call = {}) =>
      tenantOfDomain(caller.dispatcher, settings, domain, { ...call, closing: caller.closing }),

    async testConnection(call = {}) {
      // Its own token: one from before a role was granted would report yesterday's trouble.
      const fresh = createOperatorConnectClient(settings, {
        ...options,
        dispatcher: caller.dispatcher,
        retry: TEST_RETRY,
      })
      const following = followSignals([call.signal, caller.closing])
      try {
        return await checkConnection(fresh, following.signal)
      } finally {
        following.release()
        await fresh.close()
      }
    },

    close: () => caller.close(),
  }
}

function rangeUrl(settings: OperatorConnectSettings, dialect: Dialect, range: ConsentRange): URL {
  if (range.nextLink !== undefined && range.nextLink !== null) return trustedLink(settings.baseUrl, range.nextLink)
  const { skip, top } = range
  if (!Number.isInteger(skip) || skip < 0 || !Number.isInteger(top) || top < 1 || top > MAX_PAGE_SIZE) {
    throw new MicrosoftError({
      kind: 'rejected',
      operation: 'listConsents',
      detail: `A page of consents cannot begin at ${skip} and hold ${top} records.`,
      remedy: `Ask for 1 to ${MAX_PAGE_SIZE} records from 0 on.`,
    })
  }
  return dialect.consentsUrl(settings, { skip, top })
}

/** The token goes with the request, so a link may not lead to another host, port or protocol. */
function trustedLink(baseUrl: string, link: string): URL {
  const base = new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`)
  const url = URL.canParse(link, base.href) ? new URL(link, base) : null
  if (url !== null && url.origin === base.origin && url.username === '' && url.password === '') return url
  throw new MicrosoftError({
    kind: 'paging',
    operation: 'listConsents',
    detail: `The link to the next page leads ${url === null ? 'nowhere' : `to ${url.origin}`} and not to ${base.origin}; it was not followed.`,
    remedy: 'Check the base URL of the connection, and whether a proxy on the way changes addresses.',
  })
}

function tenantGuid(operation: MicrosoftOperation, tenantId: string): string {
  if (isGuid(tenantId)) return tenantId.toLowerCase()
  throw new MicrosoftError({
    kind: 'rejected',
    operation,
    detail: 'A tenant id must be a GUID; Microsoft was not asked.',
    remedy: 'Correct the tenant id.',
  })
}

/** A null with status 200 is no word for "no consent", which would be a 404: a removal could be confirmed by it. */
function consentIn(text: string): unknown {
  const consent = decodeJson(text)
  if (consent === null) throw new SyntaxError('null in place of a consent')
  return consent
}

function addressesIn(text: string, dialect: Dialect): unknown[] {
  const list = listIn(decodeJson(text), dialect.civicAddressMembers)
  if (list === null) throw new SyntaxError('no list of civic addresses in the answer')
  return list
}

function profilesIn(text: string, dialect: Dialect): unknown[] {
  const answer = decodeJson(text)
  const list = Array.isArray(answer) ? answer : listIn(answer, dialect.callingProfileMembers)
  if (list === null) throw new SyntaxError('no list of calling profiles in the answer')
  return list
}

function numbersIn(text: string, dialect: Dialect): number {
  const answer = decodeJson(text)
  const list = listIn(answer, dialect.acquiredNumberMembers)
  if (list === null) throw new SyntaxError('no list of acquired numbers in the answer')
  return Math.max(list.length, envelopeFacts(answer, dialect).totalCount ?? 0)
}

/** Reading throws a SyntaxError for bad text and a RangeError for nesting without end; anything else is a defect of ours. */
async function orMalformed<T>(operation: MicrosoftOperation, answer: Answer, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) throw malformed(operation, answer, error)
    throw error
  }
}
