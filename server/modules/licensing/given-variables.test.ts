import { expect, test } from 'vitest'
import { variableFlaws } from './given-variables.ts'
import { scriptVariables } from './license-order.ts'

const owner = { serviceId: 'service', shortName: 'Acme', fullName: 'Acme Ltd', tenantId: 'tenant-of-acme' }
const fields = { cacProfile: null, carrierHostName: null, carrierUserName: null, carrierMainLine: null }
const rendered = (variables: Record<string, string>, proxySet: string | null = 'Customers') =>
  scriptVariables(owner, { ...fields, name: 'Acme', proxySet, variables }, null)

test('what Leadline gives itself, and what has a field, is no further variable, however it is written', () => {
  const flaws = variableFlaws({ MSTENANTID: 'x', 'Short Name': 'y', carrieruserpassword: 'z', Transport: 'tls' })
  expect(flaws.map(({ name }) => name)).toEqual(['MSTENANTID', 'Short Name', 'carrieruserpassword'])
  expect(flaws[2]?.detail).toContain('carrierPassword')
  expect(variableFlaws(undefined)).toEqual([])
})

test('no variable that was stored takes the place of tenant id or short name, or of a field', () => {
  const values = rendered({
    MsTenantId: 'tenant-of-another',
    shortname: 'Other',
    ' proxyset': 'Theirs',
    Transport: 'tls',
  })
  expect(values).toMatchObject({
    MsTenantId: 'tenant-of-acme',
    ShortName: 'Acme',
    ProxySet: 'Customers',
    Transport: 'tls',
  })
  const given = ['FullName', 'MsTenantId', 'ObjectName', 'ProxySet', 'ServiceId', 'ShortName', 'SiteName']
  expect(Object.keys(values).toSorted()).toEqual([...given, 'Transport'])
})

test('a variable that was stored before its field was asked for still holds', () => {
  expect(rendered({ ProxySet: 'Theirs' }, null)).toMatchObject({ ProxySet: 'Theirs' })
})
