import { control, operators, organization, ownTenant, setOrganization } from './control-client.js'
import { badge, button, countryName, el, field, logo, openPanel, pageHead, showError, toast } from './dom.js'

const SIZES = [
  ['L2_U4', '2 to 4'],
  ['L5_U9', '5 to 9'],
  ['L10_U24', '10 to 24'],
  ['L25_U49', '25 to 49'],
  ['L50_U249', '50 to 249'],
  ['L250_U999', '250 to 999'],
  ['L1000_U2999', '1,000 to 2,999'],
  ['L3000_UInfinity', '3,000 or more'],
]

const HOLDS = [
  [0, 'at once'],
  [10_000, 'after 10 seconds'],
  [60_000, 'after 1 minute'],
  [600_000, 'after 10 minutes'],
  [86_400_000, 'after a day'],
]

/** All operators that can be picked. */
export async function showOperators() {
  const [all, tenant] = await Promise.all([operators(), ownTenant()])
  const head = pageHead(
    'Operators',
    'Choose who carries your calls. What you add here reaches the operator as a consent at its next look.',
  )
  const cards = all.map((operator) => {
    const consent = tenant.consents.find((one) => one.operator === operator.key && !one.isDirect)
    const isMine = consent !== undefined && consent.status !== 'Removed'
    return el(
      'article',
      { class: 'card', 'aria-label': operator.name },
      el(
        'div',
        { class: 'card-head' },
        logo(operator),
        el(
          'div',
          {},
          el('h2', {}, operator.name),
          el('p', { class: 'muted small' }, `${operator.countries.length} countries or regions`),
        ),
        consent ? badge(consent.status) : null,
      ),
      el('p', {}, operator.tagline),
      el(
        'p',
        { class: 'chips' },
        operator.countries.slice(0, 8).map((code) => el('span', { class: 'chip', title: countryName(code) }, code)),
        operator.countries.length > 8 ? el('span', { class: 'chip' }, `+${operator.countries.length - 8}`) : null,
      ),
      el(
        'div',
        { class: 'card-foot' },
        isMine
          ? el('a', { class: 'button', href: '#consents' }, 'Manage')
          : button('Select operator', () => consentPanel(operator), 'primary'),
      ),
    )
  })
  return [head, el('div', { class: 'cards' }, cards)]
}

/** Check boxes for countries, with a filter above them. `chosen()` is what is ticked. */
export function countryPicker(offered, ticked) {
  const codes = [...new Set([...offered, ...ticked])].sort((a, b) => countryName(a).localeCompare(countryName(b)))
  const boxes = codes.map((code) => {
    const box = el('input', { type: 'checkbox', checked: ticked.includes(code), value: code })
    return { code, box, row: el('label', { class: 'check' }, box, `${countryName(code)} (${code})`) }
  })
  const filter = el('input', {
    type: 'search',
    class: 'input',
    placeholder: 'Filter countries or regions',
    'aria-label': 'Filter countries or regions',
  })
  filter.addEventListener('input', () => {
    const text = filter.value.trim().toLowerCase()
    for (const { row } of boxes) row.hidden = !row.textContent.toLowerCase().includes(text)
  })
  const error = el('p', { class: 'error' })
  const element = el(
    'fieldset',
    { class: 'field' },
    el('legend', {}, 'Countries or regions'),
    filter,
    el(
      'div',
      { class: 'country-list' },
      boxes.map(({ row }) => row),
    ),
    error,
  )
  const chosen = () => boxes.filter(({ box }) => box.checked).map(({ code }) => code)
  const check = () => {
    error.textContent = chosen().length === 0 ? 'Choose at least one country or region.' : ''
    filter.setAttribute('aria-invalid', String(error.textContent !== ''))
    return error.textContent === ''
  }
  return { element, chosen, check }
}

function consentPanel(operator) {
  const { company, tenantId } = organization()
  const companyInput = el('input', { value: company, autocomplete: 'organization', maxlength: 300 })
  const nameInput = el('input', { autocomplete: 'name', value: '' })
  const mailInput = el('input', { type: 'email', autocomplete: 'email' })
  const phoneInput = el('input', { type: 'tel', autocomplete: 'tel' })
  const sizeInput = el(
    'select',
    {},
    el('option', { value: '' }, 'Choose a size'),
    SIZES.map(([value, text]) => el('option', { value }, text)),
  )
  const holdInput = el(
    'select',
    {},
    HOLDS.map(([value, text]) => el('option', { value }, text)),
  )
  const tenantInput = el('input', { value: tenantId ?? '', placeholder: 'made for you', spellcheck: 'false' })
  const accept = el('input', { type: 'checkbox' })
  const acceptError = el('p', { class: 'error' })
  const picker = countryPicker(operator.countries, [])

  const check = () => {
    acceptError.textContent = accept.checked ? '' : 'Accept the notice to go on.'
    return [
      picker.check(),
      showError(companyInput, companyInput.value.trim() === '' ? 'Say what the organization is called.' : ''),
      showError(nameInput, nameInput.value.trim() === '' ? 'Say whom the operator may contact.' : ''),
      showError(
        mailInput,
        /^\S+@\S+\.\S+$/.test(mailInput.value.trim()) ? '' : 'Give an e-mail address, such as kim@contoso.example.',
      ),
      showError(sizeInput, sizeInput.value === '' ? 'Choose a size.' : ''),
      accept.checked,
    ].every(Boolean)
  }

  openPanel({
    title: operator.name,
    head: logo(operator),
    submitText: 'Add as my operator',
    body: [
      picker.element,
      field('Organization', companyInput),
      field('Contact: full name', nameInput),
      field('Contact: e-mail', mailInput),
      field('Contact: telephone (optional)', phoneInput),
      field('Company size', sizeInput, 'How many people work for the organization.'),
      el(
        'div',
        {},
        el(
          'label',
          { class: 'check' },
          accept,
          `I agree that Microsoft passes these contact details to ${operator.name}.`,
        ),
        acceptError,
      ),
      el(
        'details',
        {},
        el('summary', {}, 'Simulator options'),
        el(
          'div',
          { class: 'stack' },
          field('The consent turns Active', holdInput, 'Until then the operator sees it as Not active.'),
          field('Tenant id', tenantInput, 'Leave it empty for a new one.'),
        ),
      ),
    ],
    submit: async () => {
      if (!check()) return false
      const given = await control('POST', '/consents', {
        operator: operator.key,
        company: companyInput.value.trim(),
        ...(tenantInput.value.trim() === '' ? {} : { tenantId: tenantInput.value.trim() }),
        countries: picker.chosen(),
        size: sizeInput.value,
        holdNotActiveMs: Number(holdInput.value),
        contacts: [
          { fullName: nameInput.value.trim(), email: mailInput.value.trim(), phoneNumber: phoneInput.value.trim() },
        ],
      })
      setOrganization({ company: given.company, tenantId: given.tenantId })
      toast(`${operator.name} is now your operator.`)
      location.hash = '#consents'
    },
  })
}
