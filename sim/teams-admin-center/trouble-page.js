import { control, operators } from './control-client.js'
import { button, el, field, pageHead, toast } from './dom.js'

const GROUPS = [
  ['answer', 'Answers', 'In place of the right answer.'],
  ['delivery', 'Delivery', 'The right answer, damaged or delayed on its way.'],
  ['listing', 'Listings', 'Pages of consents that do not add up.'],
  ['record', 'Records', 'Single consents or addresses with odd content.'],
  ['token', 'Sign-in', 'Entra refuses, or gives a token that does not hold.'],
]

const SWITCHES = [
  ['appIsAllowListed', 'Application id is on the allow-list', 'Off: 403 with a valid token'],
  ['secretIsExpired', 'Client secret has expired', 'On: no new tokens, AADSTS7000222'],
]

let scope = ''

/** Every fault by name, those in force, and the switches of each operator's registration. */
export async function showTrouble(refresh) {
  const [{ faults, catalogue }, all] = await Promise.all([control('GET', '/faults'), operators()])
  const order = async (fault) => {
    await control('POST', '/faults', { ...fault, ...(scope === '' ? {} : { operator: scope }) })
    toast(`${fault.name}: ${fault.times === 1 ? 'the next matching call' : 'until you stop it'}.`)
    await refresh()
  }
  const scopeInput = el(
    'select',
    {
      onchange: (event) => {
        scope = event.target.value
      },
    },
    el('option', { value: '' }, 'All operators'),
    all.map(({ key, name }) => el('option', { value: key }, name)),
  )
  scopeInput.value = scope
  return [
    pageHead(
      'Make trouble',
      'Everything that can go wrong at Microsoft, by name. A company called “sentinel: unknown-status” has the fault for good.',
    ),
    inForce(faults, refresh),
    el(
      'section',
      { class: 'section' },
      el('h2', {}, 'Registrations'),
      el(
        'div',
        { class: 'cards' },
        all.map((operator) => registration(operator, refresh)),
      ),
    ),
    el('section', { class: 'section' }, el('h2', {}, 'Faults'), el('div', {}, field('Strikes', scopeInput))),
    GROUPS.map(([kind, title, text]) =>
      group(
        title,
        text,
        catalogue.filter((entry) => entry.kind === kind),
        order,
      ),
    ),
  ]
}

function inForce(faults, refresh) {
  if (faults.length === 0) return el('p', { class: 'notice' }, 'No fault is in force: Microsoft is well.')
  const stop = (path) => async () => {
    await control('DELETE', path)
    await refresh()
  }
  return el(
    'section',
    { class: 'notice bad stack', 'aria-label': 'In force' },
    el('h2', {}, faults.length === 1 ? 'One fault is in force' : `${faults.length} faults are in force`),
    faults.map((fault) =>
      el(
        'div',
        { class: 'card-head' },
        el(
          'div',
          {},
          el('span', { class: 'mono' }, fault.name),
          ` · ${fault.operator ?? 'all operators'} · struck ${fault.struck}${fault.times ? ` of ${fault.times}` : ''}`,
        ),
        button('Stop', stop(`/faults/${fault.id}`)),
      ),
    ),
    el('div', {}, button('Stop all', stop('/faults'))),
  )
}

function registration(operator, refresh) {
  const set = (change) => async () => {
    await control('PATCH', `/operators/${operator.key}`, change)
    await refresh()
  }
  const { settings } = operator
  const hasRoles = settings.roles.includes('NumberManagement.Read')
  const check = (text, hint, checked, change) => {
    const box = el('input', { type: 'checkbox', checked, onchange: set(change(!checked)) })
    return el(
      'label',
      { class: 'check' },
      box,
      el('span', {}, text, el('br'), el('span', { class: 'muted small' }, hint)),
    )
  }
  return el(
    'article',
    { class: 'card', 'aria-label': operator.name },
    el('h2', {}, operator.name),
    SWITCHES.map(([name, text, hint]) => check(text, hint, settings[name], (value) => ({ [name]: value }))),
    check('Has the role to read consents', 'Off: 403, the role is missing', hasRoles, (value) => ({
      roles: value
        ? [
            'PartnerSettings.Read',
            'TrunkManagement.Read',
            'TrunkManagement.Write',
            'NumberManagement.Read',
            'NumberManagement.Write',
          ]
        : ['PartnerSettings.Read'],
    })),
    check('Tokens live 30 seconds', 'Off: an hour', settings.tokenLifetimeSeconds <= 30, (value) => ({
      tokenLifetimeSeconds: value ? 30 : 3599,
    })),
    check('Names in camelCase', 'Off: PascalCase', settings.casing === 'camel', (value) => ({
      casing: value ? 'camel' : 'pascal',
    })),
  )
}

function group(title, text, entries, order) {
  return el(
    'section',
    { class: 'section' },
    el('div', {}, el('h2', {}, title), el('p', { class: 'muted' }, text)),
    el(
      'div',
      { class: 'table-wrap' },
      el(
        'table',
        {},
        el(
          'thead',
          {},
          el(
            'tr',
            {},
            el('th', { scope: 'col' }, 'Name'),
            el('th', { scope: 'col' }, 'What happens'),
            el('th', { scope: 'col' }, ''),
          ),
        ),
        el(
          'tbody',
          {},
          entries.map(({ name, summary }) =>
            el(
              'tr',
              {},
              el('td', { class: 'mono' }, name),
              el('td', {}, summary.replaceAll('`', '')),
              el(
                'td',
                { class: 'actions' },
                labelled(
                  button('Once', () => order({ name, times: 1 }), 'quiet'),
                  `${name} once`,
                ),
                labelled(
                  button('Until stopped', () => order({ name }), 'quiet'),
                  `${name} until stopped`,
                ),
              ),
            ),
          ),
        ),
      ),
    ),
  )
}

function labelled(element, label) {
  element.setAttribute('aria-label', label)
  return element
}
