import { control, organization, ownTenant } from './control-client.js'
import { button, countryName, el, field, openPanel, pageHead, showError, toast } from './dom.js'

const COUNTRIES =
  'AE AT AU BE BG BR CA CH CZ DE DK ES FI FR GB GR HU IE IL IN IT JP MX NL NO PL PT RO SE SG US ZA'.split(' ')

/** Emergency addresses of the organization that is played. */
export async function showAddresses(refresh) {
  const { company, tenantId } = organization()
  const tenant = await ownTenant()
  const add = button('Add address', () => addressPanel(tenantId, refresh), 'primary')
  const head = pageHead(
    'Emergency addresses',
    'Where emergency services find your people. Operators can read these addresses, not change them.',
    tenantId === null ? null : add,
  )
  if (tenantId === null || tenant.civicAddresses.length === 0) {
    const words =
      tenantId === null ? 'Add an operator first: then your organization exists.' : `${company} has no address so far.`
    const next =
      tenantId === null ? el('a', { class: 'button primary', href: '#operators' }, 'Choose an operator') : null
    return [head, el('div', { class: 'empty' }, el('h2', {}, 'No addresses'), el('p', {}, words), next)]
  }
  return [
    head,
    el(
      'div',
      { class: 'cards' },
      tenant.civicAddresses.map((address) => addressCard(address, tenantId, refresh)),
    ),
  ]
}

function addressCard(address, tenantId, refresh) {
  const street = [address.StreetName, `${address.HouseNumber}${address.HouseNumberSuffix}`].filter(Boolean).join(' ')
  const city = [address.PostalOrZipCode, address.CityOrTown, address.StateOrProvince].filter(Boolean).join(' ')
  const remove = async () => {
    await control('DELETE', `/tenants/${tenantId}/civic-addresses/${address.Id}`)
    toast('The address is removed.')
    await refresh()
  }
  return el(
    'article',
    { class: 'card', 'aria-label': address.Description },
    el('h2', {}, address.Description || street || 'Address'),
    el('p', {}, street, el('br'), city, el('br'), countryName(address.Country)),
    el(
      'p',
      { class: 'chips' },
      (address.Locations ?? []).map((one) => el('span', { class: 'chip' }, one.AdditionalInfo ?? 'Default location')),
    ),
    el('p', { class: 'muted small' }, address.ValidationStatus),
    el('div', { class: 'card-foot' }, button('Remove', remove, 'quiet danger')),
  )
}

function addressPanel(tenantId, refresh) {
  const country = el(
    'select',
    {},
    COUNTRIES.map((code) => el('option', { value: code }, countryName(code))),
  )
  country.value = 'GB'
  const inputs = Object.fromEntries(
    ['description', 'houseNumber', 'streetName', 'postalOrZipCode', 'cityOrTown', 'stateOrProvince'].map((name) => [
      name,
      el('input', {}),
    ]),
  )
  const floors = el('input', { placeholder: '1st floor, 2nd floor' })
  openPanel({
    title: 'Add an emergency address',
    submitText: 'Add address',
    body: [
      field('Name', inputs.description, 'Such as Head office.'),
      field('Country or region', country),
      el('div', { class: 'field-row' }, field('Street', inputs.streetName), field('House number', inputs.houseNumber)),
      el(
        'div',
        { class: 'field-row' },
        field('Postal code', inputs.postalOrZipCode),
        field('City or town', inputs.cityOrTown),
      ),
      field('State or province', inputs.stateOrProvince),
      field(
        'More places in the building (optional)',
        floors,
        'Separated by commas. The building itself is the default location.',
      ),
    ],
    submit: async () => {
      const filled = [
        showError(inputs.description, inputs.description.value.trim() === '' ? 'Give the address a name.' : ''),
        showError(inputs.cityOrTown, inputs.cityOrTown.value.trim() === '' ? 'Say which city or town.' : ''),
      ].every(Boolean)
      if (!filled) return false
      const texts = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value.trim()]))
      const places = floors.value
        .split(',')
        .map((text) => text.trim())
        .filter(Boolean)
      await control('POST', `/tenants/${tenantId}/civic-addresses`, {
        ...texts,
        country: country.value,
        locations: [{}, ...places.map((additionalInfo) => ({ additionalInfo }))],
      })
      toast('The address is added.')
      await refresh()
    },
  })
}
