import type { ConsentRecord } from './consent-record.ts'
import { nameIn, writeJson } from './dialect.ts'
import type { FaultName } from './fault-catalogue.ts'
import type { StrikingFault } from './faults.ts'
import type { Exchange, Reply } from './http-exchange.ts'
import { apiError } from './operator-api-errors.ts'
import { applySentinel, falsifyPage } from './record-faults.ts'
import type { Operator } from './world.ts'

const DEFAULT_TOP = 100
const MAX_TOP = 1000

/**
 * `GET /operator-consents?skip&top`: a page of the listing in order of arrival, `{Values, TotalCount, NextLink?}`.
 * `top` is 100 unless given and at most 1,000 (decisions.md); anything else is a 400.
 */
export function answerListing(operator: Operator, exchange: Exchange, faults: StrikingFault[]): Reply {
  const range = rangeOf(exchange)
  if ('status' in range) return range
  const { skip, top } = range
  const page = choosePage(operator, skip, top, faults)
  const recordFaults = faults.filter(({ kind }) => kind === 'record')
  const values =
    recordFaults.length === 0
      ? operator.pages[operator.settings.casing].slice(page.from, page.count)
      : falsifiedValues(operator, page.from, page.count, recordFaults)
  const nextLink =
    page.nextSkip === undefined ? undefined : linkTo(page.nextHost ?? exchange.baseUrl, exchange, page.nextSkip, top)
  return envelope(operator, values, page.totalCount, nextLink)
}

/** `GET …/tenants/{tenantId}/acquired-numbers?skip&top`: `{AcquiredNumbers, TotalCount, NextLink?}`, paged like the listing. */
export function answerNumbers(operator: Operator, tenantId: string, exchange: Exchange): Reply {
  const range = rangeOf(exchange)
  if ('status' in range) return range
  const { skip, top } = range
  const numbers = operator.numbers.get(tenantId) ?? []
  const link = skip + top < numbers.length ? { NextLink: linkTo(exchange.baseUrl, exchange, skip + top, top) } : {}
  const body = { AcquiredNumbers: numbers.slice(skip, skip + top), TotalCount: numbers.length, ...link }
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: writeJson(body, operator.settings.casing),
  }
}

function rangeOf(exchange: Exchange): { skip: number; top: number } | Reply {
  const { searchParams } = exchange.url
  const skip = wholeNumber(searchParams.get('skip') ?? searchParams.get('$skip'), 0, Number.MAX_SAFE_INTEGER)
  const top = wholeNumber(searchParams.get('top') ?? searchParams.get('$top'), DEFAULT_TOP, MAX_TOP)
  if (skip === undefined) return badPaging('skip', 'a whole number of at least 0')
  if (top === undefined || top === 0) return badPaging('top', `a whole number from 1 to ${MAX_TOP}`)
  return { skip, top }
}

interface ChosenPage {
  from: number
  count: number
  totalCount: number
  nextSkip: number | undefined
  nextHost?: string
}

/** Which consents a page holds and what it says about the rest, listing faults included. */
function choosePage(operator: Operator, skip: number, top: number, faults: StrikingFault[]): ChosenPage {
  const fault = (name: FaultName) => faults.find((candidate) => candidate.name === name)
  const shrunk = fault('shrunk-listing')
  let total = operator.store.listedCount
  if (shrunk !== undefined) total = Math.floor((total * (100 - (shrunk.percent ?? 50))) / 100)
  if (fault('empty-listing') !== undefined) total = 0
  const page: ChosenPage = {
    from: skip,
    count: Math.max(0, Math.min(top, total - skip)),
    totalCount: total,
    nextSkip: skip + top < total ? skip + top : undefined,
  }
  const lie = fault('total-count-lies')
  if (lie !== undefined) page.totalCount += lie.offset ?? 7
  if (fault('repeated-page') !== undefined) {
    page.from = Math.max(0, skip - top)
    page.count = Math.max(0, Math.min(top, total - page.from))
    page.nextSkip = skip
  }
  if (fault('endless-next-link') !== undefined) {
    if (page.count === 0) page.from = Math.max(0, total - top)
    page.count = Math.max(0, Math.min(top, total - page.from))
    page.nextSkip = skip + top
  }
  if (fault('next-link-to-itself') !== undefined) page.nextSkip = skip
  if (fault('no-next-link') !== undefined) page.nextSkip = undefined
  if (fault('foreign-next-link') !== undefined) {
    page.nextSkip = skip + top
    page.nextHost = 'http://collector.example'
  }
  return page
}

function falsifiedValues(operator: Operator, from: number, count: number, faults: StrikingFault[]): Buffer {
  const { store, settings } = operator
  const consents: ConsentRecord[] = []
  for (let position = from; position < from + count; position++) consents.push(store.at(store.ordinalAt(position)))
  let values: unknown[] = consents.map(applySentinel)
  for (const fault of faults) values = falsifyPage(values, fault)
  return Buffer.from(values.map((value) => writeJson(value, settings.casing)).join(','))
}

function envelope(operator: Operator, values: Buffer, totalCount: number, nextLink: string | undefined): Reply {
  const { casing } = operator.settings
  const head = Buffer.from(`{"${nameIn(casing, 'Values')}":[`)
  const link = nextLink === undefined ? '' : `,"${nameIn(casing, 'NextLink')}":${JSON.stringify(nextLink)}`
  const tail = Buffer.from(`],"${nameIn(casing, 'TotalCount')}":${totalCount}${link}}`)
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: Buffer.concat([head, values, tail]),
  }
}

function linkTo(host: string, exchange: Exchange, skip: number, top: number): string {
  return `${host}${exchange.url.pathname}?skip=${skip}&top=${top}`
}

function wholeNumber(text: string | null, fallback: number, limit: number): number | undefined {
  if (text === null) return fallback
  if (!/^\d{1,15}$/.test(text)) return undefined
  const value = Number(text)
  return value <= limit ? value : undefined
}

function badPaging(parameter: string, rule: string): Reply {
  return apiError(400, 'BadRequest', `The parameter '${parameter}' must be ${rule}.`)
}
