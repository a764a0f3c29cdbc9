import { expect, test } from 'vitest'
import { type CustomerBody, readCustomerBody } from './customer-request.ts'

const TENANT = 'd1382f6b-4846-45d7-9ac8-0349c1ed5ead'
const body = (change: CustomerBody = {}): CustomerBody => ({
  ...{ configurationName: 'OcEssential_TENANT_TYPE', customerShortName: 'Acme', msTenantID: TENANT },
  ...change,
})
const fields = (change: CustomerBody) => {
  const read = readCustomerBody(body(change))
  return read.ok ? [] : read.flaws.map(({ pointer }) => pointer)
}

test('the printed names mean the same', () => {
  const read = readCustomerBody(body({ customerShortName: null, shortName: 'Acme', CustomerFulName: 'Acme Ltd' }))
  expect(read).toEqual({
    ok: true,
    target: TENANT,
    channelId: null,
    asked: { shortName: 'Acme', fullName: 'Acme Ltd' },
    gateway: null,
  })
})

test('by IP group, parameters become our own fields, in any letter case, and the rest variables', () => {
  const read = readCustomerBody(
    body({
      configurationName: 'ocessential_ipgroup_type',
      siteLocation: { sbcId: '2', sbcOnboardingScript: 12, sbcCleanupScript: 0 },
      scriptParameters: {
        ...{ 'Cac Profile': '10 sessions', PROXYSET: 'Customers', CarrierMailLine: '100', OnlinePstnGateway: 'x' },
        ...{ 'CustomVar.Variable1': 7, Transport: 'tls', CarrierUserPassword: 'secret' },
      },
    }),
  )
  expect(read).toMatchObject({
    gateway: 'x',
    asked: {
      advanced: {
        ...{ sbcId: 2, model: 'ip-group', onboardingScript: 12, cleanupScript: null, cacProfile: '10 sessions' },
        ...{ proxySet: 'Customers', carrierMainLine: '100', carrierPassword: 'secret' },
        variables: { Variable1: '7', Transport: 'tls' },
      },
    },
  })
})

test.each<[CustomerBody, string[]]>([
  [{ configurationName: 'OcPro' }, ['/body/configurationName']],
  [{ customerShortName: null }, ['/body/customerShortName']],
  [{ shortName: 'Other' }, ['/body/shortName']],
  [{ msTenantID: 'abc' }, ['/body/msTenantID']],
  [{ ovocCustomerType: 'IPGROUP_TYPE' }, ['/body/ovocCustomerType']],
  [{ lcCustomerId: 'x' }, ['/body/lcCustomerId']],
  [{ siteLocation: {} }, ['/body/siteLocation/sbcId']],
  [
    {
      configurationName: 'OcEssential_IPGROUP_TYPE',
      siteLocation: { sbcId: 1 },
      scriptParameters: { ProxySet: { a: 1 } },
    },
    ['/body/scriptParameters'],
  ],
  [
    {
      siteLocation: { sbcId: 1 },
      scriptParameters: { ShortName: 'Other', 'CustomVar.mstenantid': 'x', 'CustomVar.ProxySet': 'Customers' },
    },
    ['/body/scriptParameters/ShortName', '/body/scriptParameters/mstenantid'],
  ],
])('%j is told by field', (change, expected) => {
  expect(fields(change)).toEqual(expected)
})
